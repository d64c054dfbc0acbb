"""Reweighted least squares by lstsq, pooling in arrays that jump over blocks, bins by histogram."""

import numpy as np


def platt_scale(scores, y):
    scores, y = np.asarray(scores, float), np.asarray(y, float)
    if len(scores) != len(y) or np.isnan(scores).any() or len(np.unique(y)) < 2:
        raise ValueError("scores and y do not fit, or a class is missing")
    n1, n0 = np.sum(y == 1), np.sum(y == 0)
    t = np.array([1 / (n0 + 2), (n1 + 1) / (n1 + 2)])[y.astype(int)]
    X = np.stack([np.ones_like(scores), (scores - np.mean(scores)) / np.std(scores, ddof=1)], axis=1)
    beta = np.zeros(2)
    while True:
        eta = X @ beta
        p = 0.5 * (1 + np.tanh(eta / 2))
        if np.abs(X.T @ (p - t)).max() / len(t) < 1e-8:
            break
        w = p * (1 - p)
        root = np.sqrt(w)
        beta = np.linalg.lstsq(X * root[:, None], root * (eta + (t - p) / w), rcond=None)[0]
    a = -beta[1] / np.std(scores, ddof=1)
    return np.array([a, -beta[0] - a * np.mean(scores)])


def isotonic_fit(x, y, sample_weight=None):
    if sample_weight is None:
        sample_weight = np.ones(len(x))
    x, y, w = np.asarray(x, float), np.asarray(y, float), np.asarray(sample_weight, float)
    if len({len(x), len(y), len(w)}) != 1:
        raise ValueError("lengths")
    if np.isnan(x + y + w).any() or np.any(w < 0) or np.all(w == 0):
        raise ValueError("values")
    used = np.flatnonzero(w)
    order = used[np.argsort(x[used])]
    x, y, w = x[order], y[order], w[order]
    xs, first = np.unique(x, return_index=True)
    ws = np.add.reduceat(w, first)
    ys = np.add.reduceat(y * w, first) / ws
    # target[i] is the last point of the block that begins at i, and the first of the one that ends there.
    n = len(xs)
    target = np.arange(n)
    i = 0
    while i < n:
        k = target[i] + 1
        if k == n:
            break
        if ys[i] < ys[k]:
            i = k
            continue
        ys[i] = (ys[i] * ws[i] + ys[k] * ws[k]) / (ws[i] + ws[k])
        ws[i] += ws[k]
        target[i] = target[k]
        target[target[k]] = i
        if i > 0:
            i = target[i - 1]
    i = 0
    while i < n:
        ys[i + 1 : target[i] + 1] = ys[i]
        i = target[i] + 1
    return xs, ys


def isotonic_predict(thresholds, values, x):
    if len(thresholds) != len(values):
        raise ValueError("lengths")
    if not (x == x).all():
        raise ValueError("nan")
    order = np.argsort(x)
    result = np.empty(len(x))
    result[order] = np.interp(x[order], thresholds, values)
    return result


def _bins(y_true, p, n_bins):
    if len(y_true) != len(p):
        raise ValueError("lengths")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("no probabilities")
    if n_bins < 1:
        raise ValueError("no bins")
    y, p = np.asarray(y_true, float), np.asarray(p, float)
    return [np.histogram(p, n_bins, (0, 1), weights=weight)[0] for weight in (p, y, np.ones_like(p))]


def reliability_curve(y_true, p, n_bins=10):
    promised, happened, count = _bins(y_true, p, n_bins)
    there = count > 0.5
    return promised[there] / count[there], happened[there] / count[there], count[there]


def expected_calibration_error(y_true, p, n_bins=10):
    promised, happened, _ = _bins(y_true, p, n_bins)
    return np.abs(promised - happened).sum() / len(p)


def brier_score(y_true, p):
    _bins(y_true, p, 1)
    return np.linalg.norm(p - np.asarray(y_true, float)) ** 2 / len(p)
