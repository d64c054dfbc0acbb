import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import (
    assert_agrees,
    assert_refuses,
    bad_binary_scores,
    binary_scores,
    close,
    label_pairs,
    numbers,
    pair,
    points,
    raises,
    require,
)

from . import reference as answer
from .answers import COUNTS, CURVE, NEAR, RATIOS, agrees
from .problems import (
    CLASSES_PRED,
    CLASSES_TRUE,
    THRESHOLDS,
    Y_SCORE,
    Y_TRUE,
    class_forms,
    forms,
    lone_cases,
)


@points(1)
@given(problem=binary_scores(thresholds=THRESHOLDS))
@settings(max_examples=30)
def test_confusion_counts_takes_any_data(solution, problem):
    """confusion_counts is right for one class, one sample, scores on the threshold and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "confusion_counts", *problem.arguments, problem.threshold, parts=COUNTS)


@points(1)
def test_confusion_counts_takes_input_of_any_form(solution):
    """confusion_counts takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255 and 200 + 100 is 44;
    of bool, that NumPy has no minus for it.
    """
    for note, y_true, y_score in (*forms(), *lone_cases()):
        assert_agrees(solution, answer, "confusion_counts", y_true, y_score, parts=COUNTS, note=note)


@points(1)
def test_confusion_counts_refuses_bad_input(solution):
    """confusion_counts raises ValueError for no samples, lengths that differ, other labels, and nan or inf as a score

    The line above says what was wrong with the input. A comparison with nan is false without a word, and one label
    broadcasts over seven scores. Look at the input before you count.
    """
    assert_refuses(solution.confusion_counts, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE))


@points(2)
def test_precision_recall_f1_of_nothing_is_0(solution):
    """precision_recall_f1 is 0 where it would be 0/0: nothing predicted positive, nothing positive, or neither

    NumPy divides 0 by 0 without an exception, and gives nan. Which of the three ratios can come to it, and when?
    """
    none, all_of_them = np.zeros(3, dtype=int), np.ones(3, dtype=int)
    low, high = np.array([0.1, 0.2, 0.3]), np.array([0.7, 0.8, 0.9])
    for y_true, y_score, expected in (
        (np.array([1, 0, 1]), low, (0, 0, 0)),
        (all_of_them, low, (0, 0, 0)),
        (none, high, (0, 0, 0)),
        (none, low, (0, 0, 0)),
        (all_of_them, high, (1, 1, 1)),
        (np.array([1, 0, 0]), np.array([0.1, 0.2, 0.9]), (0, 0, 0)),
    ):
        agrees(solution, "precision_recall_f1", y_true, y_score, expected=expected, parts=RATIOS)


@points(1)
@given(problem=binary_scores(thresholds=THRESHOLDS))
@settings(max_examples=30)
def test_precision_recall_f1_takes_any_data(solution, problem):
    """precision_recall_f1 is right for one class, one sample, scores on the threshold and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "precision_recall_f1", *problem.arguments, problem.threshold, parts=RATIOS, **NEAR)


@points(1)
def test_precision_recall_f1_takes_input_of_any_form(solution):
    """precision_recall_f1 takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Are the counts kept in a dtype that can hold them?
    """
    for note, y_true, y_score in (*forms(), *lone_cases()):
        assert_agrees(solution, answer, "precision_recall_f1", y_true, y_score, parts=RATIOS, note=note, **NEAR)


@points(1)
def test_precision_recall_f1_refuses_bad_input(solution):
    """precision_recall_f1 raises ValueError for whatever confusion_counts refuses

    The line above says what was wrong with the input.
    """
    assert_refuses(solution.precision_recall_f1, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE))


@points(2)
def test_roc_curve_of_one_class_has_no_other_rate(solution):
    """roc_curve gives nan for the rate of a class that is missing, at every point, and the other rate as ever

    A share of no samples is not 0 and not 1, not even at the first point.
    """
    for note, y_true, y_score in lone_cases():
        call = f"roc_curve(y_true, y_score), {note}"
        fpr, tpr, thresholds = pair(solution.roc_curve(y_true, y_score), call, CURVE)
        right_fpr, right_tpr, right_thresholds = answer.roc_curve(y_true, y_score)
        close(thresholds, right_thresholds, f"thresholds of {call}", **NEAR)
        name, label, rate = ("fpr", 0, fpr) if y_true.all() else ("tpr", 1, tpr)
        rate = numbers(rate, f"{name} of {call}", right_thresholds.shape)
        said = f"no sample is of class {label}, so it must be nan at all {rate.size} points"
        require(np.isnan(rate).all(), f"{name} of {call}: {said}, got {rate.tolist()}")
        close(fpr, right_fpr, f"fpr of {call}", **NEAR)
        close(tpr, right_tpr, f"tpr of {call}", **NEAR)


@points(1)
@given(problem=binary_scores())
@settings(max_examples=40)
def test_roc_curve_takes_any_data(solution, problem):
    """roc_curve is right for one class, one sample, logits, ties and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "roc_curve", *problem.arguments, parts=CURVE, **NEAR)


@points(1)
def test_roc_curve_takes_input_of_any_form(solution):
    """roc_curve takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255; of bool, that NumPy
    has no minus for it. Are the running counts kept in a dtype that can hold them?
    """
    for note, y_true, y_score in forms():
        assert_agrees(solution, answer, "roc_curve", y_true, y_score, parts=CURVE, note=note, **NEAR)


@points(1)
def test_roc_curve_refuses_bad_input(solution):
    """roc_curve raises ValueError for whatever confusion_counts refuses

    The line above says what was wrong with the input. Sorting puts nan somewhere without a word.
    """
    assert_refuses(solution.roc_curve, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE))


@points(2)
def test_roc_auc_of_one_class_is_nan(solution):
    """roc_auc is nan where only one class is present

    There is no pair to put in order. 0, ½ or 1 would be a claim about the model.
    """
    for note, y_true, y_score in lone_cases():
        close(solution.roc_auc(y_true, y_score), np.nan, f"roc_auc(y_true, y_score), {note}")


@points(1)
@given(problem=binary_scores())
@settings(max_examples=40)
def test_roc_auc_takes_any_data(solution, problem):
    """roc_auc is right for one class, one sample, logits, ties and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "roc_auc", *problem.arguments, **NEAR)


@points(1)
def test_roc_auc_takes_input_of_any_form(solution):
    """roc_auc takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255; of bool, that NumPy
    has no minus for it.
    """
    for note, y_true, y_score in forms():
        assert_agrees(solution, answer, "roc_auc", y_true, y_score, note=note, **NEAR)


@points(1)
def test_roc_auc_refuses_bad_input(solution):
    """roc_auc raises ValueError for whatever confusion_counts refuses

    The line above says what was wrong with the input.
    """
    assert_refuses(solution.roc_auc, (Y_TRUE, Y_SCORE), bad_binary_scores(Y_TRUE, Y_SCORE))


@points(2)
@given(labels=label_pairs(dtypes=("int64", "int32", "int16", "uint8")))
@settings(max_examples=40)
def test_averaged_prf_takes_any_data(solution, labels):
    """averaged_prf is right for classes that are missing on one side, one class, one sample and any integer dtype

    The counterexample says what is special about the data. What would be 0/0 is 0 for that class, and the class stays
    in the mean.
    """
    for average in ("macro", "micro"):
        assert_agrees(solution, answer, "averaged_prf", *labels.arguments, average, parts=RATIOS, **NEAR)


@points(1)
def test_averaged_prf_takes_input_of_any_form(solution):
    """averaged_prf takes labels of any integer dtype, two of them at once, and arrays of any form

    The line above says which form it was. Which of your steps uses a label as a number?
    """
    for note, y_true, y_pred in class_forms():
        for average in ("macro", "micro"):
            assert_agrees(solution, answer, "averaged_prf", y_true, y_pred, average, parts=RATIOS, note=note, **NEAR)


@points(1)
def test_averaged_prf_refuses_bad_input(solution):
    """averaged_prf raises ValueError for no samples, lengths that differ, and an average it does not know

    The line above says what was wrong with the input. What does your code do if average is neither of the two?
    """
    y_true, y_pred = CLASSES_TRUE, CLASSES_PRED
    for average in ("macro", "micro"):
        solution.averaged_prf(y_true, y_pred, average)  # a refusal must not be a matter of the first call
        raises(ValueError, solution.averaged_prf, y_true[:0], y_pred[:0], average, because="no samples")
        for true, pred in ((y_true, y_pred[:6]), (y_true[:1], y_pred), (y_true, y_pred[:1])):
            because = f"{len(true)} labels with {len(pred)} predictions"
            raises(ValueError, solution.averaged_prf, true, pred, average, because=because)
    for average in ("weighted", "mean", ""):
        raises(ValueError, solution.averaged_prf, y_true, y_pred, average, because=f"average={average!r}")
