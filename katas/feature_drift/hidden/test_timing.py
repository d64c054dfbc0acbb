from pytest_mlkata.checks import assert_growth, points

from .problems import large


@points(1)
def test_ks_statistic_grows_as_sorting_does(solution, reference):
    """ks_statistic takes about twice the time for twice the samples, as sorting does

    Is each value compared with each other? That is four times the work for twice the samples, also in parts.
    """
    assert_growth(solution, reference, "ks_statistic", large)
