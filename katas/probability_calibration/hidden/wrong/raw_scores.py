"""platt_scale descends on the scores as they are, not standardised.

Scores of a thousand make the step far too long, scores of a thousandth far too short, and far from 0 the two numbers
pull at each other. Look at scores in other units.
"""

caught_by = ("test_platt_scale_takes_scores_of_any_unit",)

import numpy as np


def _probabilities(y_true, p):
    y, p = np.asarray(y_true, dtype=float).ravel(), np.asarray(p, dtype=float).ravel()
    if y.size != p.size:
        raise ValueError("different lengths")
    bad = np.isnan(p) | (p < 0) | (p > 1)
    if bad.any():
        raise ValueError(f"{bad.sum()} values are no probabilities")
    return y, p


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def platt_scale(scores, y):
    s, labels = np.asarray(scores, dtype=float), np.asarray(y, dtype=float)
    if s.shape != labels.shape or not np.isfinite(s).all():
        raise ValueError("bad scores")
    ones = labels.sum()
    zeros = labels.size - ones
    if min(ones, zeros) == 0:
        raise ValueError("a class is missing")
    target = labels * (ones + 1) / (ones + 2) + (1 - labels) / (zeros + 2)
    z = s
    w, c = 0.0, 0.0
    for _ in range(20_000):
        error = _sigmoid(w * z + c) - target
        dw, dc = (error * z).mean(), error.mean()
        if max(abs(dw), abs(dc)) < 5e-7:
            break
        w -= 0.5 * dw
        c -= 0.5 * dc
    return -w, -c


def isotonic_fit(x, y, sample_weight=None):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    w = np.ones(x.size) if sample_weight is None else np.asarray(sample_weight, dtype=float)
    if not x.size == y.size == w.size:
        raise ValueError("different lengths")
    if np.isnan(np.concatenate([x, y, w])).any():
        raise ValueError("nan")
    if w.min() < 0 or w.max() <= 0:
        raise ValueError("weights")
    groups, inverse = np.unique(x, return_inverse=True)
    mass, total = np.zeros(groups.size), np.zeros(groups.size)
    np.add.at(mass, inverse, w)
    np.add.at(total, inverse, w * y)
    groups, mass, total = groups[mass > 0], mass[mass > 0], total[mass > 0]
    # The fit is the slope of the greatest convex minorant of the points (sum of w, sum of w * y).
    W, T = np.append(0, np.cumsum(mass)), np.append(0, np.cumsum(total))
    hull = [0]
    for i in range(1, W.size):
        while len(hull) > 1:
            o, k = hull[-2], hull[-1]
            if (T[k] - T[o]) * (W[i] - W[k]) < (T[i] - T[k]) * (W[k] - W[o]):
                break
            hull.pop()
        hull.append(i)
    hull = np.array(hull)
    slopes = np.diff(T[hull]) / np.diff(W[hull])
    return groups, np.repeat(slopes, np.diff(hull))


def isotonic_predict(thresholds, values, x):
    t, v, x = (np.asarray(each, dtype=float) for each in (thresholds, values, x))
    if t.size != v.size or not np.isfinite(x).all():
        raise ValueError("bad input")
    below, above = x <= t[0], x >= t[-1]
    out = np.empty(x.shape)
    out[below], out[above] = v[0], v[-1]
    inside = ~(below | above)
    i = np.searchsorted(t, x[inside], side="right") - 1
    slope = np.diff(v) / np.diff(t)
    out[inside] = v[i] + slope[i] * (x[inside] - t[i])
    return out


def reliability_curve(y_true, p, n_bins=10):
    if n_bins < 1:
        raise ValueError("n_bins")
    y, p = _probabilities(y_true, p)
    which = np.digitize(p, np.linspace(0, 1, n_bins + 1)[1:-1])
    order = np.argsort(which, kind="stable")
    bins, start, count = np.unique(which[order], return_index=True, return_counts=True)
    return np.add.reduceat(p[order], start) / count, np.add.reduceat(y[order], start) / count, count


def expected_calibration_error(y_true, p, n_bins=10):
    mean_p, rate, count = reliability_curve(y_true, p, n_bins)
    return np.average(abs(np.subtract(mean_p, rate)), weights=count)


def brier_score(y_true, p):
    y, p = _probabilities(y_true, p)
    return np.square(p - y).mean()
