from pytest_mlkata.checks import assert_fast, assert_growth, points

from .problems import large


@points(1)
def test_roc_curve_is_fast(solution, reference):
    """roc_curve takes at most ten times the time of a plain NumPy solution

    Sorting is all the work there is. Is every threshold compared with every score?
    """
    assert_fast(solution, reference, "roc_curve", large(20_000))


@points(1)
def test_roc_auc_grows_as_sorting_does(solution, reference):
    """roc_auc takes about twice the time for twice the samples, as sorting does

    Is each positive compared with each negative? That is four times the work for twice the samples, also in parts.
    """
    assert_growth(solution, reference, "roc_auc", large)
