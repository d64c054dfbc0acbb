from pytest_mlkata.checks import assert_growth, points

from .problems import large


@points(2)
def test_duplicate_rate_grows_as_sorting_does(solution, reference):
    """duplicate_rate takes about twice the time for twice the rows, as sorting does

    Is each row of test compared with each row of train? That is four times the work for twice the rows, also in parts.
    """
    assert_growth(solution, reference, "duplicate_rate", large)
