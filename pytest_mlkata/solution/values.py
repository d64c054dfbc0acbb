"""What can be sent between the judge and a worker: the limits of a value, and the types the wire adds to Python's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ALIGNMENT: Final = 16
MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 4000
MAX_DIMENSIONS: Final = 32
MAX_NUMBER: Final = 2**63 - 1
"""The largest number of an object or a stream."""


@dataclass(frozen=True)
class Caps:
    """How much one frame may hold, and so how much time and memory its receiver may need."""

    header: int
    """Bytes of the header."""
    buffers: int
    """Bytes of all arrays together; those of strings count as they are in memory."""
    values: int
    """JSON values in the header; tags, lengths and the like count too."""
    keys: int
    """Keys of all dicts and members of all sets together."""
    faithful: bool
    """Whether arrays own their memory and have gaps where they had some, as a submission may care about."""


REQUEST: Final = Caps(header=24 * 2**20, buffers=256 * 2**20, values=2_000_000, keys=1_000_000, faithful=True)
"""What the judge sends, and trusts."""

REPLY: Final = Caps(header=4 * 2**20, buffers=32 * 2**20, values=250_000, keys=50_000, faithful=False)
"""What a worker sends: whatever it is, the judge needs less than 100 MB and less than a second for it."""

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
    """An object that stays where it is: an object of the submission, or one of the judge's."""

    kind: str
    """``"object"``, ``"stream"`` or ``"service"``."""
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


def volume(shape: Sequence[int]) -> int:
    """Return how many items an array of a shape has, or would have if it had none because a length is 0.

    An array without items costs nothing to send; but what is computed from it may have the other lengths.
    """
    return math.prod(shape) or math.prod(length or 1 for length in shape)
