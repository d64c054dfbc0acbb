"""missing readings are left out of the mean

nanmean takes the mean of those that are left. The question asks for nan, so that nobody takes less for more.
"""

caught_by = ("test_moving_average_keeps_nan_where_it_is",)

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    return np.nanmean(np.lib.stride_tricks.sliding_window_view(x, window), axis=1)
