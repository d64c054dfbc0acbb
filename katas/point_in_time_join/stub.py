"""A point-in-time join, in NumPy: features as they were when an event happened, and whether serving saw the same.

Events are n rows, an entity and a time each; the feature table has m rows, an entity, a time and a value each.
"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    """Return for each event the latest value of its entity that was there at that time: (n,) floats.

    entity (n,) and event_time (n,) are the events; f_entity (m,), f_time (m,) and f_value (m,) are the features, in
    any order. A value at the time of the event counts; among equal times the later row wins; with max_age, a value
    older than that does not count. nan where there is none.

    Raises ValueError if lengths differ, if a time is nan, or if max_age is negative.
    """
    raise NotImplementedError


def training_serving_skew(offline, online, atol=1e-9):
    """Return the share of rows in which offline (n,) and online (n,) differ by more than atol: one number.

    nan equals nan, and differs from every number.

    Raises ValueError if lengths differ.
    """
    raise NotImplementedError
