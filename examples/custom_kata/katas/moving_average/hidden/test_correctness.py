import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import assert_agrees, close, dressed, points

from . import reference as answer


@points(1)
def test_moving_average_by_hand(solution):
    """moving_average gives [2, 2.5, 4.5] for [1, 3, 2, 7] and a window of 2

    Mark every window of two neighbours. The first one ends at the second number, the last one at the last.
    """
    x = np.array([1.0, 3.0, 2.0, 7.0])
    close(solution.moving_average(x, 2), [2.0, 2.5, 4.5], "moving_average([1, 3, 2, 7], 2)")
    close(solution.moving_average(x, 3), [2.0, 4.0], "moving_average([1, 3, 2, 7], 3)")


@points(2)
@given(x=dressed(st.lists(st.integers(-9, 9), min_size=4, max_size=9)), window=st.integers(1, 4))
@settings(max_examples=40)
def test_moving_average_agrees_on_any_numbers(solution, x, window):
    """moving_average agrees with the definition on generated numbers

    How many windows are there, and do all of them hold as many numbers?
    """
    assert_agrees(solution, answer, "moving_average", x, window)
