"""Values as a JSON tree and buffers: the sender's half of `wire`.

The worker runs this on objects of the submission, so it looks at types, never at what an object says of itself, and
calls the methods of the built-in base class.
"""

# ruff: noqa: SLF001 (the table below belongs to the class)

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

# Relative, because the worker loads these modules outside of the package (see `zygote`).
from .values import ALIGNMENT, DTYPES, MAX_DEPTH, MAX_DIGITS, Caps, Reference, WireError, volume

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_BITS: Final = int(MAX_DIGITS * math.log2(10))
_SELF_DESCRIBING: Final = frozenset({type(None), bool, float, str})
_NAMES: Final = {dtype: name for name, dtype in DTYPES.items()}
_COPIED: Final = 65536
_PLAIN: Final = _SELF_DESCRIBING | {int}


class Encoder:
    """Turns one value into a JSON tree and buffers."""

    def __init__(self, caps: Caps, outward: Callable[[Any], Reference] | None) -> None:
        self.buffers: list[Any] = []
        self.size = 0
        self._caps = caps
        self._array_bytes = 0
        self._values = 0
        self._keys = 0
        self._outward = outward

    def encode(self, value: Any, depth: int) -> Any:
        """Return the tree of a value that is inside so many others."""
        kind = type(value)
        if kind in _SELF_DESCRIBING:
            return value
        if depth > MAX_DEPTH:
            raise WireError(f"it is nested deeper than {MAX_DEPTH} levels")
        for base in kind.__mro__:
            if base in _ENCODERS:
                return _ENCODERS[base](self, value, depth)
        return self._foreign(value, depth)

    def _foreign(self, value: Any, depth: int) -> Any:
        if self._outward is None:
            raise WireError(f"a value of type {type(value).__name__} cannot be sent")
        return self.encode(self._outward(value), depth)

    def _number(self, value: Any, depth: int) -> Any:
        if value.dtype.char == "g":  # longdouble: its size differs from machine to machine
            value = np.float64(value)
        name = _NAMES.get(value.dtype)
        return self._foreign(value, depth) if name is None else ["n", name, value.tobytes().hex()]

    def _dict(self, value: dict[Any, Any], depth: int) -> Any:
        self._count_keys(dict.__len__(value))
        return self._items("d", [item for pair in dict.items(value) for item in pair], depth)

    def _items(self, tag: str, values: Any, depth: int) -> list[Any]:
        self._count(len(values))
        kinds = set(map(type, values))
        if kinds <= _PLAIN:
            if int in kinds:
                for value in values:
                    if type(value) is int:
                        _checked(value)
            return [tag, *values]
        return [tag, *[self.encode(value, depth + 1) for value in values]]

    def _set(self, tag: str, values: list[Any], depth: int) -> list[Any]:
        """Encode a set in an order that does not depend on hashes, so that two runs send the same."""
        self._count_keys(len(values))
        return [tag, *sorted(self._items(tag, values, depth)[1:], key=repr)]

    def _array(self, original: Any, depth: int) -> Any:
        array = np.asarray(original)
        if array.dtype.char == "g":
            array = array.astype(np.float64)
        dtype = array.dtype
        if dtype.kind == "O":
            return self.encode(array.tolist(), depth)
        if dtype.kind == "U":
            self._count(array.size)
            self._count_bytes(array, max(dtype.itemsize, 4))
            width = dtype.itemsize // 4
            return ["u", array.flags.writeable, width, array.ndim, *array.shape, *array.reshape(-1).tolist()]
        name = _NAMES.get(dtype) or _NAMES.get(dtype.newbyteorder("="))
        if name is None:
            return self._foreign(original, depth)
        flags = array.flags
        layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "S"
        self._buffer(array if dtype.isnative else array.astype(dtype.newbyteorder("=")), layout)
        return ["a", name, layout, flags.writeable, *array.shape]

    def _buffer(self, array: Any, layout: str) -> None:
        self._count_bytes(array, array.itemsize)
        size = array.nbytes
        padding = -size % ALIGNMENT
        self.size += size + padding
        if size <= _COPIED:
            self.buffers.append(array.tobytes("F" if layout == "F" else "C"))
        else:
            flat = np.ascontiguousarray(array.T if layout == "F" else array).reshape(-1)
            self.buffers.append(flat.view(np.uint8).data)
        if padding:
            self.buffers.append(bytes(padding))

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > self._caps.values:
            raise WireError(f"it has more than {self._caps.values} values")

    def _count_keys(self, keys: int) -> None:
        self._keys += keys
        if self._keys > self._caps.keys:
            raise WireError(f"its dicts and sets have more than {self._caps.keys} keys and members")

    def _count_bytes(self, array: Any, itemsize: int) -> None:
        size = (array.size or volume(array.shape)) * itemsize
        self._array_bytes += size + -size % ALIGNMENT
        if self._array_bytes > self._caps.buffers:
            raise WireError(f"its arrays are larger than {self._caps.buffers // 2**20} MB")


def _checked(value: int) -> int:
    if value.bit_length() > _MAX_BITS:
        raise WireError(f"an integer has more than {MAX_DIGITS} digits")
    return value


# For each base class the encoder of its instances, which uses the methods of the base class whatever a subclass says.
_ENCODERS: Final[dict[type, Callable[[Encoder, Any, int], Any]]] = {
    tuple: lambda encoder, value, depth: encoder._items("t", list(tuple.__iter__(value)), depth),
    list: lambda encoder, value, depth: encoder._items("l", list(list.__iter__(value)), depth),
    dict: Encoder._dict,
    set: lambda encoder, value, depth: encoder._set("s", list(set.__iter__(value)), depth),
    frozenset: lambda encoder, value, depth: encoder._set("f", list(frozenset.__iter__(value)), depth),
    bool: lambda _encoder, value, _depth: value,
    int: lambda _encoder, value, _depth: _checked(int.__index__(value)),
    str: lambda _encoder, value, _depth: str.__str__(value),
    bytes: lambda _encoder, value, _depth: ["y", bytes.hex(value)],
    np.ndarray: Encoder._array,
    np.str_: lambda _encoder, value, _depth: str.__str__(value),
    np.bytes_: lambda _encoder, value, _depth: ["y", bytes.hex(value)],
    np.generic: Encoder._number,
    float: lambda _encoder, value, _depth: float.__pos__(value),
    complex: lambda _encoder, value, _depth: ["c", complex.__pos__(value).real, complex.__pos__(value).imag],
    Reference: lambda _encoder, value, _depth: ["r", value.kind, value.number, value.label],
}
