"""compares the rows in float32

Seven digits are kept of each number, and a skew in the eighth is gone before anything is subtracted. Is there a reason to
make numbers shorter?
"""

caught_by = ("test_training_serving_skew_on_the_tolerance", "test_training_serving_skew_has_a_small_default")

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    n, m = len(entity), len(f_entity)
    if len(event_time) != n or len(f_time) != m or len(f_value) != m:
        raise ValueError("lengths differ")
    if np.isnan(event_time).any() or np.isnan(f_time).any():
        raise ValueError("a time is nan")
    if max_age is not None and max_age < 0:
        raise ValueError("max_age is negative")
    who = np.concatenate([f_entity, entity])
    when = np.concatenate([f_time, event_time])
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
        raise ValueError("lengths differ")
    a, b = offline.astype(np.float32), online.astype(np.float32)
    return np.mean(~((np.abs(a - b) <= atol) | (np.isnan(a) & np.isnan(b))))
