"""lists all features of its entity for each event

With many entities that is little. Two entities with all of the rows have as many pairs as half of all pairs.
"""

caught_by = ("test_point_in_time_join_holds_no_table_of_pairs",)

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
    who, when, what = f_entity[order], f_time[order], f_value[order]
    low = np.searchsorted(who, entity, side="left")
    counts = np.searchsorted(who, entity, side="right") - low
    event = np.repeat(np.arange(len(entity)), counts)
    feature = np.arange(len(event)) - np.repeat(np.cumsum(counts) - counts, counts) + low[event]
    fits = when[feature] <= event_time[event]
    if max_age is not None:
        fits &= event_time[event] - when[feature] <= max_age
    out = np.full(len(entity), np.nan)
    out[event[fits]] = what[feature[fits]]  # the last one that is written stays
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
