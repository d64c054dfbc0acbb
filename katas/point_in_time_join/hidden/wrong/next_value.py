"""takes the first value at or after the event

It was written later than the event, or just then. Which way does your search look?
"""

caught_by = (
    "test_point_in_time_join_takes_the_latest_so_far",
    "test_point_in_time_join_takes_none_as_no_limit",
    "test_point_in_time_join_takes_entities_of_different_ints",
    "test_point_in_time_join_takes_values_of_any_kind",
    "test_point_in_time_join_compares_floats_exactly",
    "test_point_in_time_join_with_many_ties",
)

import numpy as np


def _ranks(a, b):
    inverse = np.unique(np.concatenate([a, b]), return_inverse=True)[1].reshape(-1)
    return inverse[: len(a)], inverse[len(a) :]


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
    e, fe = _ranks(entity, f_entity)
    t, ft = _ranks(event_time, f_time)
    span = len(entity) + len(f_entity)
    key = fe * span + ft
    order = np.argsort(key, kind="stable")
    idx = np.searchsorted(key[order], e * span + t, side="left")
    row = order[np.minimum(idx, len(order) - 1)]
    found = (idx < len(order)) & (f_entity[row] == entity)
    if max_age is not None:
        found &= f_time[row] - event_time <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
