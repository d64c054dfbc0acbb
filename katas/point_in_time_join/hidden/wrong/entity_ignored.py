"""takes the latest value of whichever entity

The join is on time alone, and customers get each other's numbers. Where does the entity come in?
"""

caught_by = (
    "test_point_in_time_join_keeps_entities_apart",
    "test_point_in_time_join_takes_entities_of_different_ints",
    "test_point_in_time_join_takes_values_of_any_kind",
    "test_point_in_time_join_with_many_ties",
    "test_point_in_time_join_takes_any_entity",
    "test_point_in_time_join_counts_equal_times",
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
    order = np.argsort(f_time, kind="stable")
    idx = np.searchsorted(f_time[order], event_time, side="right") - 1
    row = order[np.maximum(idx, 0)]
    found = idx >= 0
    if max_age is not None:
        found &= event_time - f_time[row] <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
