"""takes the earlier row where several have the same time

The correction stands below what it corrects. Which of equal rows is behind, after your sort?
"""

caught_by = (
    "test_point_in_time_join_lets_the_later_row_win",
    "test_point_in_time_join_with_many_ties",
    "test_point_in_time_join_takes_nan_as_a_value",
    "test_point_in_time_join_takes_arrays_of_any_form",
    "test_point_in_time_join_with_many_events_and_few_features",
)

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
    order = np.lexsort((np.concatenate([-np.arange(m), np.ones(n)]), when, who))
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
    both_nan = np.isnan(offline) & np.isnan(online)
    differs = ~(np.abs(offline - online) <= atol) & ~both_nan
    return differs.mean()
