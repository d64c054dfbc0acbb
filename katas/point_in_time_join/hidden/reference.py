"""The answer: sort features and events as one table, and let each event look at the last feature row above it.

The sort is by entity, then by time, and stable. Features are put first, so that among equal times they come before
events, and in the order of their rows. Entities and times are only compared, never added or multiplied.
"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    _require_equal_lengths(entity, event_time)
    _require_equal_lengths(f_entity, f_time, f_value)
    if np.isnan(event_time).any() or np.isnan(f_time).any():
        raise ValueError("a time is nan")
    if max_age is not None and max_age < 0:
        raise ValueError(f"max_age must not be negative, it is {max_age}")
    m = len(f_entity)
    entities, times = np.concatenate([f_entity, entity]), np.concatenate([f_time, event_time])
    order = np.lexsort([times, entities])  # by entity, then by time; stable
    is_event = order >= m
    last_feature = np.maximum.accumulate(np.where(is_event, 0, np.arange(len(order))))
    event, source = order[is_event], order[last_feature[is_event]]
    # The first row of all may be an event, and the last feature above may be another entity's.
    known = (source < m) & (entities[source] == entities[event])
    if max_age is not None:
        known &= times[source] >= times[event] - max_age
    answer = np.full(len(entity), np.nan)
    answer[event[known] - m] = f_value[source[known]]
    return answer


def training_serving_skew(offline, online, atol=1e-9):
    _require_equal_lengths(offline, online)
    alike = (np.abs(offline - online) <= atol) | (np.isnan(offline) & np.isnan(online))
    return np.mean(~alike)


def _require_equal_lengths(*arrays):
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"lengths differ: {[len(array) for array in arrays]}")
