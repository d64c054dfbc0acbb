"""average_precision goes through the samples one by one.

A running sum is one operation.
"""

caught_by = ("test_average_precision_is_vectorized",)

import numpy as np


def _check(y_true, y_score):
    y_true, y_score = np.asarray(y_true), np.asarray(y_score)
    if len(y_true) != len(y_score):
        raise ValueError("y_true and y_score differ in length")
    if len(y_true) == 0:
        raise ValueError("no samples")
    if not np.all(np.isin(y_true, (0, 1))):
        raise ValueError("labels must be 0 or 1")
    if not np.all(np.isfinite(y_score)):
        raise ValueError("scores must be finite")
    return y_true.astype(bool), y_score.astype(np.float64)


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError("pos_weight must be positive")
    y = np.asarray(y).astype(np.float64)
    p = np.clip(np.asarray(p).astype(np.float64), 1e-9, 1 - 1e-9)
    return float(-np.mean(pos_weight * y * np.log(p) + (1 - y) * np.log(1 - p)))


def balanced_pos_weight(y):
    y = np.asarray(y).astype(bool)
    if not y.any():
        raise ValueError("no positives")
    return np.sum(~y) / np.sum(y)


def average_precision(y_true, y_score):
    y, s = _check(y_true, y_score)
    n_pos = y.sum()
    if n_pos == 0:
        return float("nan")
    order = np.argsort(s, kind="stable")[::-1]
    y, s = y[order], s[order]
    last = np.flatnonzero(np.r_[np.diff(s) != 0, True])
    hits, running = 0, []
    for label in y:
        hits += int(label)
        running.append(hits)
    tp = np.array(running)[last]
    precision = tp / (last + 1)
    recall = np.r_[0.0, tp / n_pos]
    return float(np.sum(np.diff(recall) * precision))


def f_beta(y_true, y_score, threshold, beta):
    if beta <= 0:
        raise ValueError("beta must be positive")
    y, s = _check(y_true, y_score)
    flagged = s >= threshold
    tp = np.sum(flagged & y)
    precision = tp / flagged.sum() if flagged.any() else 0.0
    recall = tp / y.sum() if y.any() else 0.0
    if precision + recall == 0:
        return 0.0
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("costs must not be negative")
    y, s = _check(y_true, y_score)
    order = np.argsort(s)
    y, s = y[order], s[order]
    # cut i: the first i samples, in ascending order, are predicted negative
    missed = np.r_[0, np.cumsum(y)]
    alarms = np.sum(~y) - np.r_[0, np.cumsum(~y)]
    cost = cost_fp * alarms + cost_fn * missed
    possible = np.r_[True, s[1:] != s[:-1], True]
    cuts = np.flatnonzero(possible)
    best = cuts[np.argmin(cost[cuts])]
    if best == 0:
        threshold = s[0] - 1
    elif best == len(s):
        threshold = s[-1] + 1
    else:
        threshold = (s[best - 1] + s[best]) / 2
    return float(threshold), float(cost[best])


def undersample(X, y, negatives_per_positive, seed):
    y = np.asarray(y)
    positive = np.where(y == 1)[0]
    negative = np.where(y == 0)[0]
    n_neg = min(len(negative), int(round(negatives_per_positive * len(positive))))
    keep = np.random.RandomState(seed).permutation(negative)[:n_neg]
    rows = np.sort(np.concatenate([positive, keep]))
    return np.asarray(X)[rows], y[rows]


def corrected_probability(p, kept_fraction):
    if kept_fraction <= 0 or kept_fraction > 1:
        raise ValueError("kept_fraction must be in (0, 1]")
    p = np.asarray(p, dtype=np.float64)
    return kept_fraction * p / (kept_fraction * p - p + 1)


def smote(X_minority, n_new, k, seed):
    X = np.asarray(X_minority, dtype=np.float64)
    n = len(X)
    if n < 2:
        raise ValueError("at least two points are needed")
    k = min(k, n - 1)
    squared = np.zeros((n, n))
    for column in X.T:
        squared += (column[:, None] - column[None, :]) ** 2
    squared[np.arange(n), np.arange(n)] = np.inf
    neighbours = np.argsort(squared, axis=1)[:, :k]
    rng = np.random.RandomState(seed)
    start = rng.randint(0, n, size=n_new)
    end = neighbours[start, rng.randint(0, k, size=n_new)]
    gap = rng.uniform(size=(n_new, 1))
    return X[start] + gap * (X[end] - X[start])
