import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import (
    assert_agrees,
    assert_unchanged_by,
    assert_unchanged_by_duplication,
    assert_unchanged_by_order,
    assert_unchanged_by_relabelling,
    close,
    number,
    points,
    within,
)

from . import reference as answer
from .answers import OVERALL, PER_CAUSE, assert_named
from .problems import FEW_ROWS, distributions, labels, tables
from .production import CAUSES


@points(1)
def test_kl_divergence_by_hand(solution):
    """kl_divergence has the values that are found by hand

    A sum, not a mean, in natural logarithms: p = (1/2, 1/2) against q = (1/4, 3/4) is ½ ln 2 + ½ ln ⅔.
    """
    for p, q, right in (
        ([0.5, 0.5], [0.25, 0.75], 0.5 * np.log(2) + 0.5 * np.log(2 / 3)),
        ([1.0, 0.0], [0.5, 0.5], np.log(2)),
        ([0.25, 0.25, 0.25, 0.25], [0.5, 0.25, 0.125, 0.125], 0.25 * np.log(2)),
        ([1.0], [1.0], 0),
    ):
        close(solution.kl_divergence(np.array(p), np.array(q)), right, f"kl_divergence({p}, {q})")


@points(2)
def test_kl_divergence_is_of_p_from_q(solution):
    """kl_divergence weighs by p, and does not give the same when p and q are swapped

    Over which of the two is the logarithm of p / q averaged?
    """
    p, q = np.array([0.9, 0.1]), np.array([0.5, 0.5])
    right = 0.9 * np.log(1.8) + 0.1 * np.log(0.2)
    close(solution.kl_divergence(p, q), right, "kl_divergence([0.9, 0.1], [0.5, 0.5])")
    swapped = 0.5 * np.log(0.5 / 0.9) + 0.5 * np.log(5)
    close(solution.kl_divergence(q, p), swapped, "kl_divergence([0.5, 0.5], [0.9, 0.1])")


@points(2)
def test_kl_divergence_normalises_both(solution):
    """kl_divergence takes counts: it normalises p and q, each by its own sum

    Ten observations or a million, the shares are the same.
    """
    p, q = np.array([1.0, 2, 5]), np.array([4.0, 3, 9])
    for times, per in ((1, 1), (10, 1), (1, 0.001), (1e-3, 1e5), (7, 7)):
        call = f"kl_divergence({(p * times).tolist()}, {(q * per).tolist()})"
        close(solution.kl_divergence(p * times, q * per), answer.kl_divergence(p, q), call)
    close(solution.kl_divergence(p, 40 * p), 0, "kl_divergence(p, 40 * p)")


@points(1)
@given(pair=distributions())
@settings(max_examples=30)
def test_kl_divergence_is_a_divergence(solution, pair):
    """kl_divergence is never negative, 0 for equal distributions, and does not care for the order of the values

    Each term may have either sign; the sum has not.
    """
    p, q = pair
    call = f"kl_divergence({p.tolist()}, {q.tolist()})"
    within(solution.kl_divergence(p, q), -1e-6, np.inf, call)
    close(solution.kl_divergence(p, p), 0, f"kl_divergence(p, p) of p = {p.tolist()}", inputs=(p,))
    assert_unchanged_by_order(solution.kl_divergence, p, q, call=call)


@points(2)
@given(pair=distributions())
@settings(max_examples=40)
def test_kl_divergence_agrees_on_any_counts(solution, pair):
    """kl_divergence agrees with its definition on generated counts

    The counterexample is small: write down the shares, and the terms one by one.
    """
    assert_agrees(solution, answer, "kl_divergence", *pair)


@points(2)
def test_label_shift_by_hand(solution):
    """label_shift has the values that are found by hand

    Half of the sum of all differences of shares. The samples have lengths of their own.
    """
    for before, now, right in (
        ([0, 1], [0, 1, 0, 1], 0),
        ([0, 0, 0, 1], [0, 1, 1, 1], 0.5),
        ([0, 1, 2, 2], [0, 0, 1, 1], 0.5),
        ([0, 1, 2, 3], [0, 0, 1, 1, 2, 2, 2, 3], 0.125),
        ([0, 1, 2, 3], [0, 0, 1, 1], 0.5),
        ([1, 1, 1, 0, 0], [1], 0.4),
    ):
        close(solution.label_shift(np.array(before), np.array(now)), right, f"label_shift({before}, {now})")


@points(2)
def test_label_shift_counts_labels_of_either(solution):
    """label_shift counts labels that occur in one of the samples only

    A class that is new in production is a shift, and so is one that is gone.
    """
    for before, now, right in (
        ([0, 0, 0, 1], [1, 2], 0.75),
        ([1, 2], [0, 0, 0, 1], 0.75),
        ([0, 0], [0, 1, 2, 3], 0.75),
        ([3, 4, 5, 0], [0], 0.75),
        ([0, 0, 0], [1, 1], 1),
        ([7], [-7], 1),
    ):
        close(solution.label_shift(np.array(before), np.array(now)), right, f"label_shift({before}, {now})")


@points(1)
@given(pair=labels())
@settings(max_examples=30)
def test_label_shift_is_a_distance(solution, pair):
    """label_shift is the same from both sides, and depends on shares alone: not on order, names or sample size

    Each sample is divided by its own length.
    """
    before, now = pair
    call = f"label_shift({before.tolist()}, {now.tolist()})"
    distance = number(solution.label_shift(before, now), call)
    within(distance, -1e-9, 1 + 1e-9, call)
    close(solution.label_shift(now, before), distance, f"{call} with the samples swapped")
    close(solution.label_shift(before, before), 0, f"label_shift(y, y) of y = {before.tolist()}")
    changes = {
        "with both samples in reverse": lambda a, b: (a[::-1], b[::-1]),
        "with one sample three times": lambda a, b: (np.concatenate([a, a, a]), b),
    }
    assert_unchanged_by(solution.label_shift, before, now, changes=changes, call=call)
    assert_unchanged_by_relabelling(solution.label_shift, before, now, call=call)


@points(2)
@given(pair=labels())
@settings(max_examples=40)
def test_label_shift_agrees_on_any_labels(solution, pair):
    """label_shift agrees with its definition on generated labels

    The counterexample is small: list the labels, and both shares of each.
    """
    assert_agrees(solution, answer, "label_shift", *pair)


@points(2)
def test_duplicate_rate_by_hand(solution):
    """duplicate_rate has the values that are found by hand

    Which rows of test are in train? A row is the same where all its numbers are, each at its place.
    """
    train = np.array(FEW_ROWS)
    for test, right in (
        (FEW_ROWS[:2], 1),
        ([[9.0, 9.0]], 0),
        ([[1.0, 2.0], [9.0, 9.0], [5.0, 5.0], [8.0, 8.0]], 0.25),
        ([[3.0, 4.0], [9.0, 9.0], [0.0, 0.5]], 2 / 3),
    ):
        call = f"duplicate_rate({FEW_ROWS}, {test})"
        close(solution.duplicate_rate(train, np.array(test)), right, call)


@points(2)
def test_duplicate_rate_asks_for_whole_rows(solution):
    """duplicate_rate compares whole rows: not numbers, not sums, not in another order

    Numbers that are somewhere in train do not make a row of train.
    """
    train = np.array(FEW_ROWS)
    for test in ([[1.0, 4.0], [3.0, 2.0]], [[2.0, 1.0]], [[0.0, 3.0], [1.5, 1.5]], [[1.0, 9.0], [9.0, 2.0]]):
        call = f"duplicate_rate({FEW_ROWS}, {test})"
        close(solution.duplicate_rate(train, np.array(test)), 0, call)


@points(1)
@given(pair=tables())
@settings(max_examples=30)
def test_duplicate_rate_is_a_share_of_the_test_rows(solution, pair):
    """duplicate_rate is a share of test rows: no order matters, nor how often a row is in train

    Every row of the test set is asked once. It need not be at the same place in train.
    """
    train, test = pair
    call = f"duplicate_rate({train.tolist()}, {test.tolist()})"
    within(solution.duplicate_rate(train, test), 0, 1, call)
    changes = {
        "with the training rows in reverse": lambda a, b: (a[::-1], b),
        "with the test rows in reverse": lambda a, b: (a, b[::-1]),
        "with every training row twice": lambda a, b: (np.concatenate([a, a]), b),
        "with the features in reverse": lambda a, b: (a[:, ::-1], b[:, ::-1]),
    }
    assert_unchanged_by(solution.duplicate_rate, train, test, changes=changes, call=call)
    assert_unchanged_by_duplication(solution.duplicate_rate, train, test, call=call)
    close(solution.duplicate_rate(test, test), 1, f"duplicate_rate(X, X) of X = {test.tolist()}")


@points(2)
@given(pair=tables())
@settings(max_examples=40)
def test_duplicate_rate_agrees_on_any_rows(solution, pair):
    """duplicate_rate agrees with a search row by row on generated rows

    The counterexample is small: mark the rows of test that are in train.
    """
    assert_agrees(solution, answer, "duplicate_rate", *pair)


@points(2)
def test_diagnose_knows_healthy(solution):
    """diagnose calls samples of one distribution healthy

    No two samples are alike to the last digit. Is what you found large, or only more than nothing? And a model that
    knows its training rows by heart is better there than anywhere else.
    """
    assert_named(solution, "healthy", share=PER_CAUSE)


@points(2)
def test_diagnose_knows_covariate_shift(solution):
    """diagnose recognises features that are translated while the rule behind the labels stays

    Up or down, one feature or all, important or not. The rate of labels and the accuracy may move along: what do they
    prove?
    """
    assert_named(solution, "covariate_shift", share=PER_CAUSE)


@points(3)
def test_diagnose_knows_label_shift(solution):
    """diagnose recognises another rate of labels, although means of features and accuracy move along

    Within a class nothing has changed. Which new means would the new rate alone bring about?
    """
    assert_named(solution, "label_shift", share=PER_CAUSE)


@points(3)
def test_diagnose_knows_concept_drift(solution):
    """diagnose recognises labels that follow another rule, although the features look as before

    Within the classes features look different then, and the rate of labels may have moved. But X as a whole?
    """
    assert_named(solution, "concept_drift", share=PER_CAUSE)


@points(2)
def test_diagnose_knows_leakage(solution):
    """diagnose recognises a test set with copies of training rows, wherever they stand

    Nothing moves between training and production. Is the accuracy on the test set worth anything?
    """
    assert_named(solution, "leakage", share=PER_CAUSE)


@points(2)
def test_diagnose_knows_preprocessing_skew(solution):
    """diagnose recognises a feature in another unit, larger or smaller, or filled with one constant

    The constant may be the mean, and the mean of a feature may be 0: then no mean moves. What does?
    """
    assert_named(solution, "preprocessing_skew", share=PER_CAUSE)


@points(2)
def test_diagnose_is_right_on_the_whole(solution):
    """diagnose names at least 90 % of all triples right

    Each cause by itself may be at 80 %, all together may not. Which two are confused?
    """
    assert_named(solution, *CAUSES, share=OVERALL)
