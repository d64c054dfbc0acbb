"""the first means are of windows that are not yet full

There is an answer from the first number on, the mean of those that have come so far. Only whole windows count.
"""

caught_by = ("test_moving_average_by_hand", "test_moving_average_agrees_on_any_numbers")

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    total = np.zeros(len(x))
    for i in range(window):
        total[i:] += x[: len(x) - i]
    return total / np.minimum(np.arange(len(x)) + 1, window)
