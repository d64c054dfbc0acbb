"""replaces entities and times by their ranks, which fit into one key"""

import numpy as np


def _ranks(a, b):
    _, inverse = np.unique(np.concatenate([a, b]), return_inverse=True)
    inverse = inverse.ravel().astype(np.int64)
    return inverse[: len(a)], inverse[len(a) :]


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    if entity.shape != event_time.shape:
        raise ValueError("entity and event_time must be equally long")
    if f_entity.shape != f_time.shape or f_time.shape != f_value.shape:
        raise ValueError("the columns of the feature table must be equally long")
    if np.any(event_time != event_time) or np.any(f_time != f_time):
        raise ValueError("times must not be nan")
    if max_age is not None and max_age < 0:
        raise ValueError("max_age must not be negative")
    if f_entity.size == 0:
        return np.full(entity.shape, np.nan)
    e, fe = _ranks(entity, f_entity)
    t, ft = _ranks(event_time, f_time)
    width = len(t) + len(ft)  # there are no more ranks than rows
    order = np.argsort(fe * width + ft, kind="stable")
    keys = (fe * width + ft)[order]
    at = np.searchsorted(keys, e * width + t, side="right") - 1
    row = order[at]
    good = (at >= 0) & (fe[row] == e)
    if max_age is not None:
        good = good & (f_time[row] >= event_time - max_age)
    return np.where(good, f_value[row].astype(float), np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if offline.shape != online.shape:
        raise ValueError("offline and online must be equally long")
    both = np.isnan(offline) & np.isnan(online)
    gap = np.abs(np.nan_to_num(offline - online, nan=np.inf))
    return np.count_nonzero((gap > atol) & ~both) / len(offline)
