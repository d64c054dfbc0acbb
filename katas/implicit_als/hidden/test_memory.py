from pytest_mlkata.checks import assert_memory, points

from .problems import sparse


@points(1)
def test_als_half_step_holds_no_table_of_pairs(solution):
    """als_half_step needs memory for the factors and the entries, and not for all pairs

    c is 1 nearly everywhere, and c less 1 is zero: of how many rows of Y is the correction of YᵀY made?
    """

    def arguments(n):
        _, V, rows = sparse(n, n, 3)
        return V, *rows, 0.1, 2.0

    assert_memory(solution, "als_half_step", arguments)


@points(2)
def test_implicit_loss_holds_no_table_of_pairs(solution):
    """implicit_loss sums over all pairs without a table of them

    The sum of all (u·v)² can be had from two small matrices, one of each side. Only what was observed must be
    corrected. (Or go through the users some at a time.)
    """

    def arguments(n):
        U, V, rows = sparse(n, n, 3)
        return U, V, *rows, 0.1, 2.0

    assert_memory(solution, "implicit_loss", arguments)


@points(1)
def test_fit_holds_no_table_of_pairs(solution):
    """fit needs memory for the factors and the entries, and not for all pairs

    To get the rows of the items, sort the entries by item. A full table turns easily, and is too large.
    """

    def arguments(n):
        _, _, rows = sparse(n, n, 3)
        return *rows, n, 3, 0.1, 2.0, 1, 0

    assert_memory(solution, "fit", arguments)
