"""Answers with lists and Python numbers; quasi-Newton (BFGS) for Platt; searchsorted for the bins."""

import math

import numpy as np


class CalibrationError(ValueError):
    """Bad input."""


def platt_scale(scores, y):
    if len(scores) != len(y):
        raise CalibrationError("lengths")
    scores, y = np.asarray(scores, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if math.isnan(scores.sum()):
        raise CalibrationError("nan")
    if y.min() == y.max():
        raise CalibrationError("a single class")
    plus, minus = float((y > 0.5).sum()), float((y < 0.5).sum())
    t = np.where(y > 0.5, (plus + 1) / (plus + 2), 1 / (minus + 2))
    middle, width = float(np.median(scores)), float(scores.std())
    z = (scores - middle) / width
    shift = float(z.mean())

    def value_and_slope(theta):
        f = theta[0] * (z - shift) + theta[1]
        p = np.exp(-np.logaddexp(0, f))
        return np.mean(np.logaddexp(0, f) - (1 - t) * f), np.array([np.mean((t - p) * (z - shift)), np.mean(t - p)])

    theta, inverse = np.array([0.0, math.log((minus + 1) / (plus + 1))]), 4 * np.eye(2)
    value, slope = value_and_slope(theta)
    for _ in range(500):
        if np.abs(slope).max() < 2e-7:
            break
        direction, step = -inverse @ slope, 1.0
        while True:
            new = theta + step * direction
            new_value, new_slope = value_and_slope(new)
            if new_value <= value + 1e-4 * step * (slope @ direction) or step < 1e-9:
                break
            step /= 2
        s, d = new - theta, new_slope - slope
        if s @ d > 1e-18:
            rho = 1 / (s @ d)
            left = np.eye(2) - rho * np.outer(s, d)
            inverse = left @ inverse @ left.T + rho * np.outer(s, s)
        theta, value, slope = new, new_value, new_slope
    a = theta[0] / width
    return [float(a), float(theta[1] - theta[0] * shift - a * middle)]


def isotonic_fit(x, y, sample_weight=None):
    n = len(x)
    weights = [1.0] * n if sample_weight is None else sample_weight.tolist()
    if len(y) != n or len(weights) != n:
        raise CalibrationError("lengths")
    points = {}
    for a, b, w in zip(x.tolist(), y.tolist(), weights):
        if math.isnan(a) or math.isnan(b) or not w >= 0:
            raise CalibrationError("nan or a negative weight")
        if w > 0:
            mass, total = points.get(a, (0.0, 0.0))
            points[a] = mass + w, total + w * b
    if not points:
        raise CalibrationError("no weight")
    stack = []
    for a in sorted(points):
        mass, total = points[a]
        size = 1
        while stack and stack[-1][1] * mass >= total * stack[-1][0]:
            m, t, k = stack.pop()
            mass, total, size = mass + m, total + t, size + k
        stack.append((mass, total, size))
    return sorted(points), [t / m for m, t, size in stack for _ in range(size)]


def isotonic_predict(thresholds, values, x):
    if len(thresholds) != len(values):
        raise CalibrationError("lengths")
    if np.isnan(x).sum() > 0:
        raise CalibrationError("nan")
    return np.interp(x, thresholds, values).tolist()


def _probabilities(y_true, p):
    y, p = np.array(y_true, dtype=float), np.array(p, dtype=float)
    if len(y) != len(p):
        raise CalibrationError("lengths")
    if not (0 <= p.min() and p.max() <= 1):
        raise CalibrationError("not in [0, 1]")
    return y, p


def reliability_curve(y_true, p, n_bins=10):
    y, p = _probabilities(y_true, p)
    if n_bins < 1:
        raise CalibrationError("bins")
    order = np.argsort(p)
    y, p = y[order], p[order]
    cuts = np.searchsorted(p, np.arange(1, n_bins) / n_bins)
    ends = np.concatenate([[0], cuts, [len(p)]])
    count = np.diff(ends)
    full = count > 0
    mean_p, rate = (np.diff(np.append(0, np.cumsum(each))[ends])[full] / count[full] for each in (p, y))
    return mean_p.tolist(), rate.tolist(), count[full].tolist()


def expected_calibration_error(y_true, p, n_bins=10):
    mean_p, rate, count = map(np.array, reliability_curve(y_true, p, n_bins))
    return float(count @ abs(mean_p - rate)) / len(p)


def brier_score(y_true, p):
    y, p = _probabilities(y_true, p)
    return float(np.mean(p * p - 2 * p * y + y * y))
