"""Inputs aimed at edges, as strategies of Hypothesis.

Ordinary random inputs find half of what real code gets wrong, however many are drawn. So every strategy draws its
edges by name; everything it makes keeps the contract of the katas, holds numbers that a person can read, and shrinks.

Hypothesis repeats parts of an example that look alike: of sixty examples with lists of numbers in them, most are
variations of a few, with the same edge. A run of bytes is one part: it is drawn in one go, and shrinks byte by byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from numpy.typing import NDArray


def digits(drawn: bytes, *bases: int) -> tuple[NDArray[np.int64], ...]:
    """Read every byte as a small number for each base.

    Parameters
    ----------
    drawn
        What ``st.binary`` gave.
    *bases
        How many values each number has; together at most 256.

    Returns
    -------
    tuple of numpy.ndarray
        For each base an array as long as `drawn`, of numbers from 0 to below the base. A byte of 0 is 0 in each.
    """
    rest = np.frombuffer(drawn, dtype=np.uint8).astype(np.int64)
    numbers = []
    for base in bases:
        rest, number = np.divmod(rest, base)
        numbers.append(number)
    return tuple(numbers)


def at_least(drawn: bytes, fewest: int) -> bytes:
    """Fill up what was drawn, where an edge takes more of it.

    Parameters
    ----------
    drawn
        What ``st.binary`` gave.
    fewest
        How many bytes are needed.

    Returns
    -------
    bytes
        `drawn`, with zeros behind it where it is shorter.
    """
    return drawn.ljust(fewest, b"\0")


def given_or_drawn(value: int | st.SearchStrategy[int]) -> st.SearchStrategy[int]:
    """Make a strategy of a number, where it is not one already.

    Parameters
    ----------
    value
        A number, or a strategy for it.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of int
        What draws the number.
    """
    return st.just(value) if isinstance(value, int) else value
