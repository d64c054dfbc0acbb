"""compares each event with each feature, a thousand events at a time

That saves memory, and no work: it is four times as much for twice the rows.
"""

caught_by = ("test_point_in_time_join_grows_as_sorting_does",)

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
    out = np.full(len(entity), np.nan)
    for begin in range(0, len(entity), 1000):
        part = slice(begin, begin + 1000)
        fits = (who == entity[part, None]) & (when <= event_time[part, None])
        last = len(who) - 1 - np.argmax(fits[:, ::-1], axis=1)
        found = fits.any(axis=1)
        if max_age is not None:
            found &= event_time[part] - when[last] <= max_age
        out[part] = np.where(found, what[last], np.nan)
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
