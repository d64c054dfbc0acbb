"""uses entities as places of an array

Ids are names. Negative ones count from the end, and large ones ask for more memory than there is.
"""

caught_by = (
    "test_point_in_time_join_takes_any_entity",
    "test_point_in_time_join_takes_entities_of_different_ints",
    "test_point_in_time_join_takes_entities_and_times_of_any_size",
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
    counts = np.bincount(f_entity, minlength=int(entity.max()) + 1)
    ends = np.cumsum(counts)
    low = (ends - counts)[entity]
    start, high = low.copy(), ends[entity]
    when = f_time[order]
    for _ in range(int(len(when)).bit_length() + 1):
        middle = np.minimum((low + high) // 2, len(when) - 1)
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
