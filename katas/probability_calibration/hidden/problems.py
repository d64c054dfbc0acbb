"""Inputs of this kata's own: small cases by hand, every legal form, bad input, and data of any size."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    LABEL_DTYPES,
    LAYOUTS,
    binary_scores,
    every_array_dress,
    every_label_dress,
    laid_out,
    sample_weights,
    with_bad,
)

# Quarters and eighths: float32 holds them exactly, so that one answer is right in every dress.
LABELS = np.array([1, 0, 1, 1, 0, 1, 0])
SCORES = np.array([1.5, 0.25, -0.5, 2.0, -1.25, 0.75, 1.0])
P = np.array([0.875, 0.5625, 0.125, 0.9375, 0.0, 1.0, 0.625])

X = np.array([2.0, 0.5, 1.0, 3.0, 2.0, -1.0, 0.5])
WEIGHT = np.array([1.0, 2.0, 0.5, 1.0, 3.0, 0.25, 0.0])

THRESHOLDS = np.array([-1.0, 0.5, 2.0, 2.5, 4.0])
VALUES = np.array([-2.0, 0.25, 0.25, 1.0, 1.5])
QUERIES = np.array([2.25, -1.0, 9.0, 0.5, -3.0, 4.0, 0.0, 3.0, 1.0])


# platt_scale


def logits(**options):
    """Draw labels of both classes, and scores that are neither equal nor nearly so: what can be standardised."""

    def usable(problem):
        spread = problem.y_score.astype(float).std()
        return spread > 1e-3 and abs(problem.y_score.astype(float).mean()) < 100 * spread

    return binary_scores(both_classes=True, **options).filter(usable)


def hard_scores():
    """Where optimisers get stuck or stop too early: what is hard, scores and labels."""
    rng = np.random.default_rng(0)
    line, half = np.linspace(-1.0, 1.0, 100), np.arange(100) >= 50
    y = half.astype(int)
    yield "separable", line, y
    yield "separable, class 1 with the lower scores", line, 1 - y
    yield "separable by a wide gap", line + 20 * half, y
    yield "scores that tell nothing of the class", line, np.arange(100) % 2
    yield "1 of 60 samples of class 1, with the highest score", line[:60], (np.arange(60) == 59).astype(int)
    yield "1 of 60 samples of class 0, in the middle", line[:60], (np.arange(60) != 30).astype(int)
    yield "many equal scores", np.round(rng.normal(size=80)) + 0.0, (rng.random(80) < 0.3).astype(int)
    yield "two scores of either class", np.array([0.0, 1.0, 0.0, 1.0]), np.array([1, 0, 0, 1])
    rare = np.arange(60) >= 57
    yield "3 of 60 samples of class 1, far above the others", line[:60] + 10 * rare, rare.astype(int)
    yield "3 of 60 samples of class 0, far above the others", line[:60] + 10 * rare, 1 - rare
    yield "noise", line + 0.25 * y, (line + rng.normal(size=100) > 0.5).astype(int)


def moved_scores():
    """Scores in other units and far from 0: what they are, scores and labels."""
    rng = np.random.default_rng(1)
    y = (rng.random(40) < 0.4).astype(int)
    scores = rng.normal(size=40) + y
    scores = (scores - scores.mean()) / scores.std()
    for spread, offset in ((1e-3, 0), (1e4, 0), (1, 100), (1, -100), (1e-3, 100), (1e4, -100), (1e4, 3), (30, 1)):
        yield f"scores of mean {spread * offset:g} and standard deviation {spread:g}", (scores + offset) * spread, y


def score_forms():
    """Legal input of platt_scale in every form: what is special about it, scores and labels."""
    yield from ((f"y {how}", SCORES, y) for how, y in every_label_dress(LABELS))
    yield from ((f"scores {how}", scores, LABELS) for how, scores in every_array_dress(SCORES))
    yield "scores float32, y bool", SCORES.astype("float32"), LABELS.astype(bool)
    yield "scores float32, y uint8", SCORES.astype("float32"), LABELS.astype("uint8")
    yield "two samples", SCORES[:2], LABELS[:2]
    # More than 255 of each: counts must not be kept in the dtype of the labels.
    yield from (
        (f"1400 samples, y {how}", np.tile(SCORES, 200), y) for how, y in every_label_dress(np.tile(LABELS, 200))
    )


# isotonic_fit

KINDS = ("any", "labels", "going down", "going up", "a low one at the end", "a high one at the start", "all equal")
PLACES = ("few x", "distinct x", "x of any size", "one x")
ORDERS = ("any order", "ascending", "descending")
SIZES = np.array([-1000.0, -8.5, -0.125, 0.0, 1e-6, 0.5, 3.0, 1e5])


@dataclass(frozen=True, eq=False)
class Staircase:
    """Points to fit a non-decreasing function to; weights are None or (n,)."""

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray | None
    edge: str = field(default="", repr=False)

    @property
    def arguments(self):
        return (self.x, self.y) if self.weight is None else (self.x, self.y, self.weight)


@st.composite
def staircases(draw, *, weights="any or none", dressed=True):
    """Draw points to fit, ties of x and of y among them; weights are "none", "positive" or "any or none"."""
    kind, place = draw(st.sampled_from(KINDS)), draw(st.sampled_from(PLACES))
    order = draw(st.sampled_from(ORDERS))
    drawn = np.frombuffer(draw(st.binary(min_size=1, max_size=9)), dtype=np.uint8).astype(int)
    n = len(drawn)
    steps = drawn % 8
    x = {
        "few x": steps % 4 + 0.5,
        "distinct x": np.random.default_rng(int(steps.sum())).permutation(n) * 1.5,
        "x of any size": SIZES[steps],
        "one x": np.full(n, 2.0),
    }[place]
    y = (drawn // 8) % 9 - 4.0
    if kind == "labels":
        y = (y > 0) * 1.0
    elif kind == "all equal":
        y[:] = y[0]
    elif kind != "any":
        y[np.argsort(x, kind="stable")] = np.sort(y)[:: -1 if kind == "going down" else 1]
        if kind == "a low one at the end":
            y[np.argmax(x)] = -20.0
        elif kind == "a high one at the start":
            y[np.argmin(x)] = 20.0
    if order != ORDERS[0]:
        by_x = np.argsort(x if order == "ascending" else -x, kind="stable")
        x, y = x[by_x], y[by_x]
    weight = None
    if weights == "positive" or (weights != "none" and draw(st.booleans())):
        weight = draw(sample_weights(n, zeros=weights != "positive", dressed=False))
    layout = "contiguous"
    if dressed:
        layout, floats = draw(st.sampled_from(LAYOUTS)), draw(st.sampled_from(("float64", "float32", "float64")))
        # Weights of 1 are lost beside running sums of a million in float32: only in float64 may they be that unequal.
        if weight is None or weight.max() < 1e3:
            x, y = x.astype(floats), y.astype(floats)
        x, y = laid_out(x, layout), laid_out(y, layout)
        weight = None if weight is None else laid_out(weight, layout)
    return Staircase(x, y, weight, f"{kind}; {place}; {order}; {'no' if weight is None else 'with'} weights; {layout}")


def staircase_forms():
    """Legal input of isotonic_fit in every form: what is special about it, and the arguments."""
    reals = np.array([1.0, 0.25, -0.5, 2.0, 4.0, 1.5, 0.75])
    yield from ((f"y {how}", X, y) for how, y in every_label_dress(LABELS))
    yield from ((f"y {how}, with weights", X, y, WEIGHT) for how, y in every_label_dress(LABELS))
    yield from ((f"x {how}", x, reals, WEIGHT) for how, x in every_array_dress(X))
    yield from ((f"y {how}", X, y, WEIGHT) for how, y in every_array_dress(reals))
    yield from ((f"sample_weight {how}", X, reals, weight) for how, weight in every_array_dress(WEIGHT))
    yield from ((f"y {how}, x distinct", np.arange(7.0)[::-1], y) for how, y in every_array_dress(reals))
    yield "sample_weight None", X, reals, None
    # Labels that go down, so that all are one block: its sum must not be kept in the dtype of the labels.
    falling = np.repeat([1, 0], [600, 300])
    yield from ((f"900 labels that go down, y {how}", np.arange(900.0), y) for how, y in every_label_dress(falling))
    yield from ((f"900 labels of equal x, y {how}", np.full(900, 0.5), y) for how, y in every_label_dress(falling))


def weightless_points():
    """Points of which some weigh nothing: what is special about it, x, y and weights."""
    x, y = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 2.0, 1.0, 5.0])
    yield "weight 0 in the middle of a step up", x, np.array([0.0, 0.5, 9.0, 5.0]), np.array([1.0, 1.0, 0.0, 1.0])
    yield "weight 0 at a value that would be pooled", x, y, np.array([1.0, 0.0, 1.0, 1.0])
    yield "weight 0 at the lowest x", x, np.array([9.0, 0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0, 1.0])
    yield "weight 0 at the highest x", x, np.array([0.0, 1.0, 2.0, -9.0]), np.array([1.0, 1.0, 1.0, 0.0])
    yield (
        "weight 0 at the highest x, with a higher y",
        x,
        np.array([0.0, 1.0, 2.0, 9.0]),
        np.array([1.0, 1.0, 1.0, 0.0]),
    )
    yield "weight 0 at one of two equal x", np.array([1.0, 2.0, 2.0, 3.0]), y, np.array([1.0, 0.0, 1.0, 1.0])
    yield "all but one of weight 0", x, y, np.array([0.0, 0.0, 2.0, 0.0])
    yield "two neighbours of weight 0", x, np.array([0.0, 9.0, -9.0, 1.0]), np.array([1.0, 0.0, 0.0, 2.0])


# The functions of probabilities


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Labels and probabilities, and bins on whose inner edges none of these lies."""

    y_true: np.ndarray
    p: np.ndarray
    n_bins: int
    edge: str = field(default="", repr=False)

    @property
    def arguments(self):
        return self.y_true, self.p, self.n_bins


@st.composite
def forecasts(draw, *, dressed=True):
    """Draw labels and probabilities in bins: 0 and 1 themselves, one bin, the outermost, bins without any."""
    n_bins = draw(st.sampled_from((10, 1, 2, 3, 4, 7, 15, 100, 1000)))
    what = draw(st.sampled_from(("any bin", "0 and 1 only", "one bin", "the outermost bins", "0 and 1 among others")))
    labels = draw(st.sampled_from(("mixed", "class 1 only", "class 0 only", "as the forecast says")))
    drawn = np.frombuffer(draw(st.binary(min_size=1, max_size=9)), dtype=np.uint8).astype(int)
    bins = (drawn // 2 * 31) % n_bins
    if what == "one bin":
        bins[:] = bins[0]
    elif what == "the outermost bins":
        bins = np.where(bins * 2 < n_bins, 0, n_bins - 1)
    p = (bins + np.array([0.5, 0.125, 0.25, 0.75, 0.875])[drawn % 5]) / n_bins
    if what == "0 and 1 only":
        p = (drawn // 2 % 2).astype(float)
    elif what == "0 and 1 among others":
        p[::2] = drawn[::2] // 2 % 2
    y = {"mixed": drawn % 2, "class 1 only": drawn * 0 + 1, "class 0 only": drawn * 0, "as the forecast says": p > 0.5}
    y_true, layout = y[labels].astype(int), "contiguous"
    if dressed:
        layout = draw(st.sampled_from(LAYOUTS))
        y_true = laid_out(y_true.astype(draw(st.sampled_from(LABEL_DTYPES))), layout)
        p = laid_out(p.astype(draw(st.sampled_from(("float64", "float32", "float64")))), layout)
    return Forecasts(y_true, p, n_bins, f"{what}; {labels}; {layout}")


def forecast_forms():
    """Legal labels and probabilities in every form: what is special about it, labels and probabilities."""
    yield from ((f"y_true {how}", y, P) for how, y in every_label_dress(LABELS))
    yield from ((f"p {how}", LABELS, p) for how, p in every_array_dress(P))
    yield "p float32, y_true bool", LABELS.astype(bool), P.astype("float32")
    yield "p of 0 and 1, y_true bool", LABELS.astype(bool), 1.0 - LABELS
    yield "one sample of class 1", LABELS[:1], P[:1]
    yield "one sample of class 0", LABELS[1:2], P[1:2]
    yield "one sample, p = 1", LABELS[:1], np.ones(1)
    yield "one sample, p = 0", LABELS[:1], np.zeros(1)
    yield "class 0 only", np.zeros(7, dtype=int), P
    yield "class 1 only", np.ones(7, dtype=int), P
    yield "p a hair above 0 and below 1", LABELS[:2], np.array([1e-300, 1 - 1e-9])
    # More than 255 in a bin: counts must not be kept in the dtype of the labels.
    yield from (
        (f"2100 samples, y_true {how}", y, np.tile(P, 300)) for how, y in every_label_dress(np.tile(LABELS, 300))
    )
    yield from ((f"600 samples, y_true {how}", y, np.full(600, 0.55)) for how, y in every_label_dress(np.ones(600)))


# Bad input


def bad_lengths(*arrays):
    """Arrays of which one is shorter, longer, or has a single element that would broadcast, and what is wrong."""
    whole = len(arrays[0])
    for i in range(len(arrays)):
        for length in (whole - 1, whole + 1, 1):
            yield (
                f"lengths {', '.join(str(length if i == j else whole) for j in range(len(arrays)))}",
                *(np.resize(array, length) if i == j else array for j, array in enumerate(arrays)),
            )


def bad_forecasts():
    """What is wrong with labels and probabilities, and these."""
    yield from bad_lengths(LABELS, P)
    yield from (
        (f"p of {what}", LABELS, p) for what, p in with_bad(P, np.nan, -1e-9, 1.00001, -0.01, 7.0, -np.inf, np.inf)
    )
    yield "nothing but nan in p", LABELS, np.full(7, np.nan)
    yield "percents", LABELS, P * 100


# Data of any size


def large(n):
    """Scores and labels of n samples: the same 128 again and again, so that an optimiser takes as many steps."""
    rng = np.random.default_rng(0)
    y = np.arange(128) % 2
    scores = rng.normal(size=128) + y
    return np.resize(scores, n), np.resize(y, n)


def large_forecasts(n):
    """Labels and probabilities of n samples."""
    rng = np.random.default_rng(0)
    p = rng.random(n)
    return (rng.random(n) < p).astype(int), p


def large_staircase(n):
    """Points that go up, in any order of x, and at the end a few so low that all of it is pooled with them.

    Whoever begins from the start after each merger, or makes pass after pass, has as many passes as there are points.
    """
    order = np.random.default_rng(0).permutation(n)
    y = np.arange(float(n))
    y[-1] = -(float(n) ** 2)
    return order.astype(float), y[order]
