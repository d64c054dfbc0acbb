"""sorts once, and then goes through the stretches of the entities

The stretches are found without a mask, and it is a loop all the same: there can be as many of them as rows.
"""

caught_by = ("test_point_in_time_join_is_vectorized_over_entities",)

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
    order, by = np.lexsort((f_time, f_entity)), np.lexsort((event_time, entity))
    who, when = f_entity[order], f_time[order]
    ids, begins = np.unique(entity[by], return_index=True)
    ends = np.append(begins[1:], len(by))
    lows, highs = np.searchsorted(who, ids, side="left"), np.searchsorted(who, ids, side="right")
    out = np.full(len(entity), np.nan)
    for begin, end, low, high in zip(begins, ends, lows, highs, strict=True):
        rows = by[begin:end]
        place = low + np.searchsorted(when[low:high], event_time[rows], side="right") - 1
        rows, place = rows[place >= low], place[place >= low]
        if max_age is not None:
            fresh = event_time[rows] - when[place] <= max_age
            rows, place = rows[fresh], place[fresh]
        out[rows] = f_value[order[place]]
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
