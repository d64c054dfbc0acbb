"""an event before all values of its entity gets the last value of the entity that is sorted before it

Filling forward does not know where an entity ends. Whose is the last row above?
"""

caught_by = (
    "test_point_in_time_join_keeps_entities_apart",
    "test_point_in_time_join_takes_entities_of_different_ints",
    "test_point_in_time_join_takes_values_of_any_kind",
    "test_point_in_time_join_takes_any_entity",
    "test_point_in_time_join_gives_nan_where_there_is_none",
    "test_point_in_time_join_answers_in_the_order_of_the_events",
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
    order = np.lexsort((when, who))
    is_feature = order < m
    above = np.maximum.accumulate(np.where(is_feature, np.arange(n + m), -1))[~is_feature]
    event, source = order[~is_feature], order[above]
    good = above >= 0
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
