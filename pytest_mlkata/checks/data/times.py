"""Times, sorted and unsorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import at_least, digits, given_or_drawn
from pytest_mlkata.checks.dress import LAYOUTS, laid_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIMES = (
    "any order",
    "increasing",
    "decreasing",
    "sorted with duplicates",
    "all equal",
    "far apart",
    "seconds since 1970",
)
"""What is special about times."""

TIME_DTYPES = ("int64", "float64")
"""What times come in."""

_STEPS = 6
_MANY = 24
"""Numbers to draw where it is not known how many are needed; the others are the simplest."""
_FAR = 10**9
_NOW = 1_767_225_600
"""The first second of 2026 in UTC."""
_SORTED = ("increasing", "decreasing", "sorted with duplicates")
"""Whole numbers in any dtype."""


def times(
    n: int | st.SearchStrategy[int],
    *,
    dtypes: tuple[str, ...] = TIME_DTYPES,
    dressed: bool = True,
) -> st.SearchStrategy[NDArray[Any]]:
    """Draw times, sorted or not, at or near an edge.

    Parameters
    ----------
    n
        How many, or a strategy for it; may be 0.
    dtypes
        What times come in; a single one where several arrays have to be of the same.
    dressed
        Whether times come in any layout.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of numpy.ndarray
        Times (n,): whole numbers, in float64 also halves, many of them equal. Float64 holds all of them exactly, and
        their differences.
    """
    count = n if isinstance(n, int) else _MANY
    return st.builds(
        _times,
        n=given_or_drawn(n),
        what=st.sampled_from(TIMES),
        numbers=st.binary(min_size=count, max_size=count),
        dtype=st.sampled_from(dtypes),
        layout=st.sampled_from(LAYOUTS) if dressed else st.just(LAYOUTS[0]),
    )


def _times(*, n: int, what: str, numbers: bytes, dtype: str, layout: str) -> NDArray[Any]:
    """Make times of what was drawn."""
    steps, halves = digits(at_least(numbers, n)[:n], _STEPS, 2)
    if what in ("increasing", "decreasing"):
        steps = np.cumsum(steps + 1) * (1 if what == "increasing" else -1)
    elif what == "sorted with duplicates":
        steps = np.cumsum(steps % 2)
    elif what == "all equal":
        steps, halves = steps[:1].repeat(n), halves[:1].repeat(n)
    elif what == "far apart":
        steps = np.where(steps >= _STEPS // 2, steps * _FAR, -steps)
    elif what == "seconds since 1970":
        steps = steps + _NOW
    spread = steps + halves / 2 if dtype == "float64" and what not in _SORTED else steps
    return laid_out(spread.astype(dtype), layout)
