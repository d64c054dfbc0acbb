"""convolves with equal weights"""

import numpy as np


def moving_average(x, window):
    x = np.asarray(x, dtype=float)
    if window < 1 or window > x.size:
        raise ValueError("the window does not fit")
    return np.convolve(x, np.full(window, 1.0 / window), mode="valid")
