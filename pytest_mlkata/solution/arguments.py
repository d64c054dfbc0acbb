"""What the arguments of a call looked like, to tell whether the call has changed one.

This module is loaded by the worker too: the standard library and NumPy only.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


def state(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int | str, Any]:
    """Return what `first_change` compares later, for each argument that can be changed: by position or by name."""
    named: Iterable[tuple[int | str, Any]] = itertools.chain(enumerate(args), kwargs.items())
    return {key: known for key, value in named if (known := _state(value)) is not None}


def first_change(before: dict[int | str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | str | None:
    """Return the position or the name of the first argument that is no longer what it was, if there is one."""
    for key, known in before.items():
        if _state(args[key] if isinstance(key, int) else kwargs[key]) != known:
            return key
    return None


def _state(value: Any) -> Any:
    """Return something to compare; None for what cannot be changed, or lives elsewhere."""
    if isinstance(value, np.ndarray):
        # Bytes: nan equals itself there, and an array that was given another shape or dtype does not.
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, tuple):
        items = [_state(item) for item in value]
        return items if any(item is not None for item in items) else None
    if isinstance(value, list):
        return [_known(item) for item in value]
    if isinstance(value, dict):
        return list(value), [_known(item) for item in value.values()]
    return set(value) if isinstance(value, set) else None


def _known(item: Any) -> Any:
    """Return the state of an item of something that can be changed: there it may have been replaced, too."""
    known = _state(item)
    return item if known is None else known
