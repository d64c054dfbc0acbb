import numpy as np

from pytest_mlkata.checks import assert_vectorized, points

from .problems import THRESHOLDS, VALUES, large, large_forecasts


@points(1)
def test_platt_scale_is_vectorized(solution):
    """platt_scale loops over steps at most, never over samples

    The probabilities of all samples are one expression, and the derivatives are sums over whole arrays.
    """
    assert_vectorized(solution, "platt_scale", large)


@points(1)
def test_isotonic_predict_is_vectorized(solution):
    """isotonic_predict works on whole arrays

    NumPy finds the place of every x among sorted thresholds at once; then it is one expression.
    """
    assert_vectorized(solution, "isotonic_predict", lambda n: (THRESHOLDS, VALUES, np.linspace(5.0, -3.0, n)))


@points(1)
def test_reliability_curve_is_vectorized(solution):
    """reliability_curve loops over bins at most, never over samples

    The number of its bin is one expression for all samples; what has equal numbers can be counted and summed at once.
    """
    assert_vectorized(solution, "reliability_curve", large_forecasts)


@points(1)
def test_expected_calibration_error_is_vectorized(solution):
    """expected_calibration_error loops over bins at most, never over samples

    It needs three numbers of each bin; see reliability_curve.
    """
    assert_vectorized(solution, "expected_calibration_error", large_forecasts)


@points(1)
def test_brier_score_is_vectorized(solution):
    """brier_score works on whole arrays

    A difference, a square and a mean.
    """
    assert_vectorized(solution, "brier_score", large_forecasts)
