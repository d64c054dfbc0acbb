"""What can be sent between the judge and a worker: the limits of a value, and the types the wire adds to Python's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ALIGNMENT: Final = 16
MAX_HEADER: Final = 24 * 2**20
MAX_BUFFERS: Final = 256 * 2**20
MAX_DEPTH: Final = 64
MAX_NODES: Final = 1_000_000
MAX_DIGITS: Final = 4000
MAX_DIMENSIONS: Final = 32

DTYPES: Final = {
    name: np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
"""The dtypes that travel. Others are never looked up by what a frame says."""


class WireError(ValueError):
    """A value cannot be sent, or bytes are not a value."""


@dataclass(frozen=True)
class Reference:
    """An object that stays where it is: an object of the submission, or a stream of the judge."""

    kind: str
    """``"object"`` or ``"stream"``."""
    number: int
    label: str = ""
    """The name of the object's class."""


class Stream:
    """Values that a submission may take once, one after the other, as it asks for them.

    Parameters
    ----------
    values
        Where the values come from; it is only advanced when the submission asks for the next one.

    Attributes
    ----------
    taken
        How many values the submission has taken.
    """

    def __init__(self, values: Iterable[Any]) -> None:
        self._values: Iterator[Any] = iter(values)
        self.taken = 0

    def take(self) -> tuple[bool, Any]:
        """Return whether there is a further value, and the value."""
        for value in self._values:
            self.taken += 1
            return True, value
        return False, None
