"""How answers of this kata are judged: a minimum by the slope there, a function by what is read off it."""

import numpy as np

from pytest_mlkata.checks import close, number, numbers, pair, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}

CURVE = "mean_p, rate, count"

FLAT, FLAT_FLOAT32 = 1e-6, 1e-4
"""Slopes that are near enough to 0."""


def is_minimal(solution, scores, y, note=""):
    """Require that the answer of platt_scale is a minimum: by its slope, so that every way to get there is right."""
    call = f"platt_scale(scores, y){note and ', ' + note}"
    if len(scores) <= 9:
        call = f"platt_scale({scores.tolist()}, {y.tolist()}){note and ', ' + note}"
    a, b = pair(solution.platt_scale(scores, y), call, "a, b")
    a, b = number(a, f"a of {call}"), number(b, f"b of {call}")
    require(np.isfinite(a) and np.isfinite(b), f"a and b of {call} must be finite, got {a:.6g} and {b:.6g}")
    slope = max(map(abs, slopes(scores, y, a, b)))
    spread = np.sqrt(len(scores) / (len(scores) - 1))  # a standard deviation may divide by n - 1
    right_a, right_b = answer.platt_scale(scores, y)
    require(
        slope <= (FLAT_FLOAT32 if scores.dtype == np.float32 else FLAT) * spread * 1.001,
        f"{call}: expected about a = {right_a:.6g}, b = {right_b:.6g}, got a = {a:.6g}, b = {b:.6g}; "
        f"there, with standardised scores, the mean cross-entropy still has a slope of {slope:.2g}",
    )


def slopes(scores, y, a, b):
    """Differentiate the mean cross-entropy with Platt's targets by the two parameters, for standardised scores."""
    scores, y = scores.astype(float), y.astype(float)
    positives = y.sum()
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (len(y) - positives + 2))
    z = (scores - scores.mean()) / scores.std()
    # The same curve in z: rounding of a * scores is kept out of the slopes, as far as (a, b) hold digits at all.
    A, B = a * scores.std(), b + a * scores.mean()
    p = 1 / (1 + np.exp(np.clip(A * z + B, -500, 500)))
    return np.mean((target - p) * z), np.mean(target - p)


def is_isotonic_fit(solution, x, y, *weight, note=""):
    """Require that the answer of isotonic_fit is the right function, whichever of its points are returned."""
    call = f"isotonic_fit({', '.join('xyw'[: 2 + len(weight)])})"
    if len(x) <= 6:
        call = f"isotonic_fit({', '.join(str(each.tolist()) for each in (x, y, *weight) if each is not None)})"
    call += note and f", {note}"
    thresholds, values = pair(solution.isotonic_fit(x, y, *weight), call, "thresholds, values")
    thresholds = numbers(thresholds, f"thresholds of {call}")
    require(
        thresholds.ndim == 1 and thresholds.size > 0,
        f"thresholds of {call} must be an array (k,), got an array of shape {thresholds.shape}",
    )
    values = numbers(values, f"values of {call}", thresholds.shape)
    require(
        (np.diff(thresholds) > 0).all(), f"thresholds of {call} must be strictly increasing, got {thresholds.tolist()}"
    )
    where = places(x)
    right = answer.isotonic_predict(*answer.isotonic_fit(x, y, *weight), where)
    read = f"the function of {call}, read at x = {where.tolist()}" if len(where) <= 16 else f"the function of {call}"
    close(np.interp(where, thresholds, values), right, read, inputs=(x, y, *weight), **NEAR)


def places(x):
    """Where to read a function: at each x, between neighbours, and outside."""
    known = np.unique(x.astype(float))
    between = (known[1:] + known[:-1]) / 2
    return np.unique(np.concatenate([[known[0] - 1], known, between, [known[-1] + 1]]))
