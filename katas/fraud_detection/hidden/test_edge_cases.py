import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_refuses,
    bad_binary_scores,
    binary_scores,
    close,
    every_array_dress,
    every_label_dress,
    finite,
    laid_out,
    number,
    points,
    raises,
    within,
)

from . import reference as answer
from .answers import NEAR, assert_best, assert_between, kept
from .problems import (
    BETAS,
    COSTS,
    NO_COSTS,
    THRESHOLDS,
    Y_SCORE,
    Y_TRUE,
    extreme_scores,
    forms,
    lone_cases,
    minority,
    priced_scores,
    rare,
    rows,
)

Y, P = np.array([1, 0, 1, 0]), np.array([0.75, 0.25, 0.5, 0.125])


@points(2)
def test_weighted_bce_is_finite_for_certain_answers(solution):
    """weighted_bce is finite at p = 0 and p = 1, in float64 and float32: dear where wrong, free where right

    0 times ln 0 is nan, with any weight. And what is 1 - 1e-15 in float32?
    """
    for dtype in ("float64", "float32"):
        for label, p, n in itertools.product((0, 1), (0, 1), (1, 3)):
            y, certain = np.full(n, label), np.full(n, p, dtype=dtype)
            call = f"weighted_bce({[label] * n}, {[p] * n} as {dtype}, 1)"
            got = number(solution.weighted_bce(y, certain, 1), call)
            finite(got, call)
            within(got, *((-1e-3, 1e-3) if label == p else (10, np.inf)), call)
            for pos_weight in (999, 0.5):
                call = f"weighted_bce({[label] * n}, {[p] * n} as {dtype}, {pos_weight})"
                finite(solution.weighted_bce(y, certain, pos_weight), call)
        for p, low, high in (
            ([1, 0, 0.5, 0.5], np.log(2) / 2 - 1e-3, np.log(2) / 2 + 1e-3),
            ([0, 0, 0.5, 0.5], 2.5, np.inf),
        ):
            call = f"weighted_bce([1, 0, 1, 0], {p} as {dtype}, 1)"
            within(solution.weighted_bce(Y, np.array(p, dtype=dtype), 1), low, high, call)


@points(1)
def test_weighted_bce_takes_arrays_of_any_form(solution):
    """weighted_bce takes labels of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. A weight of 999 does not fit into uint8, and bool has no minus.
    """
    for how, labels in every_label_dress(Y):
        for chances, pos_weight in itertools.product((P, P.astype(np.float32)), (999, 2.5)):
            note = f"y {how}, p {chances.dtype}"
            assert_agrees(solution, answer, "weighted_bce", labels, chances, pos_weight, note=note, rtol=1e-3)
    for how, chances in every_array_dress(P):
        assert_agrees(solution, answer, "weighted_bce", Y, chances, 3, note=f"p {how}", rtol=1e-3)
    finite(solution.weighted_bce(Y, np.array([0.0, 1.0, 0.5, 0.125]), 3), "weighted_bce(y, [0, 1, 0.5, 0.125], 3)")


@points(1)
def test_weighted_bce_refuses_weights_that_are_not_positive(solution):
    """weighted_bce raises ValueError for a weight of 0 or below, and for no other

    With a weight of 0 positives would be free.
    """
    for pos_weight in (1, 0.001, 1e6):  # a refusal must not be a matter of the first call
        finite(solution.weighted_bce(Y, P, pos_weight), f"weighted_bce(y, p, {pos_weight})")
    for pos_weight in (0, 0.0, -1, -0.5):
        raises(ValueError, solution.weighted_bce, Y, P, pos_weight, because=f"a weight of {pos_weight}")


@points(1)
def test_balanced_pos_weight_takes_labels_of_any_form(solution):
    """balanced_pos_weight takes labels of any dtype and form, few or many

    Of unsigned labels, remember that in uint8 0 - 1 is 255 and 200 + 100 is 44; of bool, that NumPy has no minus
    for it.
    """
    for labels in (np.array([0, 1, 0, 0, 1]), np.tile([0, 1, 0, 0, 1], 300), np.ones(4, dtype=int), np.array([1])):
        for how, y in every_label_dress(labels):
            assert_agrees(solution, answer, "balanced_pos_weight", y, note=f"y {how}", **NEAR)


@points(1)
def test_balanced_pos_weight_refuses_labels_without_positives(solution):
    """balanced_pos_weight raises ValueError where there are no positives

    NumPy divides by 0 without an exception, and a weight of inf turns up as a loss of nan much later.
    """
    for n in (1, 3):
        number(solution.balanced_pos_weight(np.ones(n)), "balanced_pos_weight(ones)")
        for how, y in every_label_dress(np.zeros(n, dtype=int)):
            raises(ValueError, solution.balanced_pos_weight, y, because=f"no positives ({how})")


@points(1)
def test_average_precision_without_positives_is_nan(solution):
    """average_precision is nan without positives, and 1 without negatives

    There is no recall to rise: 0 would be a claim about the model.
    """
    for note, y_true, y_score in lone_cases():
        expected = 1.0 if y_true.all() else np.nan
        close(
            solution.average_precision(y_true, y_score), expected, f"average_precision(y_true, y_score), {note}", **NEAR
        )


@points(1)
@given(problem=binary_scores())
@settings(max_examples=40)
def test_average_precision_takes_any_data(solution, problem):
    """average_precision is right for one class, one sample, logits, ties and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "average_precision", *problem.arguments, **NEAR)


@points(1)
def test_average_precision_takes_input_of_any_form(solution):
    """average_precision takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Are the running counts kept in a dtype that can hold them?
    """
    for note, y_true, y_score in (*forms(), *extreme_scores()):
        assert_agrees(solution, answer, "average_precision", y_true, y_score, note=note, **NEAR)


@points(1)
def test_average_precision_refuses_bad_input(solution):
    """average_precision raises ValueError for no samples, lengths that differ, other labels, and nan or inf as a score

    The line above says what was wrong with the input. Sorting puts nan somewhere without a word.
    """
    assert_refuses(solution.average_precision, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE))


@points(2)
def test_f_beta_of_nothing_is_0(solution):
    """f_beta is 0 where it would be 0/0: nothing predicted positive, nothing positive, no hit, or neither

    NumPy divides 0 by 0 without an exception, and gives nan. When are precision and recall both 0?
    """
    low, high = np.array([0.1, 0.2, 0.3]), np.array([0.7, 0.8, 0.9])
    for y_true, y_score, expected in (
        ([1, 0, 1], low, 0),
        ([1, 1, 1], low, 0),
        ([0, 0, 0], high, 0),
        ([0, 0, 0], low, 0),
        ([1, 1, 1], high, 1),
        ([1, 0, 0], np.array([0.1, 0.2, 0.9]), 0),
    ):
        for beta in (2, 0.5):
            call = f"f_beta({y_true}, {y_score.tolist()}, 0.5, {beta})"
            close(solution.f_beta(np.array(y_true), y_score, 0.5, beta), expected, call, **NEAR)


@points(1)
@given(problem=binary_scores(thresholds=THRESHOLDS), beta=st.sampled_from(BETAS))
@settings(max_examples=30)
def test_f_beta_takes_any_data(solution, problem, beta):
    """f_beta is right for one class, one sample, scores on the threshold and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "f_beta", *problem.arguments, problem.threshold, beta, **NEAR)


@points(1)
def test_f_beta_takes_input_of_any_form(solution):
    """f_beta takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Are the counts kept in a dtype that can hold them?
    """
    for note, y_true, y_score in (*forms(), *extreme_scores(), *lone_cases()):
        assert_agrees(solution, answer, "f_beta", y_true, y_score, 0.5, 2, note=note, **NEAR)


@points(1)
def test_f_beta_refuses_bad_input(solution):
    """f_beta raises ValueError for whatever average_precision refuses, and for a beta of 0 or below

    The line above says what was wrong with the input. A comparison with nan is false without a word.
    """
    assert_refuses(solution.f_beta, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE), 0.5, 2)
    for beta in (0, 0.0, -1, -0.5):
        raises(ValueError, solution.f_beta, Y_TRUE, Y_SCORE, 0.5, beta, because=f"a beta of {beta}")


@points(2)
def test_best_threshold_may_flag_none_or_all(solution):
    """best_threshold considers to predict nobody positive, and to predict everybody

    Where all the highest scores are negatives and false alarms are dear, nobody is best. Which threshold says so, if a
    score on the threshold counts as positive? And which one says everybody?
    """
    for y_true in ([0, 1, 0, 1], [0, 0, 0, 1], [0, 1, 1, 1], [0, 0], [1, 1], [0], [1]):
        scores = np.linspace(0.75, 0.0, len(y_true))
        for y_score in (scores, scores - 5, scores * 100, np.zeros_like(scores)):
            for costs in ((50, 1), (1, 50)):
                assert_best(solution, np.array(y_true), y_score, *costs)


@points(1)
def test_best_threshold_takes_costs_of_0(solution):
    """best_threshold takes costs of 0: what is free may happen as often as it likes

    With free alarms all are flagged, with free misses none. With both free any threshold will do.
    """
    for costs in NO_COSTS:
        assert_best(solution, Y_TRUE, Y_SCORE, *costs)
        assert_best(solution, np.array([0, 1]), np.array([0.9, 0.1]), *costs)


@points(1)
def test_best_threshold_takes_one_class(solution):
    """best_threshold is right where a class is missing: nothing need be paid then

    Without positives flag none, without negatives flag all; it costs 0.
    """
    for note, y_true, y_score in lone_cases():
        for costs in ((1, 5), (5, 1), (1, 0)):
            assert_best(solution, y_true, y_score, *costs, note=note)


@points(1)
@given(problem=priced_scores(), costs=st.sampled_from(COSTS + NO_COSTS))
@settings(max_examples=30)
def test_best_threshold_takes_any_data(solution, problem, costs):
    """best_threshold is right for one class, one sample, logits, ties and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_best(solution, *problem.arguments, *costs)


@points(1)
def test_best_threshold_takes_input_of_any_form(solution):
    """best_threshold takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Are the running counts kept in a dtype that can hold them?
    """
    for note, y_true, y_score in forms():
        for costs in ((1, 1), (1, 300), (2.5, 1)):
            assert_best(solution, y_true, y_score, *costs, note=note)


@points(1)
def test_best_threshold_refuses_bad_input(solution):
    """best_threshold raises ValueError for whatever average_precision refuses, and for a negative cost

    The line above says what was wrong with the input.
    """
    assert_refuses(solution.best_threshold, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE), 1, 5)
    for costs in ((-1, 5), (1, -5), (-0.5, -0.5), (0, -1), (-1, 0)):
        raises(ValueError, solution.best_threshold, Y_TRUE, Y_SCORE, *costs, because=f"costs of {costs}")


@points(1)
def test_undersample_keeps_all_where_there_are_too_few(solution):
    """undersample returns all negatives where fewer are there than wanted

    Without replacement nobody can draw more than there are. There may be exactly enough, or none at all.
    """
    for n, positives, ratio in ((6, 2, 2), (6, 2, 3), (6, 2, 1000), (5, 4, 1), (3, 3, 2), (1, 1, 5)):
        y = rare(n, positives)
        kept(solution, rows(y), y, ratio, 0)


@points(1)
def test_undersample_takes_fractions(solution):
    """undersample takes half a negative for a positive, or two and a half

    What must be whole is the number of negatives, not the number for each positive.
    """
    for n, positives, ratio in ((20, 4, 0.5), (20, 4, 2.5), (20, 8, 0.25), (20, 4, 2.0), (20, 2, 1.5)):
        y = rare(n, positives)
        kept(solution, rows(y), y, ratio, 4)


@points(1)
def test_undersample_takes_input_of_any_form(solution):
    """undersample takes labels of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. A shuffle in place would shuffle what belongs to the caller.
    """
    y = rare(30, 5)
    X = rows(y, 3)
    for how, labels in every_label_dress(y):
        kept(solution, X, labels, 2, 1, note=f"y {how}")
    for how, some in every_array_dress(X):
        kept(solution, some, y, 2, 1, note=f"X {how}")
    kept(solution, X[:, :1], y, 2, 1, note="one feature")
    ordered = np.sort(y)
    for how, labels in (("negatives first", ordered), ("positives first", laid_out(ordered[::-1], "read-only"))):
        kept(solution, X, labels, 3, 2, note=how)
    many = rare(1000, 300)
    for how, labels in every_label_dress(many):
        kept(solution, rows(many), labels, 2, 1, note=f"300 positives, y {how}")


@points(1)
def test_corrected_probability_keeps_certainty(solution):
    """corrected_probability leaves 0 at 0 and 1 at 1, and everything where all negatives were kept

    Odds of a certainty are a division by 0. Whoever is certain stays so in any population.
    """
    p = np.array([0.0, 1.0, 0.5, 0.0, 1.0])
    for kept_fraction in (1, 1.0, 0.5, 0.001):
        expected = [0, 1, kept_fraction / (kept_fraction + 1), 0, 1]
        call = f"corrected_probability([0, 1, 0.5, 0, 1], {kept_fraction})"
        close(solution.corrected_probability(p, kept_fraction), expected, call, **NEAR)
        for certain in (0.0, 1.0):
            got = solution.corrected_probability(np.array([certain]), kept_fraction)
            close(got, [certain], f"corrected_probability([{certain}], {kept_fraction})", **NEAR)


@points(1)
def test_corrected_probability_takes_arrays_of_any_form(solution):
    """corrected_probability takes float32, slices and read-only arrays, and leaves them as they are

    Is the result written over p itself?
    """
    for how, p in every_array_dress(np.array([0.125, 0.5, 0.0, 0.875, 1.0])):
        for kept_fraction in (0.25, 1, 0.01):
            assert_agrees(solution, answer, "corrected_probability", p, kept_fraction, note=f"p {how}", **NEAR)


@points(1)
def test_corrected_probability_refuses_other_fractions(solution):
    """corrected_probability raises ValueError for a fraction of 0, below 0 or above 1

    A percentage is not a fraction; and if nothing was kept, nothing can be said. All may have been kept.
    """
    for kept_fraction in (1, 1.0, 1e-6):  # a refusal must not be a matter of the first call
        finite(solution.corrected_probability(P, kept_fraction), f"corrected_probability(p, {kept_fraction})")
    for kept_fraction in (0, 0.0, -0.25, 1.001, 2, 10, -1):
        because = f"a kept fraction of {kept_fraction}"
        raises(ValueError, solution.corrected_probability, P, kept_fraction, because=because)


@points(1)
def test_smote_cuts_k_to_the_others(solution):
    """smote takes all other points for neighbours where k is larger than their number

    Of n points each has n - 1 others. What is the fifth nearest of three?
    """
    for n, k in ((4, 3), (4, 4), (4, 5), (3, 5), (6, 100)):
        assert_between(solution, minority(n, 2, k), 40, k, 0)


@points(1)
def test_smote_takes_two_points(solution):
    """smote takes two points, and points of one dimension

    Each of the two has one neighbour, so that all new points lie on one segment.
    """
    for d, k in ((2, 1), (2, 5), (1, 1), (1, 3), (3, 2)):
        assert_between(solution, minority(2, d, k), 25, k, 2)
    for k in (1, 2, 3):
        assert_between(solution, minority(7, 1, k), 40, k, 0)


@points(1)
def test_smote_takes_arrays_of_any_form(solution):
    """smote takes float32, slices and read-only arrays, and leaves them as they are

    The line above says which form it was.
    """
    for how, X in every_array_dress(minority(10, 3, 2)):
        assert_between(solution, X, 40, 2, 5, note=f"X {how}")


@points(1)
def test_smote_refuses_a_lone_point(solution):
    """smote raises ValueError for fewer than two points

    A point alone has no neighbour.
    """
    for d in (1, 3):
        assert_between(solution, minority(2, d, 1), 5, 1, 0)  # a refusal must not be a matter of the first call
        raises(ValueError, solution.smote, minority(2, d, 1)[:1], 5, 1, 0, because="a single point")
        raises(ValueError, solution.smote, minority(2, d, 1)[:0], 5, 1, 0, because="no points")
