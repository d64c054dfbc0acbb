from pytest_mlkata.checks import assert_growth, points

from .problems import large


@points(1)
def test_average_precision_grows_as_sorting_does(solution, reference):
    """average_precision takes about twice the time for twice the samples, as sorting does

    Is every threshold compared with every score? That is four times the work for twice the samples, also in parts.
    """
    assert_growth(solution, reference, "average_precision", large, sizes=(1000, 16000))


@points(1)
def test_best_threshold_grows_as_sorting_does(solution, reference):
    """best_threshold takes about twice the time for twice the samples, as sorting does

    The cost of each threshold follows from that of the one before: sort once, and keep running sums.
    """
    assert_growth(solution, reference, "best_threshold", lambda n: (*large(n), 3, 200), sizes=(1000, 16000))
