"""Calibration: Platt scaling, isotonic regression, and how to see whether probabilities mean what they say.

Platt scaling is a logistic regression on one feature, with targets a little inside of 0 and 1. Isotonic regression is a
staircase: neighbours that go down are pooled until none do. Both are judged by bins, of which each compares what was
promised with what happened.
"""

import numpy as np


def platt_scale(scores, y):
    scores, y = _numbers(scores, y)
    positives, negatives = np.sum(y == 1), np.sum(y == 0)
    if not positives or not negatives:
        raise ValueError("both classes are needed")
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    mean, spread = scores.mean(), scores.std()
    Z = np.column_stack([(scores - mean) / spread, np.ones(len(y))])
    theta = np.zeros(2)
    for _ in range(25):  # Newton: from zero some ten steps do, as the targets keep the minimum near
        p = 1 / (1 + np.exp(Z @ theta))
        gradient = Z.T @ (target - p)
        hessian = (Z.T * (p * (1 - p))) @ Z
        theta -= np.linalg.solve(hessian, gradient)
    a = theta[0] / spread
    return a, theta[1] - a * mean


def isotonic_fit(x, y, sample_weight=None):
    x, y, weight = _numbers(x, y, np.ones(len(x)) if sample_weight is None else sample_weight)
    if weight.min() < 0 or weight.max() == 0:
        raise ValueError("weights must not be negative, nor all zero")
    counts = weight > 0
    thresholds, point = np.unique(x[counts], return_inverse=True)
    weights = np.bincount(point, weight[counts])
    means = np.bincount(point, weight[counts] * y[counts]) / weights
    # Pool adjacent violators (Ayer et al., 1955): on the stack are blocks that go up. A point may have to join the
    # block before it, and both of them the next; but a merger leaves one block fewer, so all of it is O(n).
    blocks = []
    for mean, mass in np.column_stack([means, weights]):
        blocks.append((mean, mass, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (right, b, j), (left, a, i) = blocks.pop(), blocks.pop()
            blocks.append(((left * a + right * b) / (a + b), a + b, i + j))
    return thresholds, np.repeat([mean for mean, _, _ in blocks], [size for _, _, size in blocks])


def isotonic_predict(thresholds, values, x):
    _numbers(x)
    return np.interp(x, thresholds, values)  # which refuses lengths that differ


def reliability_curve(y_true, p, n_bins=10):
    y, p = _probabilities(y_true, p)
    if n_bins < 1:
        raise ValueError("there must be a bin")
    bins = np.minimum((p * n_bins).astype(int), n_bins - 1)
    count = np.bincount(bins)
    filled = count > 0
    mean_p, rate = (np.bincount(bins, each)[filled] / count[filled] for each in (p, y))
    return mean_p, rate, count[filled]


def expected_calibration_error(y_true, p, n_bins=10):
    mean_p, rate, count = reliability_curve(y_true, p, n_bins)
    return np.average(np.abs(mean_p - rate), weights=count)


def brier_score(y_true, p):
    y, p = _probabilities(y_true, p)
    return np.mean((p - y) ** 2)


def _probabilities(y_true, p):
    y, p = _numbers(y_true, p)
    if p.min() < 0 or p.max() > 1:
        raise ValueError("probabilities must lie in [0, 1]")
    return y, p


def _numbers(*arrays):
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"lengths differ: {[len(array) for array in arrays]}")
    if any(np.isnan(array).any() for array in arrays):
        raise ValueError("there is nan among the numbers")
    return [array.astype(float) for array in arrays]
