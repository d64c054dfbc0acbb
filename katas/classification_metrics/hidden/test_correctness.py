from functools import partial

import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import (
    assert_agrees,
    assert_unchanged_by_increasing,
    assert_unchanged_by_order,
    assert_unchanged_by_relabelling,
    binary_scores,
    close,
    label_pairs,
    number,
    points,
)

from . import reference as answer
from .answers import COUNTS, CURVE, NEAR, RATIOS, agrees
from .problems import CLASSES_PRED, CLASSES_TRUE, THRESHOLDS


@points(1)
def test_confusion_counts_by_hand(solution):
    """confusion_counts counts true and false positives, false and true negatives, in this order

    "False positive": predicted positive, and that is false. The threshold is an argument.
    """
    y_true, y_score = (
        np.array([1, 1, 1, 0, 0, 1, 0, 0, 1, 1]),
        np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1, 0]),
    )
    agrees(solution, "confusion_counts", y_true, y_score, expected=(3, 1, 3, 3), parts=COUNTS)
    agrees(solution, "confusion_counts", y_true, y_score, 0.25, expected=(4, 2, 2, 2), parts=COUNTS)
    agrees(solution, "confusion_counts", y_true, y_score, 0.95, expected=(0, 0, 6, 4), parts=COUNTS)


@points(1)
def test_confusion_counts_includes_the_threshold(solution):
    """confusion_counts predicts positive for a score that equals the threshold

    "At least" is not "more than".
    """
    y_true, y_score = np.array([1, 0, 1, 0]), np.array([0.5, 0.5, 0.25, 0.25])
    agrees(solution, "confusion_counts", y_true, y_score, expected=(1, 1, 1, 1), parts=COUNTS)
    agrees(solution, "confusion_counts", y_true, y_score, 0.25, expected=(2, 2, 0, 0), parts=COUNTS)
    for threshold in (0.0, 0.1, 0.3, 0.7):  # 0 is a threshold too; no binary fractions: rounding would move them
        y_score = np.array([threshold, threshold, -0.05, -0.05])
        agrees(solution, "confusion_counts", y_true, y_score, threshold, expected=(1, 1, 1, 1), parts=COUNTS)


@points(2)
@given(problem=binary_scores(thresholds=THRESHOLDS, both_classes=True, dressed=False))
@settings(max_examples=40)
def test_confusion_counts_agrees_on_any_data(solution, problem):
    """confusion_counts is right for any scores and any threshold

    Scores need not be probabilities, and the threshold need not lie between 0 and 1.
    """
    assert_agrees(solution, answer, "confusion_counts", *problem.arguments, problem.threshold, parts=COUNTS)


@points(1)
def test_precision_recall_f1_by_hand(solution):
    """precision_recall_f1 gives precision, recall and their harmonic mean

    Precision: of what was predicted positive, how much is? Recall: of what is positive, how much was found? The
    harmonic mean is not the plain one.
    """
    y_true, y_score = np.array([1, 1, 1, 1, 0, 0]), np.array([0.9, 0.7, 0.4, 0.2, 0.6, 0.1])
    agrees(solution, "precision_recall_f1", y_true, y_score, expected=(2 / 3, 1 / 2, 4 / 7), parts=RATIOS)
    agrees(solution, "precision_recall_f1", y_true, y_score, 0.3, expected=(3 / 4, 3 / 4, 3 / 4), parts=RATIOS)
    agrees(solution, "precision_recall_f1", y_true, y_score, 0.05, expected=(2 / 3, 1, 4 / 5), parts=RATIOS)


@points(2)
@given(problem=binary_scores(thresholds=THRESHOLDS, both_classes=True, dressed=False))
@settings(max_examples=40)
def test_precision_recall_f1_agrees_on_any_data(solution, problem):
    """precision_recall_f1 is right for any scores and any threshold

    If the counts are right, so are the ratios: is a score on the threshold counted the same way here?
    """
    assert_agrees(solution, answer, "precision_recall_f1", *problem.arguments, problem.threshold, parts=RATIOS, **NEAR)


@points(1)
def test_roc_curve_by_hand(solution):
    """roc_curve starts at (0, 0) with the threshold inf, then has a point for each score, the highest first

    Lower the threshold step by step: at each score one more sample turns positive, and one of the rates rises. Rates
    are shares of a class: which class belongs to which rate?
    """
    y_true, y_score = np.array([0, 1, 1, 0, 1]), np.array([-3.0, 12.0, 0.2, 0.7, -1.5])
    expected = ([0, 0, 1 / 2, 1 / 2, 1 / 2, 1], [0, 1 / 3, 1 / 3, 2 / 3, 1, 1], [np.inf, 12, 0.7, 0.2, -1.5, -3])
    agrees(solution, "roc_curve", y_true, y_score, expected=expected, parts=CURVE)


@points(2)
def test_roc_curve_ties_are_one_point(solution):
    """roc_curve has one point for all samples of equal score

    No threshold can separate them, so they turn positive together, whatever their order in the data. Where do runs of
    equal scores begin and end, also at the top and at the bottom?
    """
    for y_true in ([1, 0, 1, 0, 0, 1], [0, 1, 0, 1, 1, 0], [1, 1, 0, 0, 1, 0]):
        for y_score in ([0.5, 0.5, 0.5, 0.5, 0.25, 0.25], [0.25, 0.25, 0.75, 0.5, 0.5, 0.75], [0.5] * 6):
            labels, scores = np.array(y_true), np.array(y_score)
            expected = answer.roc_curve(labels, scores)
            agrees(solution, "roc_curve", labels, scores, expected=expected, parts=CURVE)


@points(1)
def test_roc_curve_keeps_every_point(solution):
    """roc_curve keeps points in the middle of a straight line

    Leaving them out changes no area, but the threshold of such a point is lost.
    """
    y_true, y_score = np.array([1, 1, 1, 0, 0, 0]), np.array([6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    expected = ([0, 0, 0, 0, 1 / 3, 2 / 3, 1], [0, 1 / 3, 2 / 3, 1, 1, 1, 1], [np.inf, 6, 5, 4, 3, 2, 1])
    agrees(solution, "roc_curve", y_true, y_score, expected=expected, parts=CURVE)


@points(2)
@given(problem=binary_scores(both_classes=True, dressed=False))
@settings(max_examples=40)
def test_roc_curve_agrees_on_any_data(solution, problem):
    """roc_curve is right for any scores: logits, ties, sorted and unsorted, nearly equal

    Two scores are equal or they are not: nothing is rounded. The thresholds are the scores themselves.
    """
    assert_agrees(solution, answer, "roc_curve", *problem.arguments, parts=CURVE, **NEAR)


@points(1)
def test_roc_auc_by_hand(solution):
    """roc_auc is 1 for a perfect order, 0 for the reverse, ½ for equal scores, and the area between for the rest

    Of all pairs of a positive and a negative sample, count those in the right order.
    """
    y_true = np.array([1, 1, 0, 0])
    for y_score, expected in (
        ([4.0, 3.0, 2.0, 1.0], 1.0),
        ([1.0, 2.0, 3.0, 4.0], 0.0),
        ([5.0, 5.0, 5.0, 5.0], 0.5),
        ([4.0, 2.0, 3.0, 1.0], 0.75),
        ([4.0, 1.0, 3.0, 2.0], 0.5),
        ([2.0, 1.0, 3.0, 1.0], 0.375),
    ):
        close(solution.roc_auc(y_true, np.array(y_score)), expected, f"roc_auc([1, 1, 0, 0], {y_score})", **NEAR)


@points(2)
@given(problem=binary_scores(both_classes=True, dressed=False))
@settings(max_examples=40)
def test_roc_auc_is_the_share_of_ordered_pairs(solution, problem):
    """roc_auc is the share of pairs in the right order, a tie counting one half

    If it is right without ties only: what does the curve look like where a positive and a negative sample are tied?
    """
    positive, negative = (problem.y_score[problem.y_true == label] for label in (1, 0))
    difference = np.sign(positive[:, None] - negative)
    close(solution.roc_auc(*problem.arguments), np.mean(difference + 1) / 2, "roc_auc(y_true, y_score)", **NEAR)


@points(1)
@given(problem=binary_scores(both_classes=True, dressed=False))
@settings(max_examples=30)
def test_roc_auc_of_opposite_scores(solution, problem):
    """roc_auc of the negated scores, or of the swapped labels, is 1 minus as much

    A model that is worse than chance gets less than ½: that is news, and must not be hidden.
    """
    y_true, y_score = problem.arguments
    plain = number(solution.roc_auc(y_true, y_score), "roc_auc(y_true, y_score)")
    close(solution.roc_auc(y_true, -y_score), 1 - plain, "roc_auc(y_true, -y_score)", **NEAR)
    close(solution.roc_auc(1 - y_true, y_score), 1 - plain, "roc_auc(1 - y_true, y_score)", **NEAR)


@points(1)
@given(problem=binary_scores(both_classes=True, dressed=False))
@settings(max_examples=30)
def test_roc_auc_sees_the_order_only(solution, problem):
    """roc_auc does not change when every score is replaced by its rank, or the samples are reordered

    Only the order of the scores counts, and the order of the samples does not.
    """
    y_true, y_score = problem.arguments
    call = "roc_auc(y_true, y_score)"
    assert_unchanged_by_order(solution.roc_auc, y_true, y_score, call=call, **NEAR)
    assert_unchanged_by_increasing(lambda scores: solution.roc_auc(y_true, scores), y_score, call=call, **NEAR)


@points(2)
def test_averaged_prf_macro_by_hand(solution):
    """averaged_prf "macro" is the plain mean over classes; its F1 is the mean of the F1 of each class

    Each class against the rest, as if it were the only one: which samples are its false positives? A rare class counts
    as much as a common one.
    """
    agrees(
        solution, "averaged_prf", np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]), "macro", parts=RATIOS,
        expected=((1 + 1 / 2 + 1) / 3, (1 / 2 + 1 + 1) / 3, (2 / 3 + 2 / 3 + 1) / 3),
    )  # fmt: skip
    agrees(
        solution, "averaged_prf", np.array([5, 5, 5, 5, 9]), np.array([5, 5, 5, 9, 9]), "macro", parts=RATIOS,
        expected=((1 + 1 / 2) / 2, (3 / 4 + 1) / 2, (6 / 7 + 2 / 3) / 2),
    )  # fmt: skip


@points(1)
def test_averaged_prf_micro_by_hand(solution):
    """averaged_prf "micro" takes the ratios of the summed counts

    Sum tp, fp and fn over the classes first. A common class counts for more here.
    """
    y_true, y_pred = np.array([5, 5, 5, 5, 9]), np.array([5, 5, 5, 9, 9])
    agrees(solution, "averaged_prf", y_true, y_pred, "micro", parts=RATIOS, expected=(4 / 5, 4 / 5, 4 / 5))
    agrees(solution, "averaged_prf", CLASSES_TRUE, CLASSES_PRED, "micro", parts=RATIOS, expected=(4 / 7, 4 / 7, 4 / 7))


@points(1)
def test_averaged_prf_knows_every_class(solution):
    """averaged_prf averages over the classes of y_true and of y_pred

    A class that is never predicted, and one that does not exist, each have their place in the mean. What is 0/0 is 0.
    """
    y_true, y_pred = np.array([1, 1, 2, 4]), np.array([1, 1, 2, 2])
    expected = ((1 + 1 / 2 + 0) / 3, (1 + 1 + 0) / 3, (1 + 2 / 3 + 0) / 3)
    agrees(solution, "averaged_prf", y_true, y_pred, "macro", parts=RATIOS, expected=expected)
    expected = ((1 + 1 + 0) / 3, (1 + 1 / 2 + 0) / 3, (1 + 2 / 3 + 0) / 3)
    agrees(solution, "averaged_prf", y_pred, y_true, "macro", parts=RATIOS, expected=expected)
    agrees(solution, "averaged_prf", np.array([3, 8]), np.array([5, 6]), "macro", parts=RATIOS, expected=(0, 0, 0))


@points(1)
@given(labels=label_pairs(dressed=False))
@settings(max_examples=30)
def test_averaged_prf_micro_is_the_accuracy(solution, labels):
    """averaged_prf "micro" gives the accuracy, three times

    Each sample has one label and one prediction, so a false positive of one class is a false negative of another.
    """
    share = np.mean(labels.y_true == labels.y_pred)
    agrees(solution, "averaged_prf", *labels.arguments, "micro", expected=(share, share, share), parts=RATIOS)


@points(2)
@given(labels=label_pairs(dressed=False))
@settings(max_examples=40)
def test_averaged_prf_macro_agrees_on_any_data(solution, labels):
    """averaged_prf "macro" is right for any whole numbers as labels: gaps, negative ones, huge ones

    Labels are names, not positions in a table.
    """
    assert_agrees(solution, answer, "averaged_prf", *labels.arguments, "macro", parts=RATIOS, **NEAR)


@points(1)
@given(labels=label_pairs(dressed=False))
@settings(max_examples=20)
def test_averaged_prf_does_not_read_labels(solution, labels):
    """averaged_prf does not change when classes get other names, or the samples another order

    Which number stands for a class is nobody's business.
    """
    for average in ("macro", "micro"):
        call, answers = f'averaged_prf(y_true, y_pred, "{average}")', partial(averages, solution, average)
        assert_unchanged_by_relabelling(answers, *labels.arguments, call=call, parts=RATIOS, **NEAR)
        assert_unchanged_by_order(answers, *labels.arguments, call=call, parts=RATIOS, **NEAR)


def averages(solution, average, y_true, y_pred):
    """Call with the arrays last, as the invariants do."""
    return solution.averaged_prf(y_true, y_pred, average)
