"""What the arguments of a call looked like, to tell whether the call has changed one; the same for answers.

This module is loaded by the worker too: the standard library, NumPy and what is loaded beside it. Answers are objects
of the submission, so it looks at types, never at what an object says of itself.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .values import MAX_DEPTH, REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_PLAIN: Final = frozenset({type(None), bool, int, float, complex, str, bytes})
_PARTS: Final[dict[type, tuple[Callable[[Any], Iterable[Any]], ...]]] = {
    list: (list.__iter__,),
    tuple: (tuple.__iter__,),
    dict: (dict.keys, dict.values),
}


def state(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int | str, Any]:
    """Return what `first_change` compares later, for each argument: by position or by name."""
    named: Iterable[tuple[int | str, Any]] = itertools.chain(enumerate(args), kwargs.items())
    return {key: _state(value) for key, value in named}


def first_change(before: dict[int | str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | str | None:
    """Return the position or the name of the first argument that is no longer what it was, if there is one."""
    return next(iter(_changes(before, args, kwargs)), None)


def changed(before: dict[int | str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int | str, Any]:
    """Return the arguments that are no longer what they were, by position or by name."""
    return {key: args[key] if isinstance(key, int) else kwargs[key] for key in _changes(before, args, kwargs)}


def _changes(before: dict[int | str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[int | str]:
    for key, known in before.items():
        now = _state(args[key] if isinstance(key, int) else kwargs[key])
        # Inside a list the same nan equals itself.
        if [now] != [known]:
            yield key


def _state(value: Any, depth: int = 0) -> Any:
    """Return something to compare, in which nothing of the submission runs."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if issubclass(kind, np.ndarray | np.generic):
        array = np.asarray(value)
        # Bytes: nan equals itself there, and an array that was given another shape or dtype does not. What is larger
        # cannot be sent, and its refusal shall come soon.
        return array.shape, array.dtype.str, array.tobytes() if array.nbytes <= REQUEST.buffers else None
    if issubclass(kind, set):
        return set(value)
    for base, parts in _PARTS.items():
        if issubclass(kind, base) and depth < MAX_DEPTH:  # what is deeper cannot be sent
            return [_states(list(items(value)), depth) for items in parts]
    return _Same(value)


def _states(items: list[Any], depth: int) -> list[Any]:
    return items if set(map(type, items)) <= _PLAIN else [_state(item, depth + 1) for item in items]


class _Same:
    """Stands for an object whose inside is its own affair: it may only not be replaced by another."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._value is other._value

    __hash__ = None  # type: ignore[assignment]
