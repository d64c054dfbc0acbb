"""keeps the winner of each entity and time first, then joins"""

import numpy as np


def _validate(entity, event_time, f_entity, f_time, f_value, max_age):
    for name, array, other in (
        ("event_time", event_time, entity),
        ("f_time", f_time, f_entity),
        ("f_value", f_value, f_entity),
    ):
        if array.shape[0] != other.shape[0]:
            raise ValueError(f"{name} has {array.shape[0]} rows instead of {other.shape[0]}")
    for name, array in (("event_time", event_time), ("f_time", f_time)):
        if array.dtype.kind == "f" and np.isnan(array).any():
            raise ValueError(f"{name} has nan")
    if max_age is not None and max_age < 0:
        raise ValueError(f"max_age is {max_age}")


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    _validate(entity, event_time, f_entity, f_time, f_value, max_age)
    order = np.lexsort((np.arange(len(f_time)), f_time, f_entity))
    who, when, what = f_entity[order], f_time[order], f_value[order]
    last = np.ones(len(who), dtype=bool)
    last[:-1] = (who[1:] != who[:-1]) | (when[1:] != when[:-1])
    who, when, what = who[last], when[last], what[last]

    m = len(who)
    is_event = np.r_[np.zeros(m, dtype=np.int8), np.ones(len(entity), dtype=np.int8)]
    merged = np.lexsort((is_event, np.r_[when, event_time], np.r_[who, entity]))
    place = np.empty_like(merged)
    place[merged] = np.cumsum(is_event[merged] == 0) - 1
    place = place[m:]

    answer = np.full(len(entity), np.nan)
    rows = np.flatnonzero(place >= 0)
    rows = rows[who[place[rows]] == entity[rows]]
    if max_age is not None:
        rows = rows[event_time[rows] - when[place[rows]] <= max_age]
    answer[rows] = what[place[rows]]
    return answer


def training_serving_skew(offline, online, atol=1e-9):
    if offline.shape[0] != online.shape[0]:
        raise ValueError("offline and online have different lengths")
    offline, online = offline.astype(float), online.astype(float)
    gap = np.abs(offline - online)
    gap[np.isnan(offline) & np.isnan(online)] = 0
    gap[np.isnan(gap)] = np.inf
    return (gap > atol).mean()
