import numpy as np

from pytest_mlkata.checks import assert_memory, points


@points(2)
def test_top_candidates_holds_one_batch(solution):
    """top_candidates holds the scores of one batch of users, and k indices for each user

    With 64 users at a time it makes no difference how many there are. What is kept of a batch when it is done: k
    numbers, or the table that they are a slice of?
    """
    rng = np.random.default_rng(0)
    users, items = rng.normal(size=(2048, 4)), rng.normal(size=(2000, 4))
    assert_memory(solution, "top_candidates", lambda n: (users[:n], items, 5, 64), sizes=(256, 2048), exponent=0.5)
