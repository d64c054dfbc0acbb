"""Weights of samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import at_least, digits, given_or_drawn
from pytest_mlkata.checks.dress import PLAIN, Dress, dresses

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS: dict[str, tuple[float, ...]] = {
    "ones": (1.0, 1.0, 1.0, 1.0),
    "whole numbers": (1.0, 2.0, 3.0, 5.0),
    "zeros among whole numbers": (1.0, 0.0, 0.0, 2.0),
    "a single one": (0.0, 0.0, 0.0, 0.0),
    "equal fractions": (0.25, 0.25, 0.25, 0.25),
    "fractions": (0.5, 1.0, 0.25, 1.75),
    "zeros among fractions": (0.5, 0.0, 0.0, 1.75),
    "a million times another": (1.0, 1e6, 1.0, 1e6),
}
"""What the weights of an example are made of."""

_WHOLE = ("ones", "whole numbers", "zeros among whole numbers", "a single one")
"""Weights that a person would write as so many equal samples."""
_MANY = 16
"""Numbers to draw where it is not known how many are needed; the others are the simplest."""


def sample_weights(
    n: int | st.SearchStrategy[int],
    *,
    whole: bool = False,
    zeros: bool = True,
    dressed: bool = True,
) -> st.SearchStrategy[NDArray[Any]]:
    """Draw weights of samples, at or near an edge.

    Parameters
    ----------
    n
        How many, or a strategy for it; at least 1.
    whole
        Whether there are whole numbers up to 5 only: a sample of weight 3 is as good as three samples.
    zeros
        Whether some weights may be zero. There is always one that is not.
    dressed
        Whether weights come as float32 and in any layout.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of numpy.ndarray
        Weights (n,): not negative, not all zero, with ratios up to 1e6.
    """
    kinds = tuple(
        kind for kind, values in WEIGHTS.items() if (zeros or min(values) > 0) and (kind in _WHOLE or not whole)
    )
    count = n if isinstance(n, int) else _MANY
    return st.builds(
        _sample_weights,
        n=given_or_drawn(n),
        what=st.sampled_from(kinds),
        numbers=st.binary(min_size=count, max_size=count),
        place=st.integers(0, _MANY),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _sample_weights(*, n: int, what: str, numbers: bytes, place: int, dress: Dress) -> NDArray[Any]:
    """Make weights of what was drawn; `place` tells which of them is not zero in any case."""
    values = WEIGHTS[what]
    (drawn,) = digits(at_least(numbers, n)[:n], len(values))
    weights = np.array(values)[drawn]
    if not weights[place % n]:
        weights[place % n] = 1.0
    elif what == "a million times another":
        weights[place % n] = 1e6
    return dress.number_array(weights)
