"""best_threshold tries one threshold after the other.

Each try counts all samples, which makes n times n of work in a loop. Running sums know every count at once.
"""

caught_by = ("test_best_threshold_is_vectorized",)

import numpy as np


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError("pos_weight must be above 0")
    eps = p.dtype.type(1e-7)
    p = np.clip(p, eps, 1 - eps)
    of_truth = np.where(y == 1, p, 1 - p)
    weight = np.where(y == 1, pos_weight, 1.0).astype(p.dtype)
    return np.average(-np.log(of_truth) * weight)


def balanced_pos_weight(y):
    if np.max(y) == 0:
        raise ValueError("no positives")
    return 1 / np.mean(y, dtype=np.float64) - 1


def _check(y_true, y_score):
    if y_true.size == 0 or y_true.size != y_score.size:
        raise ValueError("y_true and y_score must be equally long, and not empty")
    if np.count_nonzero((y_true != 0) & (y_true != 1)):
        raise ValueError("labels must be 0 or 1")
    if not np.isfinite(y_score).all():
        raise ValueError("scores must be finite")


def _table(y_true, y_score):
    """Columns: distinct score descending, alarms and hits at it."""
    _check(y_true, y_score)
    order = np.lexsort((y_true, -y_score))
    score, hit = y_score[order], np.cumsum(y_true[order] == 1)
    ends = np.append(np.nonzero(score[1:] < score[:-1])[0], len(score) - 1)
    return score[ends], ends + 1, hit[ends]


def average_precision(y_true, y_score):
    _, alarms, hits = _table(y_true, y_score)
    positives = hits[-1]
    if not positives:
        return float("nan")
    new_hits = np.diff(hits, prepend=0)
    return np.float32((new_hits * (hits / alarms)).sum() / positives)


def f_beta(y_true, y_score, threshold, beta):
    _check(y_true, y_score)
    if beta <= 0:
        raise ValueError("beta must be above 0")
    positive = y_true == 1
    flagged = y_score >= threshold
    hits = np.float32((positive & flagged).sum())
    weight = 1 / (1 + beta**2)
    bottom = weight * flagged.sum() + (1 - weight) * positive.sum()
    return hits / bottom if bottom > 0 else 0


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("costs must be at least 0")
    score, alarms, hits = _table(y_true, y_score)
    costs = np.array([cost_fp * np.sum((y_score >= t) & (y_true == 0)) + cost_fn * np.sum((y_score < t) & (y_true == 1)) for t in score])
    nobody = cost_fn * hits[-1]
    i = len(costs) - 1 - np.argmin(costs[::-1])  # the lowest of the best
    if nobody < costs[i]:
        return score[0] + 1, nobody
    return score[i], costs[i]


def undersample(X, y, negatives_per_positive, seed):
    generator = np.random.Generator(np.random.PCG64(seed))
    positives = X[y == 1]
    negatives = X[y == 0]
    count = int(min(len(negatives), negatives_per_positive * len(positives)))
    negatives = generator.permutation(negatives)[:count]
    labels = [0] * count + [1] * len(positives)
    return np.vstack([negatives, positives]), labels


def corrected_probability(p, kept_fraction):
    if not (kept_fraction > 0 and kept_fraction <= 1):
        raise ValueError("kept_fraction must be in (0, 1]")
    return p / (p + (1 - p) / kept_fraction)


def smote(X_minority, n_new, k, seed):
    X = X_minority
    if X.shape[0] < 2:
        raise ValueError("two points at least")
    k = min(k, X.shape[0] - 1)
    squares = np.einsum("nd,nd->n", X, X)
    distance = squares[:, None] + squares - 2 * X @ X.T
    np.fill_diagonal(distance, np.inf)
    nearest = np.argpartition(distance, k - 1)[:, :k]
    generator = np.random.Generator(np.random.PCG64(seed))
    pairs = np.stack([np.repeat(np.arange(len(X)), k), nearest.ravel()])
    start, end = pairs[:, generator.integers(pairs.shape[1], size=n_new)]
    share = generator.random((n_new, 1), dtype=np.float32).astype(X.dtype)
    return (X[start] * share + X[end] * (1 - share)).tolist()
