"""Comparisons of answers: by value, never by type; each failure says what was called, expected and got."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from pytest_mlkata.checks.wording import place, shown
from pytest_mlkata.errors import CheckFailed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RTOL = 1e-7
"""Relative difference that an answer may have, unless a check says otherwise."""
ATOL = 1e-9
"""Absolute difference that an answer may have, unless a check says otherwise."""
FEW_DIGITS = 1e-4
"""What both are at least where an argument has fewer digits than float64."""


def require(condition: object, message: str) -> None:
    """Fail the check unless a condition holds.

    Parameters
    ----------
    condition
        What must be true.
    message
        What the learner is told otherwise: what was called, expected and got.
    """
    if not condition:
        raise CheckFailed(message)


def _is_numeric(value: Any) -> bool:
    """Tell whether a value consists of real numbers only."""
    if isinstance(value, list | tuple):
        return all(_is_numeric(item) for item in value)
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "buif"
    return isinstance(value, bool | int | float)


def numbers(got: Any, call: str, shape: tuple[int, ...] | None = None) -> NDArray[np.float64]:
    """Read an answer as an array of real numbers.

    Parameters
    ----------
    got
        The answer: a number, a NumPy scalar, an array, or (nested) lists and tuples of them.
    call
        The call that gave it, as the learner would write it.
    shape
        The shape it must have; anything goes without it.

    Returns
    -------
    numpy.ndarray
        The answer in float64.
    """
    wanted = "numbers" if shape is None else _shape_in_words(shape)
    if not _is_numeric(got):
        raise CheckFailed(f"{_must(call)} {wanted}, got {shown(got)}")
    try:
        array = np.array(got, dtype=np.float64)
    except (ValueError, OverflowError):
        raise CheckFailed(f"{_must(call)} {wanted}, got {shown(got)}") from None
    if shape is not None and array.shape != shape:
        raise CheckFailed(f"{_must(call)} {wanted}, got {_shape_in_words(array.shape)}: {shown(array)}")
    return array


def _must(call: str) -> str:
    """Begin a sentence on an answer, or on a part of one (``w of fit(X, y)``), which is nothing that is returned."""
    return f"{call} must {'be' if ' of ' in call.partition('(')[0] else 'return'}"


def _shape_in_words(shape: tuple[int, ...]) -> str:
    """Say what something of this shape is."""
    return f"an array of shape {shape}" if shape else "a single number"


def number(got: Any, call: str) -> float:
    """Read an answer as one number.

    Parameters
    ----------
    got
        The answer: a number, a NumPy scalar or a 0-d array.
    call
        The call that gave it.

    Returns
    -------
    float
        The number.
    """
    return float(numbers(got, call, ()))


def pair(got: Any, call: str, names: str) -> tuple[Any, ...]:
    """Take an answer of several parts apart.

    Parameters
    ----------
    got
        The answer; a list will do where a tuple is asked for.
    call
        The call that gave it.
    names
        The parts by name, such as ``"w, b"``.

    Returns
    -------
    tuple
        As many parts as there are names.
    """
    count = len(names.split(","))
    what = {2: "a pair", 3: "a triple"}.get(count, f"{count} values")
    parts = got if isinstance(got, list | tuple) else None
    if isinstance(got, np.ndarray) and got.ndim:
        parts = list(got)
    if parts is None:
        raise CheckFailed(f"{call} must return {what} ({names}), got {shown(got)}")
    if len(parts) != count:
        raise CheckFailed(f"{call} must return {what} ({names}), got {len(parts)} values: {shown(got)}")
    return tuple(parts)


def has_shape(got: Any, shape: tuple[int, ...], call: str) -> None:
    """Require a shape of an answer.

    Parameters
    ----------
    got
        The answer.
    shape
        The shape; ``()`` is a single number.
    call
        The call that gave it.
    """
    numbers(got, call, shape)


def _require_everywhere(holds: NDArray[np.bool_], array: NDArray[np.float64], call: str, wanted: str) -> None:
    """Require a property of every element and name the first that lacks it."""
    if not holds.all():
        index = tuple(int(i) for i in np.argwhere(~holds)[0])
        raise CheckFailed(f"{call}{place(index)} must be {wanted}, got {shown(array[index])}")


def finite(got: Any, call: str) -> None:
    """Require that an answer holds neither nan nor infinity.

    Parameters
    ----------
    got
        The answer.
    call
        The call that gave it.
    """
    array = numbers(got, call)
    _require_everywhere(np.isfinite(array), array, call, "finite")


def within(got: Any, low: float, high: float, call: str) -> None:
    """Require that every number of an answer lies in a closed interval; nan does not.

    Parameters
    ----------
    got
        The answer.
    low, high
        The ends of the interval, which belong to it.
    call
        The call that gave it.
    """
    array = numbers(got, call)
    wanted = f"at least {low:g}" if high == np.inf else f"between {low:g} and {high:g}"
    _require_everywhere((array >= low) & (array <= high), array, call, wanted)


def has_few_digits(value: Any) -> bool:
    """Tell whether an argument is an array with fewer digits than float64.

    Parameters
    ----------
    value
        An argument of a call.

    Returns
    -------
    bool
        True for float32 and float16.
    """
    return (
        isinstance(value, np.ndarray | np.generic)
        and value.dtype.kind == "f"
        and value.dtype.itemsize < np.float64().itemsize
    )


def close(
    got: Any,
    expected: ArrayLike,
    call: str,
    *,
    inputs: Iterable[Any] = (),
    rtol: float = RTOL,
    atol: float = ATOL,
    magnitude: ArrayLike = 0.0,
) -> None:
    """Require that an answer agrees with the right one: shape first, then nan and infinity, then values.

    The tolerance follows from the digits that the arguments have (`inputs`) and from how well the answer is determined
    by them (`magnitude`).

    Parameters
    ----------
    got
        The answer.
    expected
        The right answer.
    call
        The call that gave it, as the learner would write it.
    inputs
        The arguments of the call: where one of them is float32, both tolerances are at least 1e-4.
    rtol, atol
        Allowed difference: `atol` plus `rtol` times the right answer.
    magnitude
        Size of the numbers that the answer was summed from, one for all or one for each of its elements. Where they
        cancel, rounding is relative to them and not to what is left, so that `rtol` counts for them.
    """
    right = np.asarray(expected, dtype=np.float64)
    array = numbers(got, call, right.shape)
    if any(has_few_digits(value) for value in inputs):
        rtol, atol = max(rtol, FEW_DIGITS), max(atol, FEW_DIGITS)
    _require_everywhere(np.isfinite(array) | ~np.isfinite(right), array, call, "finite")
    allowed = atol + rtol * (np.abs(right) + np.broadcast_to(np.asarray(magnitude, dtype=np.float64), right.shape))
    with np.errstate(invalid="ignore"):
        # Not np.isclose: before NumPy 2.0 it takes one tolerance only where all is finite.
        near = np.isfinite(right) & (np.abs(array - right) <= allowed)
    agrees = near | (array == right) | (np.isnan(array) & np.isnan(right))
    if not agrees.all():
        raise CheckFailed(_difference(array, right, np.argwhere(~agrees), call))


def _difference(got: NDArray[np.float64], right: NDArray[np.float64], where: NDArray[np.intp], call: str) -> str:
    """Say where two arrays of one shape differ first, and by how much."""
    index = tuple(int(i) for i in where[0])
    off = abs(float(got[index]) - float(right[index]))
    by = f" (off by {off:.3g})" if np.isfinite(off) else ""
    if not got.ndim:
        return f"{call}: expected {shown(right)}, got {shown(got)}{by}"
    return (
        f"{call}: {len(where)} of {got.size} numbers are wrong; the first is {place(index)}: "
        f"expected {shown(right[index])}, got {shown(got[index])}{by}. Expected {shown(right)}, got {shown(got)}"
    )
