"""smote looks for neighbours point by point.

A table of all distances, or a tree that is asked for all points, has no loop.
"""

caught_by = ("test_smote_is_vectorized",)

import numpy as np


def _split(y_true, y_score):
    if y_true.shape[0] != y_score.shape[0]:
        raise ValueError("lengths")
    if not y_true.shape[0]:
        raise ValueError("empty")
    if set(np.unique(y_true).tolist()) - {0, 1}:
        raise ValueError("labels")
    s = y_score.astype(float)
    if np.isnan(s).any() or np.isinf(s).any():
        raise ValueError("scores")
    return np.sort(s[y_true == 1]), np.sort(s[y_true == 0])


def weighted_bce(y, p, pos_weight):
    if not pos_weight > 0:
        raise ValueError("pos_weight")
    p = np.maximum(p.astype(float), 1e-30)
    q = np.maximum(1 - p, 1e-30)
    t = (y == 1).astype(float)
    return -(pos_weight * t * np.log(p) + (1 - t) * np.log(q)).mean()


def balanced_pos_weight(y):
    rate = np.mean(y == 1)
    if rate == 0:
        raise ValueError("no positives")
    return (1 - rate) / rate


def average_precision(y_true, y_score):
    pos, neg = _split(y_true, y_score)
    if len(pos) == 0:
        return np.array(np.nan)
    # Each positive contributes the precision at its own score, so that ties count alike.
    tp = len(pos) - np.searchsorted(pos, pos, side="left")
    fp = len(neg) - np.searchsorted(neg, pos, side="left")
    return np.mean(tp / (tp + fp))


def f_beta(y_true, y_score, threshold, beta):
    pos, neg = _split(y_true, y_score)
    if beta <= 0:
        raise ValueError("beta")
    tp = np.count_nonzero(pos >= threshold)
    fp = np.count_nonzero(neg >= threshold)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision, recall = np.divide(tp, tp + fp), np.divide(tp, len(pos))
        return np.nan_to_num((1 + beta * beta) * precision * recall / (beta * beta * precision + recall))


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    if min(cost_fp, cost_fn) < 0:
        raise ValueError("costs")
    pos, neg = _split(y_true, y_score)
    candidates = np.concatenate([[-np.inf], pos, neg, [np.inf]])
    alarms = len(neg) - np.searchsorted(neg, candidates, side="left")
    misses = np.searchsorted(pos, candidates, side="left")
    costs = alarms * float(cost_fp) + misses * float(cost_fn)
    best = costs.argmin()
    return candidates[best], costs[best]


def undersample(X, y, negatives_per_positive, seed):
    positive, negative = np.nonzero(y == 1)[0], np.nonzero(y == 0)[0]
    count = min(len(negative), round(negatives_per_positive * len(positive)))
    np.random.default_rng(seed).shuffle(negative)
    rows = np.append(negative[:count], positive)
    return X.take(rows, axis=0), y.take(rows)


def corrected_probability(p, kept_fraction):
    if not 0 < kept_fraction <= 1:
        raise ValueError("kept_fraction")
    return 1 / (1 + (1 - p) / kept_fraction / np.maximum(p, 1e-300))


def smote(X_minority, n_new, k, seed):
    n = len(X_minority)
    if n < 2:
        raise ValueError("points")
    k = min(k, n - 1)
    X = np.ascontiguousarray(X_minority, dtype=float)
    near = np.array([np.argsort(np.linalg.norm(X - point, axis=1))[1 : k + 1] for point in X])
    rng = np.random.default_rng(seed)
    order = np.resize(rng.permutation(n), n_new)  # each point in turn
    other = near[order, rng.integers(k, size=n_new)]
    gap = rng.beta(2, 2, size=n_new)[:, None]
    return X[order] * (1 - gap) + X[other] * gap
