"""goes back through the history of all entities, one value each at a time

All entities are done in one step, but there are as many steps as an entity has values. Look at one entity with all of
the rows.
"""

caught_by = ("test_point_in_time_join_is_vectorized_over_rows",)

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
    if len(f_entity) == 0:
        return np.full(len(entity), np.nan)
    order = np.lexsort((f_time, f_entity))
    who, when = f_entity[order], f_time[order]
    start = np.searchsorted(who, entity, side="left")
    place = np.searchsorted(who, entity, side="right") - 1
    future = (place >= start) & (when[place] > event_time)
    while future.any():
        place = place - future
        future = (place >= start) & (when[place] > event_time)
    found = place >= start
    row = order[np.maximum(place, 0)]
    if max_age is not None:
        found &= event_time - f_time[row] <= max_age
    return np.where(found, f_value[row], np.nan)


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise ValueError("offline and online have different lengths")
    same = np.isclose(offline, online, rtol=0.0, atol=atol, equal_nan=True)
    return 1.0 - same.mean()
