"""Inputs aimed at edges, and every dress an array may come in.

Structure (number of samples, the edge, the dress) is drawn by Hypothesis and shrinks; numbers come from NumPy's
generator, seeded by one drawn integer, which costs a fraction of drawing each number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.dress import LABEL_DTYPES, LAYOUTS, laid_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

EDGES = ("ordinary", "one sample", "one class", "duplicates", "constant column", "separated", "huge logits")
"""What is special about a generated problem."""

_HUGE = (40.0, 800.0, 1e4)
_MODERATE = 40.0
"""Largest logit of a problem with float32 in it: its seven digits still give the answer to 1e-4."""


@dataclass(frozen=True, eq=False)
class BinaryProblem:
    """Samples with 0/1 labels and a linear model.

    Attributes
    ----------
    X, y
        Samples (n, d) and labels (n,).
    w, b
        Weights (d,) and intercept.
    edge
        What is special about it: one of `EDGES`, and the dress.
    """

    X: NDArray[Any]
    y: NDArray[Any]
    w: NDArray[Any]
    b: float
    edge: str = field(default="", repr=False)

    @property
    def inputs(self) -> tuple[NDArray[Any], ...]:
        """The arrays: what decides the tolerance of an answer."""
        return (self.X, self.y, self.w)


def _samples(rng: np.random.Generator, edge: str, n: int, d: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Make samples and labels with one edge. Two decimals, so that a counterexample can be read."""
    X = np.round(np.clip(rng.normal(size=(n, d)), -2, 2), 2)
    y = rng.integers(0, 2, size=n)
    if edge == "one class":
        y[:] = y[0]
    elif edge == "duplicates":
        rows = rng.integers(0, max(1, n // 2), size=n)
        X = X[rows]  # labels stay: equal rows may disagree
    elif edge == "constant column":
        X[:, 0] = 1.0
    elif edge == "separated":
        y = (X[:, 0] > np.median(X[:, 0])).astype(np.int64)
    return X, y


@st.composite
def binary_problems(
    draw: st.DrawFn,
    *,
    max_samples: int = 9,
    max_features: int = 4,
    huge: bool = True,
    dressed: bool = True,
) -> BinaryProblem:
    """Draw a binary classification problem with a linear model, at or near an edge.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    max_samples, max_features
        The largest problem; the smallest is one sample of one feature.
    huge
        Whether logits may be as large as 1e4 (40 where float32 takes part). Otherwise they stay below about 30.
    dressed
        Whether arrays come as float32 and in any layout, and labels in any dtype.

    Returns
    -------
    BinaryProblem
        Features within ±2; labels 0 and 1, or one of them only.
    """
    edge = draw(st.sampled_from(EDGES if huge else EDGES[:-1]))
    n = 1 if edge == "one sample" else draw(st.integers(2, max_samples))
    d = draw(st.integers(1, max_features))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X, y = _samples(rng, edge, n, d)
    w, b = np.round(rng.normal(size=d), 2), round(float(rng.normal()), 2)
    float_dtype = np.dtype(draw(st.sampled_from(("float64", "float32")))) if dressed else np.dtype("float64")
    if edge == "huge logits":
        largest = _MODERATE if float_dtype == np.float32 else draw(st.sampled_from(_HUGE))
        # Just below the bound: rounding must not carry a logit over it.
        factor = 0.999 * largest / max(float(np.abs(X @ w + b).max()), 1e-3)
        w, b = w * min(factor, largest), b * min(factor, largest)
    layout = draw(st.sampled_from(LAYOUTS)) if dressed else LAYOUTS[0]
    labels = draw(st.sampled_from(LABEL_DTYPES)) if dressed else LABEL_DTYPES[0]
    return BinaryProblem(
        X=laid_out(X.astype(float_dtype), layout),
        y=laid_out(y.astype(labels), layout),
        w=laid_out(w.astype(float_dtype), layout),
        b=b,
        edge=f"{edge}; {layout}",
    )
