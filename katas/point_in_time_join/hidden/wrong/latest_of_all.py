"""takes the latest value of all, also from after the event

That is the value of today. On the day of the event nobody knew it, and a model trained on it will miss it. Compare the
time of what you take with the time of the event.
"""

caught_by = (
    "test_point_in_time_join_takes_the_latest_so_far",
    "test_point_in_time_join_takes_none_as_no_limit",
    "test_point_in_time_join_compares_floats_exactly",
    "test_point_in_time_join_with_an_age_of_zero",
    "test_point_in_time_join_takes_nan_as_a_value",
    "test_point_in_time_join_compares_large_times_exactly",
)

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
    if len(f_entity) == 0:
        return np.full(len(entity), np.nan)
    order = np.lexsort((f_time, f_entity))
    idx = np.searchsorted(f_entity[order], entity, side="right") - 1
    row = order[np.maximum(idx, 0)]
    found = (idx >= 0) & (f_entity[row] == entity)
    if max_age is not None:
        found &= event_time - f_time[row] <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
