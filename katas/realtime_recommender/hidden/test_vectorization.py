import numpy as np

from pytest_mlkata.checks import assert_vectorized, points


@points(1)
def test_top_candidates_is_vectorized(solution):
    """top_candidates loops over users or batches at most, never over items

    One matrix product scores all items for a batch of users, and one call sorts each row.
    """
    users = np.random.default_rng(0).normal(size=(3, 4))
    items = np.random.default_rng(1).normal(size=(2048, 4))
    assert_vectorized(solution, "top_candidates", lambda n: (users, items[:n], 5, 2))
