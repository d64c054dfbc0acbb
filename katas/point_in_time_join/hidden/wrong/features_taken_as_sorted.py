"""takes the rows of the feature table as sorted by time

The last row above is the last that was loaded, not the latest. Nobody promised an order.
"""

caught_by = (
    "test_point_in_time_join_takes_features_in_any_order",
    "test_point_in_time_join_takes_none_as_no_limit",
    "test_point_in_time_join_compares_floats_exactly",
    "test_point_in_time_join_with_many_ties",
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
    order = np.argsort(f_entity, kind="stable")
    order = order[np.lexsort((np.arange(len(order)), f_entity[order]))]
    who, when = f_entity[order], f_time[order]
    low, high = np.searchsorted(who, entity, side="left"), np.searchsorted(who, entity, side="right")
    start = low.copy()
    for _ in range(int(len(who)).bit_length() + 1):
        middle = np.minimum((low + high) // 2, len(who) - 1)
        known = (low < high) & (when[middle] <= event_time)
        high = np.where((low < high) & ~known, middle, high)
        low = np.where(known, middle + 1, low)
    row = order[np.maximum(low - 1, 0)]
    found = low > start
    if max_age is not None:
        found &= event_time - f_time[row] <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
