"""compares each event with each feature in one table

A million events and a million features are a million million pairs. The features of an entity, sorted by time, need
no table.
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
    fits = (who[None, :] == entity[:, None]) & (when[None, :] <= event_time[:, None])
    last = fits.shape[1] - 1 - np.argmax(fits[:, ::-1], axis=1)
    found = fits.any(axis=1)
    if max_age is not None:
        found &= event_time - when[last] <= max_age
    return np.where(found, what[last], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
