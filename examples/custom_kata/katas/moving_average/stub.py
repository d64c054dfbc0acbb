"""Moving averages, in NumPy."""

import numpy as np


def moving_average(x, window):
    """Return the mean of every `window` neighbours among x (n,), from left to right: (n - window + 1,).

    The mean of a window that holds nan is nan.

    Raises ValueError if window is below 1 or above n.
    """
    raise NotImplementedError
