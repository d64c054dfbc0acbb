from pytest_mlkata.checks import assert_vectorized, points

from .problems import large, large_classes


@points(1)
def test_confusion_counts_is_vectorized(solution):
    """confusion_counts works on whole arrays

    A comparison of arrays is an array of bool, and those can be combined and counted.
    """
    assert_vectorized(solution, "confusion_counts", large)


@points(1)
def test_precision_recall_f1_is_vectorized(solution):
    """precision_recall_f1 works on whole arrays

    It needs four counts; see confusion_counts.
    """
    assert_vectorized(solution, "precision_recall_f1", large)


@points(1)
def test_roc_curve_is_vectorized(solution):
    """roc_curve works on whole arrays, and does not go through the thresholds one by one

    Sort once. A running sum over the sorted labels holds the counts of every threshold at once.
    """
    assert_vectorized(solution, "roc_curve", large)


@points(1)
def test_roc_auc_is_vectorized(solution):
    """roc_auc works on whole arrays

    The trapezoid rule is a product of differences and sums of neighbours: slices of one array.
    """
    assert_vectorized(solution, "roc_auc", large)


@points(1)
def test_averaged_prf_is_vectorized(solution):
    """averaged_prf loops over classes at most, never over samples

    For one class it is a binary problem; or count all classes at once.
    """
    assert_vectorized(solution, "averaged_prf", lambda n: (*large_classes(n), "macro"))
