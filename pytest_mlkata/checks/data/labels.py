"""True and predicted labels of many classes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import at_least, digits
from pytest_mlkata.checks.dress import CLASS_DTYPES, LAYOUTS, fits, laid_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASSES: dict[str, tuple[int, ...]] = {
    "classes from 0": (0, 1, 2, 3),
    "two classes": (0, 1),
    "gaps between classes": (3, 7, 100, 11),
    "negative classes": (-1, 1, -2, 0),
    "huge classes": (2**40, 2**40 + 1, -(2**40), 7),
}
"""What the labels of an example are made of."""

AGREEMENTS = (
    "any labels",
    "class only in y_true",
    "class only in y_pred",
    "no class in both",
    "one sample",
    "one class",
    "constant prediction",
    "all right",
    "all wrong",
)
"""How the predicted labels go with the true ones."""

_FEWEST = 2
"""Samples, but for the edge of one sample."""


@dataclass(frozen=True, eq=False)
class LabelPairs:
    """Samples with a true and a predicted label.

    Attributes
    ----------
    y_true, y_pred
        Labels (n,): whole numbers, of a dtype each.
    edge
        What is special about it: the classes, how predictions go with the truth, the dress.
    """

    y_true: NDArray[Any]
    y_pred: NDArray[Any]
    edge: str = field(default="", repr=False)

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """True and predicted labels, in the order in which metrics take them."""
        return self.y_true, self.y_pred

    inputs = arguments


def _related(
    true: NDArray[np.int64], pred: NDArray[np.int64], count: int, how: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Change drawn classes, numbered from 0 to `count` - 1, so that they go together as told."""
    if how == "class only in y_true":
        pred = np.where(pred == true[0], (pred + 1) % count, pred)
    elif how == "class only in y_pred":
        true = np.where(true == pred[0], (true + 1) % count, true)
    elif how == "no class in both":
        true, pred = true // 2 * 2, pred // 2 * 2 + 1
    elif how == "one class":
        true, pred = np.full_like(true, true[0]), np.full_like(pred, true[0])
    elif how == "constant prediction":
        pred = np.full_like(pred, pred[0])
    elif how == "all right":
        pred = true.copy()
    elif how == "all wrong":
        pred = (true + 1 + pred % (count - 1)) % count
    return true, pred


def label_pairs(
    *,
    max_samples: int = 9,
    dtypes: tuple[str, ...] = CLASS_DTYPES,
    dressed: bool = True,
) -> st.SearchStrategy[LabelPairs]:
    """Draw true and predicted labels of one class, of two or of many, at or near an edge.

    Parameters
    ----------
    max_samples
        The most samples, at least 2; the fewest is one.
    dtypes
        What labels may come in. A dtype is used only where it holds the labels; huge ones come as int64 where none
        does.
    dressed
        Whether labels come in all of these and in any layout, or as plain int64.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of LabelPairs
        Whole numbers: negative, with gaps, or as large as ``2 ** 40``. The dtypes of the two may differ.
    """
    if max_samples < _FEWEST:
        raise ValueError(f"max_samples must be at least {_FEWEST}, got {max_samples}")
    offered = dtypes if dressed else ("int64",)
    return st.builds(
        _label_pairs,
        how=st.sampled_from(AGREEMENTS),
        what=st.sampled_from(tuple(CLASSES)),
        samples=st.binary(min_size=1, max_size=max_samples),
        dtypes=st.sampled_from(tuple(itertools.product(offered, offered))),
        layout=st.sampled_from(LAYOUTS) if dressed else st.just(LAYOUTS[0]),
    )


def _label_pairs(*, how: str, what: str, samples: bytes, dtypes: tuple[str, str], layout: str) -> LabelPairs:
    """Make an example of what was drawn."""
    classes = np.array(CLASSES[what])
    drawn = samples[:1] if how == "one sample" else at_least(samples, _FEWEST)
    true, pred = digits(drawn, len(classes), len(classes))
    true, pred = _related(true, pred, len(classes), how)
    in_true, in_pred = (dtype if fits(classes, dtype) else "int64" for dtype in dtypes)
    return LabelPairs(
        y_true=laid_out(classes[true].astype(in_true), layout),
        y_pred=laid_out(classes[pred].astype(in_pred), layout),
        edge=f"{what}; {how}; {layout}",
    )
