"""sums up in the array of the caller

x += … writes into the array that was passed, and the next answer is another one. Begin with a copy.
"""

caught_by = ("test_moving_average_by_hand", "test_moving_average_agrees_on_any_numbers")

import numpy as np


def moving_average(x, window):
    if not 1 <= window <= len(x):
        raise ValueError("the window does not fit")
    count = len(x) - window + 1
    for i in range(1, window):
        x[:count] += x[i : i + count]
    return x[:count] / window
