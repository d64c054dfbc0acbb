"""runs one sum over the numbers and another over the gaps

What is nan counts as 0 in the first; the second says which windows hold such a gap.
"""

import numpy as np


def _running(values, window):
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return total[window:] - total[:-window]


def moving_average(x, window):
    x = np.asarray(x)
    if window <= 0 or window > len(x):
        raise ValueError("bad window")
    gaps = np.isnan(x)
    mean = _running(np.where(gaps, 0.0, x), window) / window
    mean[_running(gaps, window) > 0] = np.nan
    return mean
