from pytest_mlkata.checks import assert_memory, points

from .problems import NAME, large


@points(1)
def test_point_in_time_join_holds_no_table_of_pairs(solution):
    """point_in_time_join needs memory for the rows, and not for all pairs of events and features

    Which features come before an event need not be listed: in sorted order, one place tells.
    """
    assert_memory(solution, NAME, lambda n: large(n, 2))
    assert_memory(solution, NAME, large)
