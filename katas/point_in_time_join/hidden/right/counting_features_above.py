"""counts the features above each event in one sorted table"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    n, m = len(entity), len(f_entity)
    if len(event_time) != n or len(f_time) != m or len(f_value) != m:
        raise ValueError("lengths differ")
    if np.isnan(event_time).any() or np.isnan(f_time).any():
        raise ValueError("nan time")
    if max_age is not None and max_age < 0:
        raise ValueError("negative max_age")
    out = np.full(n, np.nan)
    if m == 0:
        return out
    kind = np.repeat([0, 1], [m, n])
    all_e = np.concatenate((f_entity, entity))
    all_t = np.concatenate((f_time, event_time))
    order = np.lexsort((kind, all_t, all_e))
    features = order[kind[order] == 0]
    events = order[kind[order] == 1] - m
    above = np.cumsum(kind[order] == 0)[kind[order] == 1]
    pick = features[np.maximum(above - 1, 0)]
    ok = (above > 0) & (f_entity[pick] == entity[events])
    if max_age is not None:
        ok &= event_time[events] - f_time[pick] <= max_age
    out[events] = np.where(ok, f_value[pick], np.nan)
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("lengths differ")
    return float(np.mean(~np.isclose(offline, online, rtol=0, atol=atol, equal_nan=True)))
