"""searches for the events in blocks of some thousands"""

import numpy as np

BLOCK = 4096


class FeatureTable:
    def __init__(self, entity, time, value):
        if not len(entity) == len(time) == len(value):
            raise ValueError("a feature needs an entity, a time and a value")
        order = np.lexsort((time, entity))
        self.entity, self.time, self.value = entity[order], time[order], np.asarray(value, dtype=float)[order]
        self.ids, first = np.unique(self.entity, return_index=True)
        self.stamps = np.unique(self.time)
        self.slot = np.searchsorted(self.ids, self.entity)
        self.key = self.slot * len(self.stamps) + np.searchsorted(self.stamps, self.time)

    def as_of(self, entity, time, max_age):
        slot = np.searchsorted(self.ids, entity)
        known = np.zeros(len(entity), dtype=bool)
        inside = slot < len(self.ids)
        known[inside] = self.ids[slot[inside]] == entity[inside]
        stamp = np.searchsorted(self.stamps, time, side="right") - 1
        place = np.searchsorted(self.key, slot * len(self.stamps) + stamp, side="right") - 1
        known &= (stamp >= 0) & (place >= 0)
        known[known] = self.entity[place[known]] == entity[known]
        if max_age is not None:
            known[known] = self.time[place[known]] >= time[known] - max_age
        answer = np.full(len(entity), np.nan)
        answer[known] = self.value[place[known]]
        return answer


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    if len(entity) != len(event_time):
        raise ValueError("an event needs an entity and a time")
    if np.isnan(event_time).any() or np.isnan(f_time).any():
        raise ValueError("a time must not be nan")
    if max_age is not None and max_age < 0:
        raise ValueError("an age must not be negative")
    features = FeatureTable(f_entity, f_time, f_value)
    parts = [
        features.as_of(entity[start : start + BLOCK], event_time[start : start + BLOCK], max_age)
        for start in range(0, len(entity), BLOCK)
    ]
    return np.concatenate(parts)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("rows do not match")
    off, on = np.asarray(offline, dtype=float), np.asarray(online, dtype=float)
    numbers = ~np.isnan(off) & ~np.isnan(on)
    count = np.sum(np.isnan(off) ^ np.isnan(on)) + np.sum(np.abs(off[numbers] - on[numbers]) > atol)
    return np.float64(count / len(off))
