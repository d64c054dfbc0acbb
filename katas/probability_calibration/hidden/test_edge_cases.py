import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import assert_agrees, assert_refuses, points, raises, with_bad

from . import reference as answer
from .answers import CURVE, NEAR, is_isotonic_fit, is_minimal
from .problems import (
    LABELS,
    QUERIES,
    SCORES,
    THRESHOLDS,
    VALUES,
    WEIGHT,
    P,
    X,
    bad_forecasts,
    bad_lengths,
    every_array_dress,
    forecast_forms,
    forecasts,
    logits,
    score_forms,
    staircase_forms,
    staircases,
    weightless_points,
)


@points(1)
@given(problem=logits())
@settings(max_examples=30)
def test_platt_scale_takes_any_data(solution, problem):
    """platt_scale reaches the minimum for huge logits, ties, separable and unbalanced classes and arrays of any form

    The counterexample says what is special about the data.
    """
    is_minimal(solution, problem.y_score, problem.y_true)


@points(1)
def test_platt_scale_takes_input_of_any_form(solution):
    """platt_scale takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255; of bool, that NumPy
    has no minus for it.
    """
    for note, scores, y in score_forms():
        is_minimal(solution, scores, y, note)


@points(1)
def test_platt_scale_refuses_bad_input(solution):
    """platt_scale raises ValueError for lengths that differ, nan as a score, and one class only

    The line above says what was wrong with the input. One label broadcasts over seven scores without a word.
    """
    solution.platt_scale(SCORES, LABELS)  # a refusal must not be a matter of the first call
    for label in (0, 1):
        for dtype in (int, bool, float):
            y = np.full(7, label, dtype=dtype)
            raises(ValueError, solution.platt_scale, SCORES, y, because=f"class {label} only")
        y = np.full(1, label)
        raises(ValueError, solution.platt_scale, SCORES[:1], y, because=f"one sample, of class {label}")
    for what, *arguments in bad_lengths(SCORES, LABELS):
        raises(ValueError, solution.platt_scale, *arguments, because=what)
    for what, scores in with_bad(SCORES, np.nan):
        raises(ValueError, solution.platt_scale, scores, LABELS, because=f"scores of {what}")


@points(2)
def test_isotonic_fit_does_not_count_weight_zero(solution):
    """isotonic_fit is the same function with and without samples of weight zero

    A mean over no weight is 0 / 0. And a threshold that nobody stands behind bends the line between its neighbours,
    or lengthens it.
    """
    for note, x, y, weight in weightless_points():
        is_isotonic_fit(solution, x, y, weight, note=note)


@points(1)
@given(data=staircases())
@settings(max_examples=40)
def test_isotonic_fit_takes_any_data(solution, data):
    """isotonic_fit is right for one sample, one x, weights of zero or a million, and arrays of any form

    The counterexample says what is special about the data.
    """
    is_isotonic_fit(solution, *data.arguments)


@points(1)
def test_isotonic_fit_takes_input_of_any_form(solution):
    """isotonic_fit takes y of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. The sum of a block does not fit into the dtype of labels: bool plus bool is
    bool, and uint8 begins anew at 256.
    """
    for note, *arguments in staircase_forms():
        is_isotonic_fit(solution, *arguments, note=note)
    for note, *arguments in (("one sample", X[:1], LABELS[:1]), ("one sample", X[:1], VALUES[:1], np.array([0.5]))):
        is_isotonic_fit(solution, *arguments, note=note)


@points(2)
def test_isotonic_fit_refuses_bad_input(solution):
    """isotonic_fit raises ValueError for lengths that differ, nan, a negative weight, and weights that are all zero

    The line above says what was wrong with the input. nan is neither below nor above anything, and weights that add up
    to something may still have one below zero among them.
    """
    y = np.array([1.0, 0.25, -0.5, 2.0, 4.0, 1.5, 0.75])
    solution.isotonic_fit(X, y)  # a refusal must not be a matter of the first call
    solution.isotonic_fit(X, y, WEIGHT)
    for what, *arguments in (*bad_lengths(X, y), *bad_lengths(X, y, WEIGHT), *bad_lengths(X, y, np.ones(7))):
        raises(ValueError, solution.isotonic_fit, *arguments, because=what)
    for weight in ((), (np.ones(7),)):
        for what, x in with_bad(X, np.nan):
            raises(ValueError, solution.isotonic_fit, x, y, *weight, because=f"x of {what}")
        for what, values in with_bad(y, np.nan):
            raises(ValueError, solution.isotonic_fit, X, values, *weight, because=f"y of {what}")
    for what, weight in with_bad(np.ones(7), np.nan, -1.0, -1e-6):
        raises(ValueError, solution.isotonic_fit, X, y, weight, because=f"sample_weight of {what}")
    for what, weight in (("nothing but -1", -np.ones(7)), ("nothing but 0", np.zeros(7))):
        raises(ValueError, solution.isotonic_fit, X, y, weight, because=f"sample_weight of {what}")
    raises(ValueError, solution.isotonic_fit, X[:1], y[:1], np.zeros(1), because="one sample of weight 0")


@points(1)
def test_isotonic_predict_takes_a_single_threshold(solution):
    """isotonic_predict is constant where there is one threshold only

    There is no line between one threshold and the next.
    """
    for x in (QUERIES, QUERIES[:1], np.array([0.5])):
        assert_agrees(solution, answer, "isotonic_predict", THRESHOLDS[1:2], VALUES[1:2], x, **NEAR)
        assert_agrees(solution, answer, "isotonic_predict", THRESHOLDS[:2], VALUES[:2], x, **NEAR)


@points(1)
def test_isotonic_predict_takes_input_of_any_form(solution):
    """isotonic_predict takes arrays of any form, and leaves them as they are

    The line above says which form it was. x belongs to the caller, and is not yours to sort.
    """
    for name, array in (("thresholds", THRESHOLDS), ("values", VALUES), ("x", QUERIES)):
        for how, dress in every_array_dress(array):
            given_arrays = {"thresholds": THRESHOLDS, "values": VALUES, "x": QUERIES, name: dress}
            note = f"{name} {how}"
            assert_agrees(solution, answer, "isotonic_predict", *given_arrays.values(), note=note, **NEAR)


@points(1)
def test_isotonic_predict_refuses_bad_input(solution):
    """isotonic_predict raises ValueError for thresholds and values of different length, and for nan in x

    The line above says what was wrong with the input. nan goes through a search and an interpolation without a word.
    """
    solution.isotonic_predict(THRESHOLDS, VALUES, QUERIES)  # a refusal must not be a matter of the first call
    for what, *arguments in bad_lengths(THRESHOLDS, VALUES):
        raises(ValueError, solution.isotonic_predict, *arguments, QUERIES, because=f"{what} of thresholds and values")
    for what, x in with_bad(QUERIES, np.nan):
        raises(ValueError, solution.isotonic_predict, THRESHOLDS, VALUES, x, because=f"x of {what}")


@points(1)
@given(forecast=forecasts())
@settings(max_examples=30)
def test_reliability_curve_takes_any_data(solution, forecast):
    """reliability_curve is right for one class, one sample, 0 and 1, few bins or many, and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "reliability_curve", *forecast.arguments, parts=CURVE, **NEAR)


@points(1)
def test_reliability_curve_takes_input_of_any_form(solution):
    """reliability_curve takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Are counts and sums kept in a dtype that can hold them?
    """
    for note, y_true, p in forecast_forms():
        assert_agrees(solution, answer, "reliability_curve", y_true, p, parts=CURVE, note=note, **NEAR)


@points(1)
def test_reliability_curve_refuses_bad_input(solution):
    """reliability_curve raises ValueError for lengths that differ, nan, p outside [0, 1], and n_bins below 1

    The line above says what was wrong with the input. A comparison with nan is false; so ask whether all is well,
    rather than whether anything is wrong.
    """
    assert_refuses(solution.reliability_curve, (LABELS, P), bad_forecasts())
    refuses_bins(solution.reliability_curve)


def refuses_bins(function):
    """Require that a function raises ValueError for a number of bins below 1."""
    for n_bins in (0, -1, -10):
        raises(ValueError, function, LABELS, P, n_bins, because=f"n_bins={n_bins}")


@points(1)
@given(forecast=forecasts())
@settings(max_examples=30)
def test_expected_calibration_error_takes_any_data(solution, forecast):
    """expected_calibration_error is right for one class, one sample, 0 and 1, few bins or many, and arrays of any form

    The counterexample says what is special about the data. A bin with nothing in it adds nothing, and not nan.
    """
    assert_agrees(solution, answer, "expected_calibration_error", *forecast.arguments, **NEAR)


@points(1)
def test_expected_calibration_error_takes_input_of_any_form(solution):
    """expected_calibration_error takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Are counts and sums kept in a dtype that can hold them?
    """
    for note, y_true, p in forecast_forms():
        assert_agrees(solution, answer, "expected_calibration_error", y_true, p, note=note, **NEAR)


@points(1)
def test_expected_calibration_error_refuses_bad_input(solution):
    """expected_calibration_error raises ValueError for whatever reliability_curve refuses

    The line above says what was wrong with the input.
    """
    assert_refuses(solution.expected_calibration_error, (LABELS, P), bad_forecasts())
    refuses_bins(solution.expected_calibration_error)


@points(1)
def test_brier_score_takes_input_of_any_form(solution):
    """brier_score takes labels of any dtype and arrays of any form, few samples or many

    The line above says which form it was. Is the difference taken in a dtype that has numbers below zero?
    """
    for note, y_true, p in forecast_forms():
        assert_agrees(solution, answer, "brier_score", y_true, p, note=note, **NEAR)


@points(1)
def test_brier_score_refuses_bad_input(solution):
    """brier_score raises ValueError for lengths that differ, nan, and p outside [0, 1]

    The line above says what was wrong with the input. One label broadcasts over seven probabilities without a word.
    """
    assert_refuses(solution.brier_score, (LABELS, P), bad_forecasts())
