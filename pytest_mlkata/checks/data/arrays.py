"""Bare arrays: gradients, of one step or of a run of steps; weights of samples; times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import at_least, digits, given_or_drawn
from pytest_mlkata.checks.dress import LAYOUTS, PLAIN, Dress, dresses, laid_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHAPES: tuple[tuple[int, ...], ...] = ((), (1,), (2,), (3,), (2, 2), (1, 3), (3, 1))
"""What shapes gradients come in, unless they are told."""

SIZES: dict[str, tuple[float, ...]] = {
    "about one": (1.0, 2.0, 0.5, 1.5, 3.0),
    "many magnitudes": (1.0, 1e-8, 1e3, 1e-4, 10.0),
    "tiny": (1e-8, 2e-8, 1e-7, 5e-8, 1e-6),
    "large": (1e3, 100.0, 500.0, 250.0, 999.0),
    "equal sizes": (2.0, 2.0, 2.0, 2.0, 2.0),
    "zeros among others": (0.0, 1.0, 0.0, 1e-8, 1e3),
    "all zero": (0.0, 0.0, 0.0, 0.0, 0.0),
}
"""What the elements of a gradient are made of, but for the sign."""

COURSES = ("any steps", "the same in every step", "signs that alternate", "shrinking", "growing")
"""How a gradient changes from step to step."""

_STARTS = (0.1, 1e-8, 1e-2, 1e-4)
"""The smallest size of an element in a run."""
_CHANGES = (10.0, 1.0, 20.0, 1e4, 100.0, 5000.0)
"""What it is multiplied by in a step: at most by 1e4, so that no size is above 1e3."""
_STEPS = (1, 2, 3, 5, 10, 60)
_PATTERN = 4
"""Steps that are drawn; a longer run repeats them."""


def gradients(
    shape: tuple[int, ...] | None = None, *, zeros: bool = True, dressed: bool = True
) -> st.SearchStrategy[NDArray[Any]]:
    """Draw the gradient of one step, at or near an edge.

    Parameters
    ----------
    shape
        Its shape; one of `SHAPES` unless it is given.
    zeros
        Whether elements may be zero, and whole gradients.
    dressed
        Whether it comes as float32, which rounds it, and in any layout.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of numpy.ndarray
        Finite numbers of both signs, with sizes from 1e-8 to 1e3 and zeros.
    """
    most = _most(shape)
    return st.builds(
        _gradient,
        shape=_shapes(shape),
        what=st.sampled_from(tuple(kind for kind, sizes in SIZES.items() if zeros or min(sizes) > 0)),
        numbers=st.binary(min_size=most, max_size=most),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _gradient(*, shape: tuple[int, ...], what: str, numbers: bytes, dress: Dress) -> NDArray[Any]:
    """Make a gradient of what was drawn."""
    sizes = SIZES[what]
    places, negative = digits(numbers[: math.prod(shape)], len(sizes), 2)
    signed = np.array(sizes)[places] * np.where(negative, -1.0, 1.0)
    return dress.number_array(signed.reshape(shape) + 0.0, rounded=True)  # -0.0 becomes 0.0


def gradient_sequences(
    shape: tuple[int, ...] | None = None, *, max_steps: int = 60, dressed: bool = True
) -> st.SearchStrategy[tuple[NDArray[Any], ...]]:
    """Draw the gradients of several steps, at or near an edge.

    Parameters
    ----------
    shape
        Their shape; one of `SHAPES` unless it is given.
    max_steps
        The most steps; the fewest is one.
    dressed
        Whether gradients come as float32, which rounds them, and in any layout, all in the same.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of tuple of numpy.ndarray
        A gradient for each step. Sizes lie between 1e-8 and 1e3. An element that is zero stays zero through the run;
        the size of another changes by a factor of at most 1e4.
    """
    most = _most(shape)
    return st.builds(
        _gradient_sequence,
        shape=_shapes(shape),
        course=st.sampled_from(COURSES),
        steps=st.sampled_from(tuple(dict.fromkeys(min(steps, max_steps) for steps in _STEPS))),
        zero=st.integers(0, most),
        numbers=st.binary(min_size=(1 + _PATTERN) * most, max_size=(1 + _PATTERN) * most),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _gradient_sequence(
    *, shape: tuple[int, ...], course: str, steps: int, zero: int, numbers: bytes, dress: Dress
) -> tuple[NDArray[Any], ...]:
    """Make a run of what was drawn; `zero` tells which element is zero throughout, with 0 for none."""
    size = math.prod(shape)
    used = numbers[: (1 + _PATTERN) * size]
    starts, _ = digits(used[:size], len(_STARTS), 2)
    changes, negative = (part.reshape(_PATTERN, size) for part in digits(used[size:], len(_CHANGES), 2))
    drawn = np.array(_CHANGES)[changes] * np.where(negative, -1.0, 1.0)
    run = np.array(_STARTS)[starts] * _course(drawn, course, steps)
    if zero:
        run[:, (zero - 1) % size] = 0.0
    return tuple(dress.number_array(step.reshape(shape), rounded=True) for step in run)


def _course(drawn: NDArray[np.float64], course: str, steps: int) -> NDArray[np.float64]:
    """Make the steps of a run of the few that were drawn."""
    if course == "any steps":
        return np.resize(drawn, (steps, drawn.shape[1]))
    same = np.repeat(drawn[:1], steps, axis=0)
    if course == "signs that alternate":
        return same * np.where(np.arange(steps) % 2, -1.0, 1.0)[:, None]
    if course in ("shrinking", "growing"):
        fall = np.geomspace(max(_CHANGES), 1.0, steps)
        return np.sign(same) * (fall if course == "shrinking" else fall[::-1])[:, None]
    return same


def _shapes(shape: tuple[int, ...] | None) -> st.SearchStrategy[tuple[int, ...]]:
    """Draw a shape, where none is given."""
    return st.sampled_from(SHAPES) if shape is None else st.just(shape)


def _most(shape: tuple[int, ...] | None) -> int:
    """Count the elements of the largest shape that may be drawn."""
    return max(math.prod(known) for known in (SHAPES if shape is None else (shape,)))


WEIGHTS: dict[str, tuple[float, ...]] = {
    "ones": (1.0, 1.0, 1.0, 1.0),
    "whole numbers": (1.0, 2.0, 3.0, 5.0),
    "zeros among whole numbers": (1.0, 0.0, 0.0, 2.0),
    "a single one": (0.0, 0.0, 0.0, 0.0),
    "equal fractions": (0.25, 0.25, 0.25, 0.25),
    "fractions": (0.5, 1.0, 0.25, 1.75),
    "zeros among fractions": (0.5, 0.0, 0.0, 1.75),
    "a million times another": (1.0, 1e6, 1.0, 1e6),
}
"""What the weights of an example are made of."""

_WHOLE = ("ones", "whole numbers", "zeros among whole numbers", "a single one")
"""Weights that a person would write as so many equal samples."""
_MANY_WEIGHTS = 16
"""Numbers to draw where it is not known how many are needed; the others are the simplest."""


def sample_weights(
    n: int | st.SearchStrategy[int],
    *,
    whole: bool = False,
    zeros: bool = True,
    dressed: bool = True,
) -> st.SearchStrategy[NDArray[Any]]:
    """Draw weights of samples, at or near an edge.

    Parameters
    ----------
    n
        How many, or a strategy for it; at least 1.
    whole
        Whether there are whole numbers up to 5 only: a sample of weight 3 is as good as three samples.
    zeros
        Whether some weights may be zero. There is always one that is not.
    dressed
        Whether weights come as float32 and in any layout.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of numpy.ndarray
        Weights (n,): not negative, not all zero, with ratios up to 1e6.
    """
    kinds = tuple(
        kind for kind, values in WEIGHTS.items() if (zeros or min(values) > 0) and (kind in _WHOLE or not whole)
    )
    count = n if isinstance(n, int) else _MANY_WEIGHTS
    return st.builds(
        _sample_weights,
        n=given_or_drawn(n),
        what=st.sampled_from(kinds),
        numbers=st.binary(min_size=count, max_size=count),
        place=st.integers(0, _MANY_WEIGHTS),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _sample_weights(*, n: int, what: str, numbers: bytes, place: int, dress: Dress) -> NDArray[Any]:
    """Make weights of what was drawn; `place` tells which of them is not zero in any case."""
    values = WEIGHTS[what]
    (drawn,) = digits(at_least(numbers, n)[:n], len(values))
    weights = np.array(values)[drawn]
    if not weights[place % n]:
        weights[place % n] = 1.0
    elif what == "a million times another":
        weights[place % n] = 1e6
    return dress.number_array(weights)


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

_APART = 6
_MANY_TIMES = 24
"""As `_MANY_WEIGHTS`."""
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
    count = n if isinstance(n, int) else _MANY_TIMES
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
    steps, halves = digits(at_least(numbers, n)[:n], _APART, 2)
    if what in ("increasing", "decreasing"):
        steps = np.cumsum(steps + 1) * (1 if what == "increasing" else -1)
    elif what == "sorted with duplicates":
        steps = np.cumsum(steps % 2)
    elif what == "all equal":
        steps, halves = steps[:1].repeat(n), halves[:1].repeat(n)
    elif what == "far apart":
        steps = np.where(steps >= _APART // 2, steps * _FAR, -steps)
    elif what == "seconds since 1970":
        steps = steps + _NOW
    spread = steps + halves / 2 if dtype == "float64" and what not in _SORTED else steps
    return laid_out(spread.astype(dtype), layout)
