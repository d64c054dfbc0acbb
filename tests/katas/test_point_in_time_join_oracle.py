"""The reference of `point_in_time_join` against oracles that share nothing with it: plain Python, row by row."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of

reference: Any = reference_of("point_in_time_join")

ENTITIES = (0, 1, -1, 7, 2**60, 2**60 + 1, -(2**63), 2**63 - 1)
STARTS = (0, -5, 2**62, -(2**62) + 9)
VALUES = (0.5, -1.0, 3.25, math.nan, 1e6)

Row = tuple[int, int]


def joined(events: list[Row], features: list[tuple[int, int, float]], max_age: Any) -> list[float]:
    """Look at every feature for every event, in Python's own numbers, and keep the best so far."""
    answers = []
    for entity, now in events:
        best: Any = None
        for who, when, value in features:
            known = who == entity and when <= now and (max_age is None or now - when <= max_age)
            if known and (best is None or when >= best[0]):
                best = when, value
        answers.append(math.nan if best is None else best[1])
    return answers


def arrays(events: Any, features: Any, dtype: Any = np.int64) -> list[Any]:
    """Write rows as the arguments of the join."""
    return [
        np.array([row[0] for row in events], dtype=np.int64),
        np.array([row[1] for row in events], dtype=dtype),
        np.array([row[0] for row in features], dtype=np.int64),
        np.array([row[1] for row in features], dtype=dtype),
        np.array([row[2] for row in features], dtype=float),
    ]


EVENTS = st.lists(st.tuples(st.sampled_from(ENTITIES), st.integers(0, 6)), min_size=1, max_size=12)
FEATURES = st.lists(
    st.tuples(st.sampled_from(ENTITIES), st.integers(0, 6), st.sampled_from(VALUES)), min_size=0, max_size=12
)
AGES = st.sampled_from((None, 0, 1, 2, 5))


@settings(max_examples=300, deadline=None)
@given(events=EVENTS, features=FEATURES, max_age=AGES, start=st.sampled_from(STARTS), among=st.integers(1, 8))
def test_a_join_on_int_times_agrees_with_looking_at_all_pairs(
    events: list[Row], features: list[tuple[int, int, float]], max_age: Any, start: int, among: int
) -> None:
    events = [(ENTITIES[ENTITIES.index(e) % among], start + t) for e, t in events]
    features = [(ENTITIES[ENTITIES.index(e) % among], start + t, v) for e, t, v in features]
    got = reference.point_in_time_join(*arrays(events, features), max_age=max_age)
    np.testing.assert_array_equal(got, joined(events, features, max_age))


@settings(max_examples=200, deadline=None)
@given(events=EVENTS, features=FEATURES, max_age=AGES, scale=st.sampled_from((-20, -2, 0)), among=st.integers(1, 4))
def test_a_join_on_float_times_agrees_with_looking_at_all_pairs(
    events: list[Row], features: list[tuple[int, int, float]], max_age: Any, scale: int, among: int
) -> None:
    base, tick = 1.7e9, 2.0**scale
    events = [(ENTITIES[ENTITIES.index(e) % among], t) for e, t in events]
    features = [(ENTITIES[ENTITIES.index(e) % among], t, v) for e, t, v in features]
    as_floats = arrays(
        [(e, base + t * tick) for e, t in events], [(e, base + t * tick, v) for e, t, v in features], np.float64
    )
    got = reference.point_in_time_join(*as_floats, max_age=None if max_age is None else max_age * tick)
    np.testing.assert_array_equal(got, joined(events, features, max_age))


@pytest.mark.parametrize("times", [3, 50, 10**6])
@pytest.mark.parametrize("entities", [1, 5, 300])
def test_a_large_join_agrees_with_looking_at_all_pairs(times: int, entities: int) -> None:
    rng = np.random.default_rng(0)
    events = list(zip(rng.integers(0, entities, 200).tolist(), rng.integers(0, times, 200).tolist(), strict=True))
    features = [
        (int(rng.integers(0, entities)), int(rng.integers(0, times)), float(value)) for value in rng.permutation(300)
    ]
    for max_age in (None, times // 3):
        got = reference.point_in_time_join(*arrays(events, features), max_age=max_age)
        np.testing.assert_array_equal(got, joined(events, features, max_age))


NUMBERS = st.lists(
    st.tuples(*[st.sampled_from((math.nan, 0.0, 1.0, 1.25, -2.5, 1e9, 1e9 + 0.25))] * 2), min_size=1, max_size=9
)


@settings(max_examples=200, deadline=None)
@given(rows=NUMBERS, atol=st.sampled_from((0, 1e-9, 0.25, 2)))
def test_skew_agrees_with_counting_in_exact_arithmetic(rows: list[tuple[float, float]], atol: float) -> None:
    differ = 0
    for a, b in rows:
        missing = math.isnan(a) + math.isnan(b)
        differ += missing == 1 or (missing == 0 and abs(Fraction(a) - Fraction(b)) > Fraction(atol))
    offline, online = np.array(rows).T
    assert reference.training_serving_skew(offline, online, atol) == pytest.approx(differ / len(rows))


def test_the_example_of_the_spec() -> None:
    tables = arrays([(7, 5), (7, 2), (8, 5), (9, 5)], [(7, 5, 0.5), (8, 6, 0.8), (7, 1, 0.1), (7, 5, 0.7)])
    nan = math.nan
    np.testing.assert_array_equal(reference.point_in_time_join(*tables), [0.7, 0.1, nan, nan])
    np.testing.assert_array_equal(reference.point_in_time_join(*tables, max_age=0), [0.7, nan, nan, nan])
    assert reference.training_serving_skew(np.array([0.7, 0.1, nan, nan]), np.array([0.7, 0.2, nan, 3.0])) == 0.5
