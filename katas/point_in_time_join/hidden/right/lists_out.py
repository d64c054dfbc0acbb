"""returns a list, and a Python float"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    if len(entity) != len(event_time) or len({len(f_entity), len(f_time), len(f_value)}) != 1:
        raise ValueError("lengths")
    if (event_time != event_time).any() or (f_time != f_time).any():
        raise ValueError("nan")
    if max_age is not None and max_age < 0:
        raise ValueError("age")
    m, n = len(f_time), len(event_time)
    who = np.append(f_entity, entity)
    when = np.append(f_time, event_time)
    values = np.append(f_value.astype(float), np.full(n, np.nan))
    row = np.arange(m + n)
    order = np.lexsort((row, when, who))
    who, when, values, row = who[order], when[order], values[order], row[order]
    # Where an entity begins nothing is carried over: its first row carries itself.
    begins = np.append(True, who[1:] != who[:-1])
    carried = np.maximum.accumulate(np.where(begins | (row < m), np.arange(m + n), 0))
    answers = values[carried]  # an event that begins its entity carries its own nan
    if max_age is not None:
        answers = np.where(when[carried] + 0 < when - max_age, np.nan, answers)
    back = np.empty(m + n)
    back[row] = answers
    return back[m:].tolist()


class DifferentLengths(ValueError):
    pass


def training_serving_skew(offline, online, atol=1e-9):
    if len(offline) != len(online):
        raise DifferentLengths
    with np.errstate(invalid="ignore"):
        alike = np.abs(offline - online) <= atol
    alike[np.isnan(offline) & np.isnan(online)] = True
    return 1.0 - float(alike.sum()) / len(alike)
