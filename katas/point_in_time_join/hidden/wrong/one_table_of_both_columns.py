"""puts ids and times into one array, with a dtype for both

A table with a column of float times has float ids, too. From 2**53 on neighbours become one.
"""

caught_by = ("test_point_in_time_join_agrees_on_any_tables", "test_point_in_time_join_takes_any_entity")

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    n, m = len(entity), len(f_entity)
    if len(event_time) != n or len(f_time) != m or len(f_value) != m:
        raise ValueError("lengths differ")
    if np.isnan(event_time).any() or np.isnan(f_time).any():
        raise ValueError("a time is nan")
    if max_age is not None and max_age < 0:
        raise ValueError("max_age is negative")
    rows = np.concatenate([np.column_stack([f_entity, f_time]), np.column_stack([entity, event_time])])
    who, when = rows[:, 0], rows[:, 1]
    order = np.lexsort((when, who))
    is_feature = order < m
    above = np.maximum.accumulate(np.where(is_feature, np.arange(n + m), -1))[~is_feature]
    event, source = order[~is_feature], order[above]
    good = (above >= 0) & (who[source] == who[event])
    if max_age is not None:
        good &= when[source] >= when[event] - max_age
    out = np.full(n, np.nan)
    out[event[good] - m] = f_value[source[good]]
    return out


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
