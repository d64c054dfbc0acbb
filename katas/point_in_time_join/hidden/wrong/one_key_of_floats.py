"""makes one key of floats: entity times span plus time

A float64 has 53 bits for both together. Times in seconds and ids in millions use them up, and neighbours become one.
"""

caught_by = (
    "test_point_in_time_join_takes_any_entity",
    "test_point_in_time_join_compares_large_times_exactly",
    "test_point_in_time_join_takes_entities_and_times_of_any_size",
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
    start = min(f_time.min(), event_time.min())
    e, fe, t, ft = entity.astype(float), f_entity.astype(float), event_time - start, f_time - start
    span = float(max(t.max(), ft.max())) + 1
    key = fe * span + ft
    order = np.argsort(key, kind="stable")
    idx = np.searchsorted(key[order], e * span + t, side="right") - 1
    row = order[np.maximum(idx, 0)]
    found = (idx >= 0) & (f_entity[row] == entity)
    if max_age is not None:
        found &= event_time - f_time[row] <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
