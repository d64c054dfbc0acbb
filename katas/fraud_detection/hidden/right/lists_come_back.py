"""Lists and 0-d arrays come back, a millionth is added in the logarithms, bincount over runs, norms of all differences."""
import numpy as np


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError("pos_weight")
    p = np.asarray(p, dtype=np.float64)
    y = np.asarray(y) == 1
    tiny = 1e-6
    return np.array(-np.where(y, pos_weight * np.log(p + tiny), np.log(1 - p + tiny)).sum() / y.size)


def balanced_pos_weight(y):
    counts = np.bincount(np.asarray(y).astype(np.intp), minlength=2).tolist()
    if not counts[1]:
        raise ValueError("no positives")
    return np.array(counts[0] / counts[1])


def verified(y_true, y_score):
    y = np.asarray(y_true)
    s = np.asarray(y_score)
    if len(y) != len(s):
        raise ValueError("lengths")
    if len(y) == 0:
        raise ValueError("none")
    if not set(np.unique(y).tolist()) <= {0, 1}:
        raise ValueError("labels")
    if np.isnan(s).any() or np.isinf(s).any():
        raise ValueError("scores")
    return y.astype(np.int64), s


def average_precision(y_true, y_score):
    y, s = verified(y_true, y_score)
    _, inverse, counts = np.unique(-s, return_inverse=True, return_counts=True)
    hits = np.bincount(inverse.ravel(), weights=y)
    # 0/0 where there are none: nan by itself
    return np.array((hits / hits.sum()) @ (hits.cumsum() / counts.cumsum()))


def f_beta(y_true, y_score, threshold, beta):
    y, s = verified(y_true, y_score)
    if beta <= 0:
        raise ValueError("beta")
    hat = np.greater_equal(s, threshold).astype(np.int64)
    tp = int(hat @ y)
    fp = int(hat.sum()) - tp
    fn = int(y.sum()) - tp
    bottom = (1 + beta**2) * tp + beta**2 * fn + fp
    return 0.0 if bottom == 0 else (1 + beta**2) * tp / bottom


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    y, s = verified(y_true, y_score)
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("costs")
    values, inverse, counts = np.unique(s, return_inverse=True, return_counts=True)
    ones = np.bincount(inverse.ravel(), weights=y, minlength=len(values))
    zeros = counts - ones
    missed = np.concatenate([[0], np.cumsum(ones)])
    alarms = np.concatenate([np.cumsum(zeros[::-1])[::-1], [0]])
    costs = cost_fn * missed + cost_fp * alarms
    candidates = np.concatenate([values, [np.inf]])
    i = np.argmin(costs)
    return [np.array(candidates[i]), np.array(costs[i])]


def undersample(X, y, negatives_per_positive, seed):
    y = np.asarray(y)
    rng = np.random.default_rng(seed)
    pos = np.argwhere(y == 1).ravel()
    neg = np.argwhere(y == 0).ravel()
    m = int(negatives_per_positive * len(pos) + 0.5)
    if m < len(neg):
        neg = rng.permutation(neg)[:m]
    keep = rng.permutation(np.concatenate([pos, neg]))
    return [np.asarray(X)[keep].tolist(), y[keep].tolist()]


def corrected_probability(p, kept_fraction):
    if not (kept_fraction > 0 and kept_fraction <= 1):
        raise ValueError("fraction")
    p = np.asarray(p, dtype=np.float64)
    return (p / (p + (1 - p) / kept_fraction)).tolist()


def smote(X_minority, n_new, k, seed):
    X = np.asarray(X_minority, dtype=np.float64)
    n = X.shape[0]
    if n <= 1:
        raise ValueError("points")
    k = min(int(k), n - 1)
    rng = np.random.default_rng(seed)
    gaps = np.linalg.norm(X[:, np.newaxis, :] - X[np.newaxis, :, :], axis=2)
    gaps[np.arange(n), np.arange(n)] = np.inf
    near = np.argsort(gaps, axis=1, kind="stable")[:, :k]
    # every point in its turn, in an order drawn at random
    start = rng.permutation(np.arange(n_new) % n)
    end = np.take_along_axis(near[start], rng.integers(0, k, size=(n_new, 1)), axis=1)[:, 0]
    t = rng.uniform(0.01, 0.99, size=n_new)
    return ((1 - t)[:, None] * X[start] + t[:, None] * X[end]).tolist()
