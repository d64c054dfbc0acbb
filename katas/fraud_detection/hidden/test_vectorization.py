from pytest_mlkata.checks import assert_vectorized, points

from .problems import cloud, even, rows


@points(1)
def test_weighted_bce_is_vectorized(solution):
    """weighted_bce works on whole arrays

    Which weight a sample has is a matter of its label: an array of weights, or a choice between two arrays.
    """
    assert_vectorized(solution, "weighted_bce", lambda n: (even(n)[0], 0.1 + even(n)[1] / 2, 7))


@points(1)
def test_balanced_pos_weight_is_vectorized(solution):
    """balanced_pos_weight counts without a loop

    NumPy counts what is true, or adds up.
    """
    assert_vectorized(solution, "balanced_pos_weight", lambda n: (even(n)[0],))


@points(1)
def test_average_precision_is_vectorized(solution):
    """average_precision works on whole arrays, and does not go through the thresholds one by one

    Sort once. A running sum over the sorted labels holds the counts of every threshold at once.
    """
    assert_vectorized(solution, "average_precision", even)


@points(1)
def test_f_beta_is_vectorized(solution):
    """f_beta works on whole arrays

    A comparison of arrays is an array of bool, and those can be combined and counted.
    """
    assert_vectorized(solution, "f_beta", lambda n: (*even(n), 0.5, 2))


@points(1)
def test_best_threshold_is_vectorized(solution):
    """best_threshold works on whole arrays, and does not try the thresholds one by one

    With running sums the cost of every threshold is one expression.
    """
    assert_vectorized(solution, "best_threshold", lambda n: (*even(n), 3, 200))


@points(1)
def test_undersample_is_vectorized(solution):
    """undersample draws all negatives at once

    A generator draws many, without replacement, in one call; and an array of positions picks rows of X and y.
    """
    assert_vectorized(solution, "undersample", lambda n: (rows(even(n)[0]), even(n)[0], 0.875, 0))


@points(1)
def test_corrected_probability_is_vectorized(solution):
    """corrected_probability works on whole arrays

    It is one expression of p.
    """
    assert_vectorized(solution, "corrected_probability", lambda n: (even(n)[1] / 2, 0.1))


@points(1)
def test_smote_is_vectorized(solution):
    """smote loops neither over points nor over new points

    A table of all distances is one expression, and the neighbours of all points come from sorting its rows. Starts,
    neighbours and places between are three draws, each of n_new numbers.
    """
    assert_vectorized(solution, "smote", cloud, sizes=(64, 256, 1024))
