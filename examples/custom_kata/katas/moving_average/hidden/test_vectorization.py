import numpy as np

from pytest_mlkata.checks import assert_vectorized, points


@points(1)
def test_moving_average_is_vectorized(solution):
    """moving_average does not loop over the numbers

    A loop over the places in a window is short. What would each of its steps add to the answer?
    """
    assert_vectorized(solution, "moving_average", lambda n: (np.arange(float(n)), 3))
