from pytest_mlkata.checks import assert_memory, points

from .problems import large


@points(1)
def test_duplicate_rate_holds_no_table_of_pairs(solution):
    """duplicate_rate needs memory for the rows, and not for all pairs of them

    To broadcast one table against the other makes a number for each pair. Which structure finds a row without that?
    """
    assert_memory(solution, "duplicate_rate", large)
