"""goes through the entities one by one

With as many entities as rows that is a loop over rows, and each step looks at a whole table. Sort by both keys at once.
"""

caught_by = ("test_point_in_time_join_is_vectorized_over_entities",)

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
    out = np.full(len(entity), np.nan)
    for who in np.unique(entity):
        of_events, of_features = np.flatnonzero(entity == who), np.flatnonzero(f_entity == who)
        order = of_features[np.argsort(f_time[of_features], kind="stable")]
        if len(order) == 0:
            continue
        idx = np.searchsorted(f_time[order], event_time[of_events], side="right") - 1
        row = order[np.maximum(idx, 0)]
        found = idx >= 0
        if max_age is not None:
            found &= event_time[of_events] - f_time[row] <= max_age
        out[of_events] = np.where(found, f_value[row], np.nan)
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
