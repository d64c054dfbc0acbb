"""Moving averages, in NumPy."""

import numpy as np


def moving_average(x, window):
    """Return the mean of every `window` neighbours among x (n,), from left to right: (n - window + 1,).

    The mean of a window that holds nan is nan.

    Raises ValueError if window is below 1 or above n.
    """
    x = np.asarray(x, dtype=float)
    if not 1 <= window <= x.size:
        raise ValueError(f"window must be from 1 to {x.size}, not {window}")
    weights = np.full(window, 1 / window)
    return np.convolve(x, weights, mode="valid")
