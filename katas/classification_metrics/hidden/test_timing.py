from pytest_mlkata.checks import assert_fast, points

from .problems import large


@points(1)
def test_roc_curve_is_fast(solution, reference):
    """roc_curve takes at most ten times the time of a plain NumPy solution

    Sorting is all the work there is. Is every threshold compared with every score?
    """
    assert_fast(solution, reference, "roc_curve", large(20_000))


@points(1)
def test_roc_auc_is_fast(solution, reference):
    """roc_auc takes at most ten times the time of a plain NumPy solution

    Is a table of all pairs made? At 20,000 samples that is a hundred million cells.
    """
    assert_fast(solution, reference, "roc_auc", large(20_000))
