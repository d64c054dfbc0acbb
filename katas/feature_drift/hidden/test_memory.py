from pytest_mlkata.checks import assert_memory, points

from .problems import large


@points(1)
def test_ks_statistic_holds_no_table_of_pairs(solution):
    """ks_statistic needs memory for the samples, and not for all pairs of them

    Which values lie below a value need not be listed: once they are in order, its place tells how many.
    """
    assert_memory(solution, "ks_statistic", large)
