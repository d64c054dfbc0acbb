"""Inputs of this kata's own: samples, ensembles and cross-validations near an edge, every legal form, bad input."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import LAYOUTS, every_array_dress, laid_out, with_bad

# Quarters: float32 holds them exactly, so that one answer is right in every dress. Neither sorted nor even.
X = np.array([0.5, -1.0, 2.0, 0.0, 1.25, -1.75])
Y = np.array([1.0, 0.25, -2.0, 3.0, 0.5, -1.0])
COEF = np.array([0.5, -2.0, 0.25])

# Four models at three points.
PREDICTIONS = np.array([[1.0, 2.0, -0.5], [3.0, 2.5, 0.0], [2.0, 4.0, 1.5], [2.0, 0.0, -2.0]])
TRUTH = np.array([1.5, 3.0, 0.25])

ERRORS = np.array([[4.0, 4.5, 3.5], [2.5, 3.0, 2.125], [2.0, 3.0, 2.0], [2.5, 3.5, 2.75]])

PENALTIES = (0.0, 0.25, 2.0, 100.0)

_GRID = np.array([0, 2, -2, 1, -1, 1.5, -1.5, 0.5, -0.5, 1.75, -1.75, 0.75, -0.75, 1.25, -1.25, 0.25, -0.25])
"""Points, such that any first few lie apart."""
_MILD = 1000.0
"""Condition of a design that every way of least squares copes with, in float64."""
_MILDER = 5.0
"""The same in float32: the normal equations square it."""

_SAMPLES = (
    "any samples",
    "samples at the same x",
    "one point more than coefficients",
    "all x above 1",
    "degree 0",
    "equal y",
    "y on a polynomial",
)


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples and the degree of the polynomial to be fitted to them; `edge` is what is special."""

    x: np.ndarray
    y: np.ndarray
    degree: int
    edge: str = field(default="", repr=False)


def samples(*, dressed=True):
    """Draw samples for which the polynomial of least squares is well determined."""
    return st.builds(
        _samples,
        what=st.sampled_from(_SAMPLES),
        degree=st.integers(0, 5),
        more=st.integers(1, 6),
        numbers=st.binary(min_size=34, max_size=34),
        dtype=st.sampled_from(("float64", "float32", "float64") if dressed else ("float64",)),
        layout=st.sampled_from(LAYOUTS if dressed else LAYOUTS[:1]),
    )


def _samples(*, what, degree, more, numbers, dtype, layout):
    drawn = np.frombuffer(numbers, dtype=np.uint8)
    degree = 0 if what == "degree 0" else degree
    distinct = degree + 1 + (1 if what == "one point more than coefficients" else more)
    x = _GRID[np.argsort(drawn[:17], kind="stable")[:distinct]]
    if what == "samples at the same x":
        x = np.append(x, x[drawn[17:20] % distinct])
    if what == "all x above 1":
        x = 1.5 + x / 4
    while np.linalg.cond(np.vander(x, degree + 1)) > _MILD:
        degree -= 1
    y = (drawn[17 : 17 + len(x)] % 33 - 16.0) / 4
    if what == "equal y":
        y[:] = y[0]
    if what == "y on a polynomial":
        y = np.vander(x, degree + 1, increasing=True) @ ((drawn[17 : 18 + degree] % 9 - 4.0) / 2)
    # Where the condition squared is large, only float64 has digits enough.
    dtype = dtype if np.linalg.cond(np.vander(x, degree + 1)) < _MILDER else "float64"
    return Samples(
        laid_out(x.astype(dtype), layout),
        laid_out(y.astype(dtype), layout),
        degree,
        f"{what}; {dtype}, {layout}",
    )


_MODELS = (
    "any models",
    "one model",
    "one point",
    "equal models",
    "right on average",
    "all right",
    "as many models as points",
)
_HIGH = "all near 100"


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Predictions (R, m) of R models at m points and the truth (m,); `edge` is what is special."""

    predictions: np.ndarray
    truth: np.ndarray
    edge: str = field(default="", repr=False)


def ensembles(*, dressed=True):
    """Draw predictions of several models and the truth."""
    return st.builds(
        _ensemble,
        what=st.sampled_from((*_MODELS, _HIGH) if dressed else _MODELS),
        models=st.integers(2, 6),
        count=st.integers(2, 5),
        numbers=st.binary(min_size=35, max_size=35),
        dtype=st.sampled_from(("float64", "float32", "float64") if dressed else ("float64",)),
        layout=st.sampled_from(LAYOUTS if dressed else LAYOUTS[:1]),
    )


def _ensemble(*, what, models, count, numbers, dtype, layout):
    values = (np.frombuffer(numbers, dtype=np.uint8) % 65 - 32.0) / 8
    models = {"one model": 1, "as many models as points": count}.get(what, models)
    count = 1 if what == "one point" else count
    truth, predictions = values[:count], values[count : count + models * count].reshape(models, count)
    if what == "equal models":
        predictions = np.tile(predictions[:1], (models, 1))
    if what == "all right":
        predictions = np.tile(truth, (models, 1))
    if what == "right on average":
        predictions = truth + np.concatenate([predictions, -predictions])
    if what == _HIGH:
        truth, predictions = 99.1 + truth / 8, 99.1 + predictions / 8
    return Ensemble(
        laid_out(predictions.astype(dtype), layout),
        laid_out(truth.astype(dtype), layout),
        f"{what}; {dtype}, {layout}",
    )


_DISTANCES = (0.5, 0.97, 1.04, 1.35, 2.2, 6.0)
"""How far a model is behind the best, in standard errors of the best: off the limit by more than rounding, and on both
sides of what one would get with another divisor, without the root, or with two standard errors."""
_SPREADS = (1.0, 0.25, 4.0)
"""The spread of the errors of a model beside that of the best."""
_OFFSETS = (0.0, -20.0, 1000.0)


@dataclass(frozen=True, eq=False)
class Folds:
    """Errors (n_models, n_folds) of a cross-validation; `edge` is what is special."""

    errors: np.ndarray
    edge: str = field(default="", repr=False)


def cross_validations(*, dressed=True):
    """Draw the errors of a cross-validation, each mean near the limit, but off it."""
    return st.builds(
        _folds,
        models=st.integers(1, 6),
        folds=st.sampled_from((3, 2, 5, 10)),
        best=st.integers(0, 5),
        offset=st.sampled_from(_OFFSETS),
        numbers=st.binary(min_size=16, max_size=16),
        dtype=st.sampled_from(("float64", "float32", "float64") if dressed else ("float64",)),
        layout=st.sampled_from(LAYOUTS if dressed else LAYOUTS[:1]),
    )


def _folds(*, models, folds, best, offset, numbers, dtype, layout):
    drawn = np.frombuffer(numbers, dtype=np.uint8)
    best %= models
    pattern = (drawn[:folds] % 16) / 4.0
    pattern[0] += 4.0 if np.ptp(pattern) == 0 else 0.0
    pattern -= pattern.mean()
    error = pattern.std(ddof=1) / np.sqrt(folds)
    distances = np.array(_DISTANCES)[drawn[10 : 10 + models] % len(_DISTANCES)]
    distances[best] = 0.0
    spreads = np.array(_SPREADS)[drawn[10 : 10 + models] // len(_DISTANCES) % len(_SPREADS)]
    spreads[best] = 1.0
    errors = offset + (distances * error)[:, None] + spreads[:, None] * np.roll(pattern, 1)
    dtype = "float64" if offset else dtype
    what = f"{folds} folds, the best model is number {best} of {models}, errors around {offset:g}"
    return Folds(laid_out(errors.astype(dtype), layout), f"{what}; {dtype}, {layout}")


def sample_forms():
    """Samples in every form: what is special about it, x and y."""
    yield from ((f"x {how}", x, Y) for how, x in every_array_dress(X))
    yield from ((f"y {how}", X, y) for how, y in every_array_dress(Y))
    yield "x and y float32", X.astype("float32"), Y.astype("float32")
    yield "x in descending order", np.sort(X)[::-1], Y
    yield "every x twice", np.tile(X, 2), np.append(Y, Y[::-1])
    yield "600 samples", np.tile(X, 100), np.tile(Y, 100) + np.arange(600) % 4


def ensemble_forms():
    """Predictions and truth in every form: what is special about it, predictions and truth."""
    yield from ((f"predictions {how}", predictions, TRUTH) for how, predictions in every_array_dress(PREDICTIONS))
    yield from ((f"truth {how}", PREDICTIONS, truth) for how, truth in every_array_dress(TRUTH))
    yield "predictions and truth float32", PREDICTIONS.astype("float32"), TRUTH.astype("float32")
    for high in (99.1, 98.3):
        predictions, truth = high + PREDICTIONS / 8, high + TRUTH / 8
        yield f"all near {high}", predictions, truth
        yield f"all near {high}, float32", predictions.astype("float32"), truth.astype("float32")
    yield "one model", PREDICTIONS[:1], TRUTH
    yield "one point", PREDICTIONS[:, :1], TRUTH[:1]
    yield "one model at one point", PREDICTIONS[:1, :1], TRUTH[:1]
    yield "as many models as points", PREDICTIONS[:3], TRUTH
    yield "2000 models", np.tile(PREDICTIONS, (500, 1)), TRUTH


def bad_samples(first="x", second="y"):
    """Samples that do not go together or hold nan: what is wrong, and both arrays."""
    for short in (5, 1):
        yield f"{first} of length 6 with {second} of length {short}", X, Y[:short]
        yield f"{first} of length {short} with {second} of length 6", X[:short], Y
    yield from ((f"{first} of {what}", broken, Y) for what, broken in with_bad(X, np.nan))
    yield from ((f"{second} of {what}", X, broken) for what, broken in with_bad(Y, np.nan))


def bad_models():
    """A degree and a penalty of which one is bad: what is wrong, degree and l2."""
    for degree in (-1, -2, 0.5, 1.5, 2.999, -0.5):
        yield f"degree {degree}", degree, 0.0
        yield f"degree {degree}", degree, 0.5
    for l2 in (-1.0, -0.001, -0.5):
        for degree in (2, 0):
            yield f"l2 = {l2}", degree, l2


def bad_ensembles():
    """Predictions and truth that do not go together or hold nan: what is wrong, and both arrays."""
    longer = np.append(TRUTH, 1.0)
    for truth in (TRUTH[:2], TRUTH[:1], longer):
        yield f"predictions of shape (4, 3) with truth of length {len(truth)}", PREDICTIONS, truth
    yield "predictions of shape (4, 1) with truth of length 3", PREDICTIONS[:, :1], TRUTH
    yield "predictions of shape (1, 3) with truth of length 1", PREDICTIONS[:1], TRUTH[:1]
    yield from ((f"predictions of {what}", broken, TRUTH) for what, broken in with_bad(PREDICTIONS, np.nan))
    yield from ((f"truth of {what}", PREDICTIONS, broken) for what, broken in with_bad(TRUTH, np.nan))


def smoother(x, degree, l2=0.0):
    """The matrix S of a fit at fixed x, which is linear in y: the predictions at x are S y."""
    powers = np.vander(np.asarray(x, dtype=float), degree + 1, increasing=True)
    penalty = l2 * np.diag(np.append(0.0, np.ones(degree)))
    return powers @ np.linalg.solve(powers.T @ powers + penalty, powers.T)
