"""takes the mean of one window after the other

Python does work for every number. Add up slices of the whole array, one for each place in the window.
"""

caught_by = ("test_moving_average_is_vectorized",)

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    return np.array([x[i : i + window].mean() for i in range(len(x) - window + 1)])
