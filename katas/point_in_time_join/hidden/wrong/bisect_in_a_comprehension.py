"""goes through the rows in Python, with a list for each entity

A comprehension is a loop, and so is filling a dict. Python does work for every row.
"""

caught_by = ("test_point_in_time_join_is_vectorized_over_rows", "test_point_in_time_join_is_vectorized_over_entities")

import bisect
from collections import defaultdict

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
    times, values = defaultdict(list), defaultdict(list)
    for j in np.argsort(f_time, kind="stable").tolist():
        times[int(f_entity[j])].append(f_time[j])
        values[int(f_entity[j])].append(float(f_value[j]))

    def look_up(who, when):
        j = bisect.bisect_right(times[who], when) - 1 if who in times else -1
        if j < 0 or (max_age is not None and when - times[who][j] > max_age):
            return np.nan
        return values[who][j]

    return np.array([look_up(who, when) for who, when in zip(entity.tolist(), event_time, strict=True)])


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
