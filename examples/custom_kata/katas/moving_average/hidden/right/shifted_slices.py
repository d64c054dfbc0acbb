"""adds up a shifted slice for each place in the window"""

import numpy as np


def moving_average(x, window):
    if not 0 < window <= len(x):
        raise ValueError(f"window must be from 1 to {len(x)}")
    count = len(x) - window + 1
    total = np.zeros(count)
    for i in range(window):
        total += x[i : i + count]
    return total / window
