"""counts the rows before the event and before the limit of age, instead of subtracting times afterwards"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    if not (len(entity) == len(event_time) and len(f_entity) == len(f_time) == len(f_value)):
        raise ValueError("lengths differ")
    if np.isnan(np.sum(event_time)) or np.isnan(np.sum(f_time)):
        raise ValueError("a time is nan")
    if max_age is not None and max_age < 0:
        raise ValueError("max_age < 0")
    order = np.lexsort((f_time, f_entity))
    values = np.append(f_value[order].astype(np.float64), np.nan)
    upto = _rows_upto(entity, event_time, f_entity, f_time, include=True)
    if max_age is None:
        since = np.searchsorted(f_entity[order], entity, side="left")
    else:
        since = _rows_upto(entity, event_time - max_age, f_entity, f_time, include=False)
        since = np.maximum(since, np.searchsorted(f_entity[order], entity, side="left"))
    return values[np.where(upto > since, upto - 1, len(f_value))]


def _rows_upto(entity, limit, f_entity, f_time, *, include):
    """Count the features, in sorted order, that stand before (entity, limit), or also those at it."""
    n, m = len(entity), len(f_entity)
    is_event = np.zeros(n + m, dtype=bool)
    is_event[m:] = True
    tie = is_event if include else ~is_event
    order = np.lexsort((tie, np.concatenate((f_time, limit)), np.concatenate((f_entity, entity))))
    counts = np.empty(n, dtype=np.intp)
    asked = order >= m
    counts[order[asked] - m] = np.cumsum(~asked)[asked]
    return counts


def training_serving_skew(offline, online, atol=1e-9):
    if np.shape(offline) != np.shape(online):
        raise ValueError("lengths differ")
    same = np.logical_or(np.logical_and(np.isnan(offline), np.isnan(online)), np.fabs(offline - online) <= atol)
    return np.average(1 - same)
