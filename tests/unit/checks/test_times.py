from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawing import examples, smallest, unmet
from hypothesis import strategies as st

from pytest_mlkata.checks import times

EDGES: dict[str, Callable[[Any], Any]] = {
    "increasing": lambda t: (np.diff(t) > 0).all(),
    "decreasing": lambda t: (np.diff(t) < 0).all(),
    "unsorted": lambda t: (np.diff(t) > 0).any() and (np.diff(t) < 0).any(),
    "sorted with duplicates": lambda t: (np.diff(t) >= 0).all() and (np.diff(t) == 0).any() and np.ptp(t) > 0,
    "unsorted with duplicates": lambda t: (np.diff(t) < 0).any() and len(np.unique(t)) < len(t),
    "all equal": lambda t: np.ptp(t) == 0,
    "far apart": lambda t: np.ptp(t) >= 3e9,
    "seconds since 1970": lambda t: t.min() > 1.7e9,
    "negative": lambda t: t.min() < 0,
    "int64": lambda t: t.dtype == np.int64,
    "halves": lambda t: (t != np.round(t)).any(),
    "read-only": lambda t: not t.flags.writeable,
    "not contiguous": lambda t: not t.flags.contiguous,
}


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert unmet(times(5), EDGES) == []


@pytest.mark.parametrize("n", [0, 1, 5, 40])
def test_times_keep_the_contract(n: int) -> None:
    for t in examples(times(n), 150):
        assert t.shape == (n,)
        assert t.dtype in (np.int64, np.float64)
        assert np.isfinite(t).all()
        # Differences of neighbours are exact in float64.
        assert (2 * t.astype(float) == np.round(2 * t.astype(float))).all()
        assert np.abs(t).max(initial=0) < 1e10


def test_options_narrow_what_is_drawn() -> None:
    for t in examples(times(st.integers(0, 30), dtypes=("int64",), dressed=False), 200):
        assert len(t) <= 30
        assert t.dtype == np.int64
        assert t.flags.c_contiguous
        assert t.flags.writeable


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (lambda _: True, [0, 0, 0]),
        (lambda t: (np.diff(t) > 0).all(), [1, 2, 3]),
        (lambda t: (np.diff(t) < 0).any(), [0, 0, 1]),
    ],
)
def test_a_counterexample_is_small(wanted: Any, expected: list[int]) -> None:
    got = smallest(times(3), wanted)
    assert sorted(got.tolist()) in (expected, [value - 1 for value in expected])
    assert got.dtype == np.int64
