"""a window longer than the numbers is let through

convolve takes the longer of its two arrays for the numbers, and answers with means of weights. Nobody notices.
"""

caught_by = ("test_moving_average_refuses_windows_that_do_not_fit",)

import numpy as np


def moving_average(x, window):
    if window < 1:
        raise ValueError("the window is empty")
    return np.convolve(x, np.ones(window) / window, mode="valid")
