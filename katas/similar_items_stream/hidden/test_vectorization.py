import numpy as np

from pytest_mlkata.checks import assert_vectorized, points

from .problems import generated, growing_chunk


@points(2)
def test_top_k_similar_is_vectorized(solution):
    """top_k_similar works on a whole chunk, never row by row

    A matrix times the query is all products of a chunk; one selection leaves k candidates of it, and only those need to
    be gone through.
    """
    assert_vectorized(solution, "top_k_similar", lambda n: (*growing_chunk(n), 5))


@points(2)
def test_count_interactions_is_vectorized(solution):
    """count_interactions works on a whole chunk, never row by row or user by user

    Sorting brings equal rows together, or one number stands for a user and an item. Only the user at the border of two
    chunks is special, and there is one of them a chunk.
    """

    def arguments(n):
        rng = np.random.default_rng(0)
        chunks = [(np.arange(c * n, (c + 1) * n) // 3, rng.integers(0, 40, n)) for c in range(3)]
        return generated(chunks), 40

    assert_vectorized(solution, "count_interactions", arguments)
