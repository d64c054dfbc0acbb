"""there is an answer for every number

mode="same" fills up with zeros at both ends, so the first and the last means are too small. Only whole windows count.
"""

caught_by = ("test_moving_average_by_hand", "test_moving_average_agrees_on_any_numbers")

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    return np.convolve(x, np.ones(window) / window, mode="same")
