from pytest_mlkata.checks import assert_vectorized, points

from .problems import LABELS, large


@points(1)
def test_kmeans_plus_plus_is_vectorized(solution):
    """kmeans_plus_plus loops over draws, never over points

    Each draw needs the distances of all points to one centre, which is one expression, and one call of the generator.
    """
    assert_vectorized(solution, "kmeans_plus_plus", lambda n: (large(n)[0], 5, 0))


@points(1)
def test_assign_is_vectorized(solution):
    """assign loops over centres or features at most, never over points

    One centre against all points is one expression; so is one matrix product for all of them.
    """
    assert_vectorized(solution, "assign", large)


@points(1)
def test_update_is_vectorized(solution):
    """update loops over centres or features at most, never over points

    A mask picks the points of one label; sums by label can be had in one call, too.
    """

    def arguments(n):
        X, centers = large(n)
        return X, LABELS.repeat(n)[::6][:n], centers

    assert_vectorized(solution, "update", arguments)


@points(1)
def test_kmeans_is_vectorized(solution):
    """kmeans loops over updates, never over points

    What it does in each of them, assign and update do on whole arrays. Labels are compared in one expression.
    """
    assert_vectorized(solution, "kmeans", lambda n: (*large(n), 4))
