"""Binary classification problems with a linear model."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import digits
from pytest_mlkata.checks.dress import PLAIN, Dress, dresses

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VALUES = np.array([0, 1, -1, 2, -2, 0.5, -0.5, 1.5, -1.5, 0.25, -0.25, 0.75, -0.75, 1.25, -1.25, 1.75, -1.75])
"""What features, weights and intercept are drawn from, the simple ones first: float32 holds them exactly."""

DATA = (
    "any samples",
    "one sample",
    "class 0 only",
    "class 1 only",
    "equal rows",
    "equal rows of both classes",
    "constant column",
    "column of zeros",
    "separated",
)
"""What is special about the samples of a problem."""

MODELS = ("any weights", "saturated logits", "huge logits", "equal logits")
"""What is special about its model."""

_SMALL_MODELS = ("any weights", "any weights", "any weights", "equal logits")
"""Equal logits tell little else, so they are few."""

_SATURATED = 40.0
"""Largest logit where the probability rounds to 0 or 1, and where seven digits still give the answer to 1e-4."""
_HUGE = (1e4, 800.0)
"""Largest logits where an exponential overflows."""


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
        What is special about it: the samples, the model, the dress.
    """

    X: NDArray[Any]
    y: NDArray[Any]
    w: NDArray[Any]
    b: float
    edge: str = field(default="", repr=False)

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], float]:
        """Samples, labels and model, in the order in which functions take them."""
        return self.X, self.y, self.w, self.b

    @property
    def inputs(self) -> tuple[NDArray[Any], ...]:
        """The arrays: what decides the tolerance of an answer."""
        return self.X, self.y, self.w


def _special(X: NDArray[np.float64], y: NDArray[np.int64], what: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Change samples as the edge tells."""
    if what in ("class 0 only", "class 1 only"):
        y = np.full_like(y, what == "class 1 only")
    elif what in ("equal rows", "equal rows of both classes"):
        X = X[np.arange(len(X)) // 2 * 2]
        if what == "equal rows of both classes":
            y = np.arange(len(y)) % 2
    elif what == "constant column":
        X[:, 0] = 1.0
    elif what == "column of zeros":
        X[:, -1] = 0.0
    elif what == "separated":
        X[:, 0] = np.where(y == 1, 1, -1) * np.maximum(np.abs(X[:, 0]), 0.25)
    return X, y


def _model(
    weights: NDArray[np.float64], X: NDArray[np.float64], what: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Change weights and intercept (the last of `weights`) as the edge tells."""
    w, b = weights[:-1], weights[-1]
    if what == "equal logits":
        return np.zeros_like(w), b
    if what == "any weights":
        return w, b
    if not (X @ w + b).any():
        b = np.ones_like(b)
    largest = _SATURATED if what == "saturated logits" else _HUGE[int(b < 0)]
    factor = np.floor(largest / np.abs(X @ w + b).max())  # whole, so that the numbers stay short
    return w * factor, b * factor


def binary_problems(
    *,
    max_samples: int = 9,
    max_features: int = 4,
    huge: bool = True,
    dressed: bool = True,
) -> st.SearchStrategy[BinaryProblem]:
    """Draw a binary classification problem with a linear model, at or near an edge.

    Parameters
    ----------
    max_samples, max_features
        The largest problem; the smallest is one sample of one feature.
    huge
        Whether logits may be as large as 1e4, or 40 where float32 takes part. Otherwise they stay below 20 for up to
        four features.
    dressed
        Whether arrays come as float32 and in any layout, and labels in any dtype.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of BinaryProblem
        Features within ±2; labels 0 and 1, or one of them only.
    """
    most = max_features + 1 + max_samples * max_features
    return st.builds(
        _binary_problem,
        what=st.sampled_from(DATA),
        model=st.sampled_from(MODELS if huge else _SMALL_MODELS),
        n=st.sampled_from(range(min(2, max_samples), max_samples + 1)),
        d=st.integers(1, max_features),
        numbers=st.binary(min_size=most, max_size=most),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _binary_problem(*, what: str, model: str, n: int, d: int, numbers: bytes, dress: Dress) -> BinaryProblem:
    """Make a problem of what was drawn: first the weights and the intercept, then row by row."""
    n = 1 if what == "one sample" else n
    used = numbers[: d + 1 + n * d]
    places, labels = digits(used, len(_VALUES), 2)
    weights, features = np.split(_VALUES[places], [d + 1])
    X, y = _special(features.reshape(n, d), labels[d + 1 :: d], what)
    w, b = _model(weights, X, model)
    if model == "huge logits":
        dress = dataclasses.replace(dress, floats="float64")
    return BinaryProblem(
        X=dress.number_array(X),
        y=dress.label_array(y),
        w=dress.number_array(w),
        b=float(b),
        edge=f"{what}; {model}; {dress.layout}",
    )
