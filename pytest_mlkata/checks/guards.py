"""Manners that every function has: arguments stay as they are, and a second call gives the same answer."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from pytest_mlkata.checks.close import require
from pytest_mlkata.checks.wording import place, shown


class Observed(Protocol):
    """What these checks need of a solution."""

    def with_arguments(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Call a function and return its result and the arguments as it left them."""


def assert_arguments_unchanged(solution: Observed, name: str, /, *args: Any, names: str = "") -> None:
    """Require that a call leaves its arguments as they were.

    Parameters
    ----------
    solution
        The solution.
    name
        The function to call.
    *args
        Its arguments. Writable arrays, or there would be nothing to see.
    names
        What the arguments are called, such as ``"X, y"``: for the message.
    """
    labels = [label.strip() for label in names.split(",")] if names else [f"argument {i + 1}" for i in range(len(args))]
    _, after, _ = solution.with_arguments(name, *args)
    for label, old, new in zip(labels, args, after, strict=True):
        change = _change(old, new)
        require(not change, f"{name}({', '.join(labels)}) changes {label}, which belongs to the caller: {change}")


def _change(old: Any, new: Any) -> str:
    """Say how an argument differs from what it was; nothing where it does not."""
    before, now = np.asarray(old), np.asarray(new)
    if before.shape != now.shape or before.dtype != now.dtype:
        return f"{before.dtype} {before.shape} became {now.dtype} {now.shape}"
    differs = ~((before == now) | ((before != before) & (now != now)))  # noqa: PLR0124 - nan equals nan here
    if not differs.any():
        return ""
    index = tuple(int(i) for i in np.argwhere(differs)[0])
    return f"{_intro(index)}{shown(before[index])} became {shown(now[index])}"


def _intro(index: tuple[int, ...]) -> str:
    """Introduce an element by its place; a single number needs none."""
    return f"at {place(index)}, " if index else ""


def assert_repeatable(solution: Any, name: str, /, *args: Any, other: tuple[Any, ...], call: str) -> None:
    """Require that a call gives the same answer again after a call with other arguments.

    Parameters
    ----------
    solution
        The solution.
    name
        The function to call.
    *args
        Its arguments.
    other
        Other arguments, for the call in between.
    call
        The call as the learner would write it.
    """
    function = getattr(solution, name)
    first = function(*args)
    function(*other)
    second = function(*args)
    require(
        _equal(first, second),
        f"{call} gave {shown(first)}, and {shown(second)} when called again after a call with other data: "
        "a call must not depend on the calls before it",
    )


def _equal(first: Any, second: Any) -> bool:
    """Compare two answers of one function, whatever they are: numbers but for rounding, nan equals nan."""
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(_equal(a, b) for a, b in zip(first, second, strict=True))
    if _is_numeric(first) and _is_numeric(second):
        # Not bit for bit: the same sum may round differently in memory that is aligned differently.
        return np.shape(first) == np.shape(second) and np.allclose(first, second, rtol=1e-6, atol=1e-9, equal_nan=True)
    return bool(first == second)


def _is_numeric(value: Any) -> bool:
    """Tell whether NumPy can compare a value as numbers."""
    return isinstance(value, int | float) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "buif")
