"""takes the nearest value, before or after the event

The nearest may lie in the future. Of two neighbours in time, which one could have been known?
"""

caught_by = (
    "test_point_in_time_join_takes_the_latest_so_far",
    "test_point_in_time_join_does_not_see_the_future",
    "test_point_in_time_join_takes_none_as_no_limit",
    "test_point_in_time_join_compares_floats_exactly",
    "test_point_in_time_join_takes_nan_as_a_value",
    "test_point_in_time_join_compares_large_times_exactly",
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
    idx = np.searchsorted(key[order], e * span + t, side="right") - 1
    row = order[np.maximum(idx, 0)]
    after = order[np.minimum(idx + 1, len(order) - 1)]
    behind = np.where((idx >= 0) & (fe[row] == e), np.abs(event_time - f_time[row]), np.inf)
    ahead = np.where(fe[after] == e, np.abs(f_time[after] - event_time), np.inf)
    row = np.where(ahead < behind, after, row)
    found = (f_entity[row] == entity)
    if max_age is not None:
        found &= np.abs(event_time - f_time[row]) <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
