"""A JSON tree and buffers as values: the receiver's half of `wire`, which trusts neither."""

# ruff: noqa: SLF001 (the table below belongs to the class)

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .values import (
    ALIGNMENT,
    DTYPES,
    MAX_BUFFERS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_DIMENSIONS,
    MAX_NODES,
    Reference,
    WireError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_LENGTH: Final = 2**40
_MAX_COLLISIONS: Final = 1000
_UNCHANGED: Final = frozenset({type(None), bool, float, int})


class Decoder:
    """Turns a JSON tree and buffers that may be hostile into a value."""

    def __init__(self, buffers: memoryview, inward: Callable[[Reference], Any] | None) -> None:
        self._buffers = buffers
        self._position = 0
        self._nodes = 0
        self._inward = inward

    def decode(self, tree: Any, depth: int) -> Any:
        """Return the value of a tree that is inside so many others."""
        kind = type(tree)
        if kind in _UNCHANGED:
            return tree
        if kind is str:
            return _safe(tree)
        if kind is not list or depth > MAX_DEPTH:
            raise WireError("a header is malformed or too deep")
        return _DECODERS[tree[0]](self, tree, depth)

    def finish(self) -> None:
        """Raise unless every byte belonged to a value."""
        if self._position != len(self._buffers):
            raise WireError("a frame has bytes that no array names")

    def _items(self, items: list[Any], depth: int) -> list[Any]:
        self._nodes += len(items)
        if self._nodes > MAX_NODES:
            raise WireError("a frame has too many values")
        if set(map(type, items)) <= _UNCHANGED:
            return items
        return [self.decode(item, depth + 1) for item in items]

    def _dict(self, tree: list[Any], depth: int) -> dict[Any, Any]:
        items = self._items(tree[1:], depth)
        keys, values = items[::2], items[1::2]
        _refuse_collisions(keys)
        return dict(zip(keys, values, strict=True))

    def _set(self, tree: list[Any], depth: int) -> set[Any]:
        items = self._items(tree[1:], depth)
        _refuse_collisions(items)
        return set(items)

    def _take(self, size: int) -> memoryview:
        start, end = self._position, self._position + size
        if end > len(self._buffers):
            raise WireError("an array is larger than its frame")
        self._position = min(end + -size % ALIGNMENT, len(self._buffers))
        return self._buffers[start:end]

    def _array(self, tree: list[Any], _depth: int) -> Any:
        _, name, layout, writeable, *shape = tree
        dtype = DTYPES[name]
        size = _volume(shape) * dtype.itemsize
        flat = np.frombuffer(self._take(size), dtype) if size else np.empty(0, dtype)
        if name == "bool":
            _refuse_false_bools(flat)
        if layout == "C":
            array = flat.reshape(shape).copy()
        elif layout == "F":
            array = flat.reshape(shape[::-1]).T.copy(order="F")
        else:
            # The worker shall see an array that is not contiguous; with which gaps makes no difference.
            array = np.zeros((*shape[:-1], 2 * shape[-1]), dtype)[..., ::2]
            array[...] = flat.reshape(shape)
        array.flags.writeable = writeable is True
        return array

    def _text_array(self, tree: list[Any], _depth: int) -> Any:
        _, writeable, width, dimensions, *rest = tree
        if type(width) is not int or type(dimensions) is not int or not 0 <= dimensions <= MAX_DIMENSIONS:
            raise WireError("an array of strings is malformed")
        shape, items = rest[:dimensions], self._items(rest[dimensions:], 0)
        width = max(width, 1, *map(len, items)) if items else max(width, 1)
        if not 0 < width * 4 * max(len(items), 1) <= MAX_BUFFERS or len(items) != _volume(shape):
            raise WireError("an array of strings is too large or misshaped")
        if not set(map(type, items)) <= {str}:
            raise WireError("an array of strings has other items")
        array = np.array(items, dtype=f"U{width}").reshape(shape)
        array.flags.writeable = writeable is True
        return array

    def _scalar(self, tree: list[Any], _depth: int) -> Any:
        _, name, digits = tree
        raw = np.frombuffer(bytes.fromhex(digits), DTYPES[name])
        if name == "bool":
            _refuse_false_bools(raw)
        (scalar,) = raw
        return scalar

    def _complex(self, tree: list[Any], _depth: int) -> complex:
        _, real, imaginary = tree
        if type(real) is not float or type(imaginary) is not float:
            raise WireError("a complex number is malformed")
        return complex(real, imaginary)

    def _reference(self, tree: list[Any], _depth: int) -> Any:
        _, kind, number, label = tree
        if (type(kind), type(number), type(label)) != (str, int, str):
            raise WireError("a reference is malformed")
        reference = Reference(kind, number, _safe(label))
        return reference if self._inward is None else self._inward(reference)


def _volume(shape: list[int]) -> int:
    """Return the number of items of a shape, which must be one."""
    if len(shape) > MAX_DIMENSIONS:
        raise WireError("an array has too many dimensions")
    for length in shape:
        if type(length) is not int or not 0 <= length <= _MAX_LENGTH:
            raise WireError("a shape is malformed")
    return math.prod(shape)


def _refuse_false_bools(flat: Any) -> None:
    """Refuse bool arrays with bytes other than 0 and 1: NumPy would compute nonsense with them."""
    if flat.size and flat.view(np.uint8).max() > 1:
        raise WireError("a bool is neither true nor false")


def _refuse_collisions(keys: list[Any]) -> None:
    """Refuse keys made to have one hash, with which filling a table takes quadratic time."""
    if len(keys) > _MAX_COLLISIONS and len(set(map(hash, keys))) * 2 < len(keys):
        raise WireError("keys collide")


def _safe(text: str) -> str:
    """Return the text with lone surrogates spelled out, so that it can be printed and stored."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def integer(digits: str) -> int:
    """Return an integer of a header, unless reading it would take too long."""
    if len(digits) > MAX_DIGITS + 1:
        raise WireError(f"an integer has more than {MAX_DIGITS} digits")
    return int(digits)


_DECODERS: Final[dict[str, Callable[[Decoder, list[Any], int], Any]]] = {
    "l": lambda decoder, tree, depth: decoder._items(tree[1:], depth),
    "t": lambda decoder, tree, depth: tuple(decoder._items(tree[1:], depth)),
    "d": Decoder._dict,
    "s": Decoder._set,
    "f": lambda decoder, tree, depth: frozenset(decoder._set(tree, depth)),
    "a": Decoder._array,
    "u": Decoder._text_array,
    "n": Decoder._scalar,
    "c": Decoder._complex,
    "r": Decoder._reference,
    "y": lambda _decoder, tree, _depth: bytes.fromhex(tree[1]),
}
