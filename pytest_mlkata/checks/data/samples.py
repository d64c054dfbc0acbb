"""Two samples of one feature: a reference, and a current window to compare with it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import digits
from pytest_mlkata.checks.dress import PLAIN, Dress, dresses

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VALUES = np.array([0, 1, 2, 4, -1, 8, 0.5, -2, -4, -0.5])
"""What samples are made of, the simple ones first: float32 holds them exactly. They are powers of two, so that
a quantile between two equal ones is exactly that number, whichever formula it is found by."""

CONTENTS = (
    "any values",
    "few distinct values",
    "equal windows",
    "same values in another order",
    "constant reference",
    "constant current",
    "current above the reference",
    "current beyond both ends",
    "shifted",
    "one value each",
)
"""What is special about the values."""

LENGTHS = ("equal lengths", "reference longer", "current longer")
"""How long the two are. Where they hold the same values, a longer current window holds each twice."""

_SHORTEST = 4
_NEAR = 1e-6

MISSING = ("none missing", "missing in reference", "missing in current", "missing in both")
"""Where there are nans."""


@dataclass(frozen=True, eq=False)
class Windows:
    """Two samples of one feature.

    Attributes
    ----------
    reference, current
        Values (n,) and (m,).
    edge
        What is special about it: the values, what is missing, the layout.
    """

    reference: NDArray[Any]
    current: NDArray[Any]
    edge: str = field(default="", repr=False)

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Reference and current window, in the order in which functions take them."""
        return self.reference, self.current

    inputs = arguments


def _contents(
    reference: NDArray[np.float64], current: NDArray[np.float64], what: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Change two samples as the edge tells."""
    if what == "few distinct values":
        return reference % 2 // 1, current % 3 // 1
    if what in ("equal windows", "same values in another order"):
        again = len(current) > len(reference)
        return reference, np.roll(np.tile(reference, 2 if again else 1), what != "equal windows")
    if what == "constant reference":
        reference = np.full_like(reference, reference[0])
    elif what == "constant current":
        current = np.full_like(current, current[0])
    elif what == "current above the reference":
        current = current + 20
    elif what == "current beyond both ends":
        current = np.where(np.arange(len(current)) % 2, current - 20, current + 20)
    elif what == "shifted":
        current = current + 1
    elif what == "one value each":
        return reference[:1], current[:1]
    return reference, current


def windows(
    *,
    max_length: int = 12,
    n_bins: int | None = None,
    missing: bool = False,
    dressed: bool = True,
) -> st.SearchStrategy[Windows]:
    """Draw a reference and a current window of one feature, at or near an edge.

    Parameters
    ----------
    max_length
        The longest window, at least 4; the shortest is one value.
    n_bins
        If the values will be counted in bins between quantiles of the reference, how many. Then no value lies on an
        edge that rounding could put on either side of it: only on edges between equal values of the reference.
    missing
        Whether some values may be nan, never all of a window.
    dressed
        Whether values come as float32 and in any layout.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of Windows
        Small whole numbers and halves, with many ties; the lengths may differ.
    """
    if max_length < _SHORTEST:
        raise ValueError(f"max_length must be at least {_SHORTEST}, got {max_length}")
    return st.builds(
        _windows,
        what=st.sampled_from(CONTENTS),
        length=st.sampled_from(range(2, max_length + 1)),
        lengths=st.sampled_from(LENGTHS),
        gaps=st.sampled_from(MISSING if missing else MISSING[:1]),
        numbers=st.binary(min_size=2 * max_length, max_size=2 * max_length),
        n_bins=st.just(n_bins),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _windows(
    *, what: str, length: int, lengths: str, gaps: str, numbers: bytes, n_bins: int | None, dress: Dress
) -> Windows:
    """Make two samples of what was drawn."""
    (places,) = digits(numbers, len(_VALUES))
    drawn = _VALUES[places].reshape(2, -1)
    half = length // 2
    reference = drawn[0, : _usable(half if lengths == "current longer" else length, n_bins)]
    current = drawn[1, : {"equal lengths": len(reference), "reference longer": half, "current longer": length}[lengths]]
    reference, current = _contents(reference, current, what)
    if n_bins is not None:
        current = _off_edges(current, reference, n_bins)
    if gaps in ("missing in reference", "missing in both"):
        reference = np.insert(reference, half % (len(reference) + 1), np.nan)
    if gaps in ("missing in current", "missing in both"):
        current = np.insert(current, 0, [np.nan, np.nan])
    return Windows(
        reference=dress.number_array(reference),
        current=dress.number_array(current),
        edge=f"{what}; {gaps}; {dress.layout}",
    )


def _usable(length: int, n_bins: int | None) -> int:
    """Shorten a reference until no quantile for so many bins falls on one of its values by rounding."""
    while n_bins is not None and length > 1 and math.gcd(length - 1, n_bins) > 1:
        length -= 1
    return length


def _off_edges(current: NDArray[np.float64], reference: NDArray[np.float64], n_bins: int) -> NDArray[np.float64]:
    """Move values that lie on an edge between different values of the reference down to the lower of the two."""
    edges = np.quantile(reference, np.arange(1, n_bins) / n_bins)
    near = (np.abs(current[:, None] - edges) < _NEAR).any(axis=1) & ~np.isin(current, reference)
    ranked = np.sort(reference)
    below = ranked[np.maximum(np.searchsorted(ranked, current) - 1, 0)]
    return np.where(near, below, current)
