"""bisects all events at once, each in the stretch of its entity"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    if len(entity) != len(event_time):
        raise ValueError(f"{len(entity)} entities for {len(event_time)} event times")
    if not len(f_entity) == len(f_time) == len(f_value):
        raise ValueError("the feature table is ragged")
    for times in (event_time, f_time):
        if np.isnan(times).any():
            raise ValueError("nan among the times")
    if max_age is not None and not max_age >= 0:
        raise ValueError("max_age < 0")
    if not len(f_entity):
        return np.nan * np.zeros(len(entity))

    by_time = np.argsort(f_time, kind="stable")
    order = by_time[np.argsort(f_entity[by_time], kind="stable")]
    fe, ft, fv = f_entity[order], f_time[order], f_value[order]

    start = np.searchsorted(fe, entity, side="left")
    low, high = start.copy(), np.searchsorted(fe, entity, side="right")
    while (low < high).any():
        middle = (low + high) // 2
        active = low < high
        seen = active & (ft[np.minimum(middle, len(ft) - 1)] <= event_time)
        low = np.where(seen, middle + 1, low)
        high = np.where(active & ~seen, middle, high)
    place = low - 1
    result = fv[place].astype(np.float64)
    result[place < start] = np.nan
    if max_age is not None:
        result[ft[place] < event_time - max_age] = np.nan
    return result


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError(f"{len(offline)} rows offline, {len(online)} online")
    missing = np.isnan(offline).astype(int) + np.isnan(online).astype(int)
    differ = np.where(missing == 0, np.abs(offline - online) > atol, missing == 1)
    return differ.sum() / differ.size
