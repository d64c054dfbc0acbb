from pytest_mlkata.checks import assert_vectorized, points

from .problems import large, large_table, large_windows, large_with_gaps


@points(1)
def test_population_stability_index_is_vectorized(solution):
    """population_stability_index works on whole arrays, bin by bin at most

    NumPy finds the bins of all values in one call, and counts them in another.
    """
    assert_vectorized(solution, "population_stability_index", large_with_gaps)


@points(1)
def test_ks_statistic_is_vectorized(solution):
    """ks_statistic works on whole arrays, and does not step from value to value

    How many values of a sorted array are at most x? NumPy answers that for many x at once.
    """
    assert_vectorized(solution, "ks_statistic", large_with_gaps)


@points(1)
def test_missing_shift_is_vectorized(solution):
    """missing_shift works on whole arrays

    The mean of an array of bool is a share.
    """
    assert_vectorized(solution, "missing_shift", large_with_gaps)


@points(1)
def test_drift_report_is_vectorized(solution):
    """drift_report loops over features at most, never over rows

    A feature is a column: a whole array.
    """
    assert_vectorized(solution, "drift_report", large_table)


@points(1)
def test_rolling_alerts_is_vectorized(solution):
    """rolling_alerts loops over windows and features at most, never over the rows of a window

    A window is a slice of the rows. Only its ends are gone through one by one.
    """
    assert_vectorized(solution, "rolling_alerts", large_windows)


@points(1)
def test_time_weights_is_vectorized(solution):
    """time_weights works on whole arrays

    A power takes an array as its exponent, and a comparison takes all ages at once.
    """
    assert_vectorized(solution, "time_weights", lambda n: (abs(large(n)[0]), 30.0))
