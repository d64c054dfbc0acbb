"""as few lines as it takes"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    n, m = len(entity), len(f_entity)
    if n != len(event_time) or {m} != {len(f_time), len(f_value)} or (max_age or 0) < 0:
        raise ValueError
    e, t = np.r_[f_entity, entity], np.r_[f_time, event_time]
    if (t != t).any():
        raise ValueError
    o = np.lexsort((t, e))
    i = np.empty(n + m, int)
    i[o] = o[np.maximum.accumulate((o < m) * np.arange(n + m))]
    i = i[m:]
    ok = (i < m) & (e[i] == entity) & (True if max_age is None else t[i] >= event_time - max_age)
    return np.where(ok, np.r_[f_value, np.full(n, np.nan)][i], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError
    return 1 - np.mean((abs(offline - online) <= atol) | (offline != offline) & (online != online))
