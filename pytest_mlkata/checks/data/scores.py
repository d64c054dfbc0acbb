"""Scored samples of two classes: for metrics that compare scores with a threshold or with each other."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import at_least, digits
from pytest_mlkata.checks.dress import PLAIN, Dress, dresses

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOW = 4
"""In a list of nine scores the first four lie below the fifth, and the last four above it: see `SCORES`."""
_MIDDLE = _LOW
_RANKS = 2 * _LOW + 1

SCORES: dict[str, tuple[float, ...]] = {
    "probabilities": (0.25, 0.0, 0.375, 0.125, 0.5, 0.75, 1.0, 0.625, 0.875),
    "logits": (-1.0, -2.5, -0.25, -8.0, 0.0, 2.0, 0.75, 3.5, 8.0),
    "huge logits": (-1000.0, -1e4, -40.0, -9999.0, 0.0, 1000.0, 1e4, 40.0, 9999.0),
    "negative scores": (-8.0, -5.0, -1000.0, -6.0, -4.0, -3.0, -1.0, -0.5, -2.0),
    "few distinct scores": (0.25, 0.25, 0.25, 0.25, 0.5, 0.75, 0.75, 0.75, 0.75),
    "scores of 0 and 1": (0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 1.0),
    "signed zeros": (0.0, -0.0, 0.0, -0.0, 0.125, 0.25, 0.5, 1.0, 0.75),
    "adjacent floats": (),
}
"""What the scores of an example are made of, the simple ones first. Neighbours in float64 depend on the threshold."""

_UNBOUNDED = ("logits", "huge logits", "negative scores")
"""What leaves the interval from 0 to 1."""

TWO_CLASSES = (
    "mixed",
    "ties across classes",
    "separated",
    "reversed",
    "ties within a class",
    "all scores equal",
    "unbalanced",
)
"""How the labels go with the scores where both classes are present."""

ONE_CLASS = ("only positives", "only negatives", "one sample")
"""How the labels go with the scores where a class is missing."""

ORDERS = ("any order", "ascending", "descending")
"""How the samples are sorted by score."""

_FEWEST = {"one sample": 1, "ties within a class": 3, "unbalanced": 4, "only positives": 1, "only negatives": 1}
_IN_ORDER = ("separated", "reversed", "ties within a class")
"""Where a single score must not be moved."""


@dataclass(frozen=True, eq=False)
class BinaryScores:
    """Samples with 0/1 labels and a score each.

    Attributes
    ----------
    y_true, y_score
        Labels (n,) and scores (n,).
    threshold
        One of the thresholds that were asked for; half where none was.
    edge
        What is special about it: the scores, how labels go with them, their order, whether a score lies on the
        threshold, the dress.
    """

    y_true: NDArray[Any]
    y_score: NDArray[Any]
    threshold: float = field(default=0.5, repr=False)
    edge: str = field(default="", repr=False)

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Labels and scores, in the order in which metrics take them."""
        return self.y_true, self.y_score

    inputs = arguments


def _neighbours(middle: float) -> tuple[float, ...]:
    """Nine scores around `middle`, each the next float64 of another."""
    below, above = [middle], [middle]
    for _ in range(_LOW):
        below.append(float(np.nextafter(below[-1], -np.inf)))
        above.append(float(np.nextafter(above[-1], np.inf)))
    return (*below[1:], middle, *above[1:])


def _related(ranks: NDArray[np.int64], y: NDArray[np.int64], how: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Change drawn ranks (places in a list of nine scores) and labels so that they go together as told."""
    if how in ("only positives", "only negatives"):
        return ranks, np.full_like(y, how == "only positives")
    if how == "one sample":
        return ranks[:1], y[:1]
    if y.min() == y.max():
        y[-1] = 1 - y[-1]
    if how == "unbalanced":
        y = np.where(np.arange(len(y)) == ranks[0] % len(y), y[0], 1 - y[0])
    elif how == "all scores equal":
        ranks[:] = ranks[0]
    elif how == "ties across classes":
        ranks[np.flatnonzero(y != y[0])[0]] = ranks[0]
    elif how in ("separated", "reversed"):
        high = y == (how == "separated")
        ranks = ranks % _LOW + np.where(high, _MIDDLE + 1, 0)
    elif how == "ties within a class":
        tied = y == (2 * y.sum() > len(y))
        ranks = np.where(tied, _MIDDLE, np.where(ranks == _MIDDLE, 0, ranks))
    return ranks, y


def binary_scores(
    *,
    max_samples: int = 9,
    both_classes: bool = False,
    thresholds: tuple[float, ...] = (0.5,),
    logits: bool = True,
    dressed: bool = True,
) -> st.SearchStrategy[BinaryScores]:
    """Draw labels and scores of two classes, at or near an edge.

    Parameters
    ----------
    max_samples
        The most samples, at least 4; the fewest is one, or two where `both_classes` are wanted.
    both_classes
        Whether each class has a sample. Otherwise a third of the examples lacks one.
    thresholds
        Values that a score is compared with. One of them is drawn into the example, and in about half of the examples
        a score lies exactly on it.
    logits
        Whether scores may leave the interval from 0 to 1, up to ±1e4.
    dressed
        Whether scores come as float32, labels in any dtype, and both in any layout. Scores that float32 does not hold
        exactly come as float64 always, so that rounding never carries one to a threshold or to another.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of BinaryScores
        Labels 0 and 1 with finite scores: short fractions, and neighbours of float64 among them.
    """
    if max_samples < max(_FEWEST.values()):
        raise ValueError(f"max_samples must be at least {max(_FEWEST.values())}, got {max_samples}")
    kinds = tuple(kind for kind in SCORES if logits or kind not in _UNBOUNDED)
    return st.builds(
        functools.partial(_binary_scores, logits=logits),
        how=st.sampled_from(TWO_CLASSES if both_classes else TWO_CLASSES + ONE_CLASS),
        what=st.sampled_from(kinds),
        order=st.sampled_from(ORDERS),
        threshold=st.sampled_from(thresholds),
        place=st.integers(0, 3),
        samples=st.binary(min_size=1, max_size=max_samples),
        dress=dresses() if dressed else st.just(PLAIN),
    )


def _binary_scores(
    *, how: str, what: str, order: str, threshold: float, place: int, samples: bytes, dress: Dress, logits: bool
) -> BinaryScores:
    """Make an example of what was drawn; `place` tells which score to put on the threshold, with 0 for none."""
    ranks, y = digits(at_least(samples, _FEWEST.get(how, 2)), _RANKS, 2)
    ranks, y = _related(ranks, y, how)
    scores = np.array(SCORES[what] or _neighbours(_inside(threshold, logits=logits)))[ranks]
    if place and how not in _IN_ORDER:
        scores[scores == scores[(place - 1) % len(scores)]] = threshold  # ties stay ties
    if order != ORDERS[0]:
        by_score = np.argsort(scores if order == "ascending" else -scores, kind="stable")
        scores, y = scores[by_score], y[by_score]
    on_it = "score on the threshold" if (scores == threshold).any() else "no score on the threshold"
    return BinaryScores(
        y_true=dress.label_array(y),
        y_score=dress.number_array(scores),
        threshold=threshold,
        edge=f"{what}; {how}; {order}; {on_it}; {dress.layout}",
    )


def _inside(threshold: float, *, logits: bool) -> float:
    """Where to look for neighbours: around the threshold, but not around 0, nor outside of probabilities."""
    usable = threshold != 0 and (logits or 0 < threshold < 1)
    return threshold if usable else 0.5
