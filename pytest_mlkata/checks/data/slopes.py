"""Gradients: of one step, and of a run of steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import digits
from pytest_mlkata.checks.dress import PLAIN, Dress, dresses

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
