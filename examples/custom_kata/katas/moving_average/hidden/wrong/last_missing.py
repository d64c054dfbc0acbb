"""the last window is missing

From n numbers there are n - window + 1 windows, and not n - window: the last one ends at the last number.
"""

caught_by = ("test_moving_average_by_hand", "test_moving_average_of_the_smallest_and_the_largest_window")

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    return np.lib.stride_tricks.sliding_window_view(x, window)[:-1].mean(axis=1)
