"""A JSON tree and buffers as values: the receiver's half of `wire`, which trusts neither."""

# ruff: noqa: SLF001 (the table below belongs to the class)

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .values import (
    ALIGNMENT,
    DTYPES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_DIMENSIONS,
    MAX_NUMBER,
    Caps,
    Reference,
    WireError,
    volume,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_COMPARISONS: Final = 100_000
_FEW: Final = 4
_UNCHANGED: Final = frozenset({type(None), bool, float, int})
_LAYOUTS: Final = frozenset({"C", "F", "S"})
_KINDS: Final = frozenset({"object", "stream", "service"})


class Decoder:
    """Turns a JSON tree and buffers that may be hostile into a value.

    The tree has no more values than `caps` allow: its sender has seen to that (`wire`).
    """

    def __init__(self, buffers: memoryview, caps: Caps, inward: Callable[[Reference], Any] | None) -> None:
        self._buffers = buffers
        self._caps = caps
        self._position = 0
        self._array_bytes = len(buffers)
        self._keys = 0
        self._comparisons = 0
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

    def _items(self, tree: list[Any], depth: int) -> list[Any]:
        items = tree[1:]
        if set(map(type, items)) <= _UNCHANGED:
            return items
        return [self.decode(item, depth + 1) for item in items]

    def _dict(self, tree: list[Any], depth: int) -> dict[Any, Any]:
        items = self._items(tree, depth)
        keys, values = items[::2], items[1::2]
        self._refuse_collisions(keys)
        return dict(zip(keys, values, strict=True))

    def _set(self, tree: list[Any], depth: int) -> set[Any]:
        items = self._items(tree, depth)
        self._refuse_collisions(items)
        return set(items)

    def _refuse_collisions(self, keys: list[Any]) -> None:
        """Refuse keys made to have the same hashes, with which filling a table takes quadratic time."""
        self._keys += len(keys)
        if self._keys > self._caps.keys:
            raise WireError("a frame has too many keys")
        if len(keys) > _FEW and len(set(map(hash, keys))) < len(keys):
            self._comparisons += _comparisons(keys)
            if self._comparisons > _MAX_COMPARISONS:
                raise WireError("keys collide")

    def _take(self, size: int) -> memoryview:
        start, end = self._position, self._position + size
        if end > len(self._buffers):
            raise WireError("an array is larger than its frame")
        self._position = min(end + -size % ALIGNMENT, len(self._buffers))
        return self._buffers[start:end]

    def _array(self, tree: list[Any], _depth: int) -> Any:
        _, name, layout, writeable, *shape = tree
        dtype = DTYPES[name]
        size = self._number_of_items(shape, dtype.itemsize) * dtype.itemsize
        flat = np.frombuffer(self._take(size), dtype) if size else np.empty(0, dtype)
        if name == "bool":
            _refuse_false_bools(flat)
        return _flagged(self._laid_out(flat, layout, shape), writeable)

    def _laid_out(self, flat: Any, layout: str, shape: list[int]) -> Any:
        if layout not in _LAYOUTS:
            raise WireError("an array has no layout")
        array = flat.reshape(shape[::-1]).T if layout == "F" else flat.reshape(shape)
        if layout == "S" and self._caps.faithful:
            # The worker shall see an array that is not contiguous; with which gaps makes no difference.
            spaced = np.zeros((*shape[:-1], 2 * shape[-1]), flat.dtype)[..., ::2]
            spaced[...] = array
            return spaced
        # The judge has no use for a copy of something large, which would take its memory twice.
        return array.copy("A") if self._caps.faithful or not flat.flags.writeable else array

    def _text_array(self, tree: list[Any], _depth: int) -> Any:
        _, writeable, width, dimensions, *rest = tree
        if type(width) is not int or type(dimensions) is not int or min(width, dimensions) < 0:
            raise WireError("an array of strings is malformed")
        shape, items = rest[:dimensions], rest[dimensions:]
        if not set(map(type, items)) <= {str} or len(items) != self._number_of_items(shape, 4 * max(width, 1)):
            raise WireError("an array of strings has other items")
        items = list(map(_safe, items))
        # Lone surrogates are longer when they are spelled out.
        width = max(width, 1, *map(len, items)) if items else max(width, 1)
        self._array_bytes += 4 * width * volume(shape)
        if self._array_bytes > self._caps.buffers:
            raise WireError("arrays are too large")
        return _flagged(np.array(items, dtype=f"U{width}").reshape(shape), writeable)

    def _number_of_items(self, shape: list[Any], itemsize: int) -> int:
        """Return how many items an array has, whose shape must be one that a frame has room for."""
        if len(shape) > MAX_DIMENSIONS:
            raise WireError("an array has too many dimensions")
        for length in shape:
            if type(length) is not int or not 0 <= length <= self._caps.buffers:
                raise WireError("a shape is malformed")
        if volume(shape) * itemsize > self._caps.buffers:
            raise WireError("an array is too large")
        return math.prod(shape)

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

    def _bytes(self, tree: list[Any], _depth: int) -> bytes:
        _, digits = tree
        return bytes.fromhex(digits)

    def _reference(self, tree: list[Any], _depth: int) -> Any:
        _, kind, number, label = tree
        if kind not in _KINDS or type(number) is not int or not 0 <= number <= MAX_NUMBER or type(label) is not str:
            raise WireError("a reference is malformed")
        reference = Reference(kind, number, _safe(label))
        return reference if self._inward is None else self._inward(reference)


def _flagged(array: Any, writeable: object) -> Any:
    if type(writeable) is not bool:
        raise WireError("an array is malformed")
    array.flags.writeable = writeable
    return array


def _refuse_false_bools(flat: Any) -> None:
    """Refuse bool arrays with bytes other than 0 and 1: NumPy would compute nonsense with them."""
    if flat.size and flat.view(np.uint8).max() > 1:
        raise WireError("a bool is neither true nor false")


def _comparisons(keys: list[Any]) -> int:
    """Return about how many numbers and strings are compared when a table is filled with these keys."""
    weights = defaultdict(list)
    for key in keys:
        weights[hash(key)].append(_weight(key))
    return sum(len(group) * sum(group) for group in weights.values() if len(group) > 1)


def _weight(key: Any) -> int:
    return 1 + sum(map(_weight, key)) if isinstance(key, (tuple, frozenset)) else 1


def _safe(text: str) -> str:
    """Return the text with lone surrogates spelled out, so that it can be printed and stored."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def integer(digits: str) -> int:
    """Return an integer of a header, unless reading it would take too long."""
    if len(digits) > MAX_DIGITS + 1:
        raise WireError(f"an integer has more than {MAX_DIGITS} digits")
    return int(digits)


_DECODERS: Final[dict[str, Callable[[Decoder, list[Any], int], Any]]] = {
    "l": Decoder._items,
    "t": lambda decoder, tree, depth: tuple(decoder._items(tree, depth)),
    "d": Decoder._dict,
    "s": Decoder._set,
    "f": lambda decoder, tree, depth: frozenset(decoder._set(tree, depth)),
    "a": Decoder._array,
    "u": Decoder._text_array,
    "n": Decoder._scalar,
    "c": Decoder._complex,
    "r": Decoder._reference,
    "y": Decoder._bytes,
}
