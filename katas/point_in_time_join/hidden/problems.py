"""Inputs of this kata's own: joins by hand, joins that aim at edges, offline and online rows, joins of any size."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import close, laid_out
from pytest_mlkata.checks.dress import LAYOUTS

NAME = "point_in_time_join"
NEAR = {"rtol": 1e-6, "atol": 1e-6}
NAN = np.nan

LARGEST = 2**63 - 1
ENTITIES = {
    "small entities": (0, 1, 2, 3),
    "one entity": (5, 5, 5, 5),
    "negative entities": (-1, 0, -7, 2),
    "neighbours above 2**60": (2**60, 2**60 + 1, 2**60 + 2, -(2**60)),
    "the ends of int64": (-(2**63), LARGEST, 0, LARGEST - 1),
    "equal in their low halves": (3, 2**32 + 3, 2**40 + 3, 3 - 2**32),
}
INT32 = ("small entities", "one entity", "negative entities")
"""Entities that int32 holds, too."""

# A start and a step: times are the start and 0 to 6 steps. All are exact, and so are their differences.
TIMES = {
    "small times": (0, 1),
    "times around 0": (-3, 1),
    "times above 2**62": (2**62 + 1, 1),
    "times below -2**61": (-(2**61) - 7, 1),
    "floats": (-1.0, 0.5),
    "floats a microsecond apart": (1.7e9, 2.0**-20),
    "floats below 1": (0.125, 2.0**-6),
}
_STEPS = 7


@dataclass(frozen=True, eq=False)
class Join:
    """Events, features and perhaps a limit of age."""

    entity: np.ndarray
    event_time: np.ndarray
    f_entity: np.ndarray
    f_time: np.ndarray
    f_value: np.ndarray
    max_age: float | None = None
    edge: str = field(default="", repr=False)

    @property
    def events(self):
        return self.entity, self.event_time

    @property
    def features(self):
        return self.f_entity, self.f_time, self.f_value

    @property
    def options(self):
        return {} if self.max_age is None else {"max_age": self.max_age}


def joins(*, aged=True):
    """Draw a join of up to 8 events and 9 features, with ties, duplicates and values of nan."""
    return st.builds(
        _join,
        n=st.integers(1, 8),
        m=st.sampled_from((6, 9, 3, 1, 4, 0)),
        who=st.sampled_from(tuple(ENTITIES)),
        when=st.sampled_from(tuple(TIMES)),
        steps=st.sampled_from((None, 0, 1, 2, 4)) if aged else st.none(),
        drawn=st.binary(min_size=34, max_size=34),
        gaps=st.booleans(),
        dtypes=st.tuples(*[st.sampled_from(("int64", "int32"))] * 2, st.sampled_from(("float64", "float32", "int64"))),
        layout=st.sampled_from(LAYOUTS[:1] + LAYOUTS[2:]),
    )


def _join(*, n, m, who, when, steps, drawn, gaps, dtypes, layout):
    numbers = np.frombuffer(drawn, dtype=np.uint8).astype(int)
    entities = np.array(ENTITIES[who], dtype=np.int64)[numbers[: n + m] % 4]
    start, step = TIMES[when]
    times = np.array([start + k * step for k in range(_STEPS)])[numbers[17 : 17 + n + m] // 4 % _STEPS]
    values = 3.0 + 10 * np.arange(m)  # each row has a value of its own
    if gaps:
        values[numbers[m::-1][:m] % 3 == 0] = NAN
    of_events, of_features, of_values = dtypes
    if who not in INT32:
        of_events = of_features = "int64"
    if np.isnan(values).any() and of_values == "int64":
        of_values = "float64"
    arrays = (
        entities[:n].astype(of_events),
        times[:n],
        entities[n:].astype(of_features),
        times[n:],
        values.astype(of_values),
    )
    return Join(
        *(laid_out(array, layout) for array in arrays),
        max_age=None if steps is None else steps * step,
        edge=f"{who}; {when}; {'some values nan' if gaps else 'no value nan'}; {of_values}; {layout}",
    )


def table(rows, dtype=None):
    """Write rows of (entity, time) or (entity, time, value) as arrays."""
    entity, time, *values = zip(*rows, strict=True)
    return (np.array(entity, dtype=np.int64), np.array(time, dtype=dtype), *(np.array(each, float) for each in values))


def joined(solution, events, features, expected, note="", dtype=None, **options):
    """Compare a join of rows with what was found by hand."""
    plain = ", ".join([f"events {events}", f"features {features}", *(f"{k}={v}" for k, v in options.items())])
    call = f"{NAME} of {plain}" if len(plain) < 300 else NAME
    got = solution.point_in_time_join(*table(events, dtype), *table(features, dtype), **options)
    close(got, expected, call + (f", {note}" if note else ""), **NEAR)


def large(n, entities=None, **options):
    """A join of n events and n features, of as many entities as rows unless it is said how many; no times are equal."""
    rng = np.random.default_rng(0)
    count = entities or n
    who = rng.integers(-(2**62), 2**62, count)
    times = rng.permutation(2 * n)
    f_entity = who[np.arange(n) % count]
    return (f_entity[rng.permutation(n)], times[:n], f_entity, times[n:], rng.standard_normal(n), *options.values())


@dataclass(frozen=True, eq=False)
class Rows:
    """What was computed offline and what online, for the same rows."""

    offline: np.ndarray
    online: np.ndarray
    atol: float | None
    edge: str = field(default="", repr=False)

    @property
    def options(self):
        return () if self.atol is None else (self.atol,)


def rows():
    """Draw up to 9 rows, some of them equal, some nan; every number and every difference is exact, in float32, too."""
    return st.builds(
        _rows,
        n=st.integers(1, 9),
        atol=st.sampled_from((None, 0, 0.25, 0.5)),
        drawn=st.binary(min_size=18, max_size=18),
        dtypes=st.tuples(*[st.sampled_from(("float64", "float32"))] * 2),
        layout=st.sampled_from(LAYOUTS[:1] + LAYOUTS[2:]),
    )


def _rows(*, n, atol, drawn, dtypes, layout):
    numbers = np.frombuffer(drawn, dtype=np.uint8).reshape(2, 9)[:, :n]
    offline = np.array([NAN, 0, 1, 64, -2.5])[numbers[0] % 5]
    online = offline + np.array([0, 0, 0.25, -0.25, 0.5, -0.5, 1, NAN])[numbers[1] % 8]
    online[(numbers[0] % 5 == 0) & (numbers[1] % 2 == 0)] = 1  # missing offline only
    arrays = (laid_out(each.astype(dtype), layout) for each, dtype in zip((offline, online), dtypes, strict=True))
    return Rows(*arrays, atol, edge=f"{', '.join(dtypes)}; {layout}")


def skewed(solution, offline, online, expected, note="", **options):
    """Compare a share with what was found by hand."""
    call = ", ".join([f"training_serving_skew({offline}", f"{online}", *(f"{k}={v}" for k, v in options.items())])
    got = solution.training_serving_skew(np.array(offline, float), np.array(online, float), **options)
    close(got, expected, call + ")" + (f", {note}" if note else ""), **NEAR)


def large_rows(n):
    """Rows of which some differ, and some are nan on one side or both."""
    rng = np.random.default_rng(0)
    offline = rng.standard_normal(n)
    online = np.where(rng.random(n) < 0.2, offline + 1, offline)
    offline[::10] = online[::5] = NAN
    return offline, online
