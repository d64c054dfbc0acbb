"""smote takes a point for its own neighbour.

Nobody is nearer to a point than itself. New points that repeat old ones are the sign of it; look at k = 1.
"""

caught_by = ("test_smote_takes_no_point_for_its_own_neighbour",)

import numpy as np


def _load(y, s):
    if len(y) != len(s) or len(y) == 0 or np.any((y != 0) & (y != 1)) or not np.all(np.isfinite(s)):
        raise ValueError("bad labels or scores")
    return y > 0, s + 0.0


def weighted_bce(y, p, pos_weight):
    if not pos_weight > 0:
        raise ValueError("bad weight")
    p, t = p.astype("f8"), y.astype("f8")
    return np.mean((1 + (pos_weight - 1) * t) * -np.log(np.abs(1 - t - p) + 1e-12))


def balanced_pos_weight(y):
    ones = y.astype(bool).sum()
    if not ones:
        raise ValueError("nothing is positive")
    return (y.size - ones) / ones


def average_precision(y_true, y_score):
    y, s = _load(y_true, y_score)
    order = np.argsort(-s)
    y, s = y[order], s[order]
    # The precision of a run is that at its last sample: carry it back to the samples before.
    last = np.append(s[1:] != s[:-1], True)
    where = np.minimum.accumulate(np.where(last, np.arange(y.size), y.size)[::-1])[::-1]
    return (np.cumsum(y) / np.arange(1, y.size + 1))[where][y].mean() if y.any() else np.nan


def f_beta(y_true, y_score, threshold, beta):
    y, s = _load(y_true, y_score)
    if beta <= 0:
        raise ValueError("bad beta")
    tp, fp, fn = (np.sum(y & (s >= threshold)), np.sum(~y & (s >= threshold)), np.sum(y & (s < threshold)))
    return (1 + beta**2) * tp / max((1 + beta**2) * tp + beta**2 * fn + fp, 1e-9)


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    y, s = _load(y_true, y_score)
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("bad costs")
    values, code = np.unique(s, return_inverse=True)
    change = np.bincount(code.ravel(), np.where(y, cost_fn, -cost_fp))  # when the threshold rises above a value
    cost = np.cumsum(np.append(cost_fp * np.sum(~y), change))
    cuts = np.concatenate([[values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]])
    return np.array([cuts[cost.argmin()], cost.min()])


def undersample(X, y, negatives_per_positive, seed):
    rng = np.random.default_rng(seed)
    keep = y == 1
    negatives = rng.permutation(np.flatnonzero(~keep))
    keep[negatives[: int(negatives_per_positive * keep.sum())]] = True
    return X[keep], y[keep]


def corrected_probability(p, kept_fraction):
    if not 0 < kept_fraction <= 1:
        raise ValueError("bad fraction")
    return tuple(kept_fraction * p / (1 - (1 - kept_fraction) * p))


def smote(X_minority, n_new, k, seed):
    X, rng = X_minority, np.random.default_rng(seed)
    if len(X) < 2:
        raise ValueError("a lone point")
    table = ((X[:, None] - X) ** 2).sum(2)
    near = table.argsort(1)[:, : min(k, len(X) - 1)]
    a = rng.integers(len(X), size=n_new)
    b = near[a, rng.integers(near.shape[1], size=n_new)]
    t = rng.random((n_new, 1))
    return t * X[a] + (1 - t) * X[b]
