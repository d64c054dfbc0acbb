"""goes through the events one by one

Each step is quick, and there are millions. A search takes all events in one call.
"""

caught_by = ("test_point_in_time_join_is_vectorized_over_rows", "test_point_in_time_join_is_vectorized_over_entities")

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
    out = np.full(len(entity), np.nan)
    order = np.lexsort((f_time, f_entity))
    who, when, what = f_entity[order], f_time[order], f_value[order]
    for i in range(len(entity)):
        start = np.searchsorted(who, entity[i], side="left")
        end = np.searchsorted(who, entity[i], side="right")
        j = start + np.searchsorted(when[start:end], event_time[i], side="right") - 1
        if j >= start and (max_age is None or event_time[i] - when[j] <= max_age):
            out[i] = what[j]
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
