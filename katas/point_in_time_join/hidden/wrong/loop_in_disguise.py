"""has NumPy call a Python function for each event

np.vectorize and its like only hide the loop. What does the search itself take many of?
"""

caught_by = ("test_point_in_time_join_is_vectorized_over_rows",)

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    if len(entity) != len(event_time):
        raise ValueError("events of different lengths")
    if not len(f_entity) == len(f_time) == len(f_value):
        raise ValueError("features of different lengths")
    if np.isnan(event_time).any() or np.isnan(f_time).any():
        raise ValueError("nan among the times")
    if max_age is not None and max_age < 0:
        raise ValueError("max_age must be at least 0")
    order = np.lexsort((f_time, f_entity))
    who, when, what = f_entity[order], f_time[order], f_value[order]

    def look_up(low, high, now):
        place = low + np.searchsorted(when[low:high], now, side="right") - 1
        if place < low or (max_age is not None and now - when[place] > max_age):
            return np.nan
        return float(what[place])

    low, high = np.searchsorted(who, entity, side="left"), np.searchsorted(who, entity, side="right")
    return np.vectorize(look_up, otypes=[float])(low, high, event_time)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
