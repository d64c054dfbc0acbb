"""repeats each feature over the run of rows below it, and answers in float32 where the values are float32"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    m, n = len(f_entity), len(entity)
    if len(event_time) != n or not m == len(f_time) == len(f_value):
        raise ValueError("tables must not be ragged")
    if any(np.isnan(times).any() for times in (event_time, f_time)):
        raise ValueError("times must not be nan")
    if max_age is not None and max_age < 0:
        raise ValueError("max_age must not be negative")
    result = np.full(n, np.nan, dtype=f_value.dtype if f_value.dtype.kind == "f" else np.float64)
    if m == 0:
        return result
    who, when = np.hstack([f_entity, entity]), np.hstack([f_time, event_time])
    order = np.lexsort([when, who])
    heads = np.flatnonzero(order < m)
    runs = np.diff(np.append(heads, n + m))
    source = np.full(n + m, -1, dtype=np.int64)
    source[order[heads[0] :]] = np.repeat(order[heads], runs)
    source = source[m:]
    known = source >= 0
    known[known] = f_entity[source[known]] == entity[known]
    if max_age is not None:
        known[known] = f_time[source[known]] >= event_time[known] - max_age
    result[known] = f_value[source[known]]
    return result


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online must have the same rows")
    either = np.isnan(offline) | np.isnan(online)
    gap = np.where(either, 0, np.abs(offline - online))
    return np.mean((gap > atol) | (np.isnan(offline) != np.isnan(online)))
