"""one nan spoils everything behind it

A running sum never forgets: nan minus nan is nan. Look at a missing reading, and at the windows after it.
"""

caught_by = ("test_moving_average_keeps_nan_where_it_is",)

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    total = np.concatenate([[0.0], np.cumsum(x, dtype=float)])
    return (total[window:] - total[:-window]) / window
