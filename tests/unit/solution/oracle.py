"""A second reading of the format of frames, as simple as can be, to check the first against."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pytest_mlkata.solution.handle import Handle
from pytest_mlkata.solution.values import DTYPES, REPLY


def agrees(tree: Any, value: Any) -> bool:
    """Tell whether a value is what a header says: a second, simple reading of the format."""
    if type(tree) is str:
        return bool(value == tree.encode("utf-8", "backslashreplace").decode())
    if type(tree) is not list:
        return type(value) is type(tree) and repr(value) == repr(tree)
    return READINGS[tree[0]](value, *tree[1:])


def all_agree(trees: list[Any], values: Any) -> bool:
    return len(trees) == len(values) and all(map(agrees, trees, values))


def is_array(value: Any, name: str, layout: str, writeable: bool, *shape: int) -> bool:  # noqa: FBT001
    return (
        type(value) is np.ndarray
        and value.dtype is DTYPES[name]
        and value.flags.c_contiguous is (layout != "F" or value.flags.f_contiguous is value.flags.c_contiguous)
        and value.flags.writeable is writeable
        and value.shape == shape
        and value.nbytes == math.prod(shape) * value.itemsize <= REPLY.buffers
        and (name != "bool" or bool(value.view(np.uint8).max(initial=0) <= 1))
    )


def is_text_array(value: Any, writeable: bool, width: int, dimensions: int, *rest: Any) -> bool:  # noqa: FBT001
    shape, texts = rest[:dimensions], [text.rstrip("\0") for text in rest[dimensions:]]
    return (
        type(value) is np.ndarray
        and value.dtype.kind == "U"
        and value.dtype.itemsize >= 4 * width
        and value.flags.writeable is writeable
        and value.shape == shape
        and value.nbytes == math.prod(shape) * value.itemsize <= REPLY.buffers
        and all_agree(texts, value.ravel().tolist())
    )


READINGS: dict[str, Callable[..., bool]] = {
    "l": lambda value, *trees: type(value) is list and all_agree(list(trees), value),
    "t": lambda value, *trees: type(value) is tuple and all_agree(list(trees), value),
    "s": lambda value, *trees: type(value) is set and bool(trees) <= len(value) <= len(trees),
    "f": lambda value, *trees: type(value) is frozenset and bool(trees) <= len(value) <= len(trees),
    "d": lambda value, *trees: type(value) is dict and bool(trees) <= len(value) <= len(trees) / 2,
    "a": is_array,
    "u": is_text_array,
    "n": lambda value, name, digits: type(value) is DTYPES[name].type and value.tobytes() == bytes.fromhex(digits),
    "c": lambda value, *parts: type(value) is complex and all_agree(list(parts), [value.real, value.imag]),
    "y": lambda value, digits: type(value) is bytes and value == bytes.fromhex(digits),
    "r": lambda value, *_: type(value) is Handle,
}
