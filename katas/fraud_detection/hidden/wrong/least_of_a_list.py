"""best_threshold takes the least of a list of pairs.

Python's min looks at one pair after the other, be it only one for each fraud. NumPy says where an
array is least.
"""

caught_by = ("test_best_threshold_is_vectorized",)

from functools import cached_property

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import xlogy


class Curve:
    def __init__(self, y_true, y_score):
        labels = np.asarray(y_true).astype(np.float64)
        self.scores = np.asarray(y_score).astype(np.float64)
        if labels.ndim != 1 or labels.shape != self.scores.shape or labels.size == 0:
            raise ValueError("labels and scores must be vectors of one length, not empty")
        if set(np.unique(labels)) - {0.0, 1.0}:
            raise ValueError("labels must be 0 and 1")
        if not np.isfinite(self.scores).all():
            raise ValueError("scores must be finite")
        self.positive = np.sort(self.scores[labels == 1])
        self.negative = np.sort(self.scores[labels == 0])

    @cached_property
    def thresholds(self):
        return np.unique(self.scores)[::-1]

    def tp(self, threshold):
        return self.positive.size - np.searchsorted(self.positive, threshold, side="left")

    def fp(self, threshold):
        return self.negative.size - np.searchsorted(self.negative, threshold, side="left")


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError(f"pos_weight is {pos_weight}")
    y = np.asarray(y, dtype=np.float64)
    p = np.asarray(p, dtype=np.float64)
    tiny = 1e-30
    return np.asarray(-(xlogy(pos_weight * y, p + tiny) + xlogy(1 - y, 1 - p + tiny)).mean())


def balanced_pos_weight(y):
    counts = np.bincount(np.asarray(y).astype(int), minlength=2)
    if counts[1] == 0:
        raise ValueError("there are no positives")
    return np.asarray(counts[0] / counts[1])


def average_precision(y_true, y_score):
    curve = Curve(y_true, y_score)
    if curve.positive.size == 0:
        return np.asarray(np.nan)
    tp, fp = curve.tp(curve.thresholds), curve.fp(curve.thresholds)
    return np.asarray(np.diff(tp, prepend=0) @ (tp / (tp + fp)) / curve.positive.size)


def f_beta(y_true, y_score, threshold, beta):
    curve = Curve(y_true, y_score)
    if beta <= 0:
        raise ValueError(f"beta is {beta}")
    tp, fp = curve.tp(threshold), curve.fp(threshold)
    if tp == 0:
        return np.asarray(0.0)
    precision, recall = tp / (tp + fp), tp / curve.positive.size
    weight = 1 / (1 + beta**2)
    return np.asarray(1 / (weight / precision + (1 - weight) / recall))


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    curve = Curve(y_true, y_score)
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("negative cost")
    candidates = np.append(np.unique(curve.positive), np.inf)
    cost = cost_fp * curve.fp(candidates) + cost_fn * (curve.positive.size - curve.tp(candidates))
    least, threshold = min(zip(cost.tolist(), candidates.tolist(), strict=True))
    return threshold, least


def undersample(X, y, negatives_per_positive, seed):
    rng = np.random.Generator(np.random.MT19937(seed))
    positives, negatives = np.flatnonzero(np.asarray(y) == 1), np.flatnonzero(np.asarray(y) == 0)
    n_keep = min(negatives.size, int(round(float(negatives_per_positive) * positives.size)))
    rng.shuffle(negatives)
    kept = np.union1d(positives, negatives[:n_keep])
    return np.take(X, kept, axis=0), np.take(y, kept)


def corrected_probability(p, kept_fraction):
    if not 0.0 < kept_fraction <= 1.0:
        raise ValueError(f"kept_fraction is {kept_fraction}")
    p = np.asarray(p, dtype=np.float64)
    with np.errstate(divide="ignore"):
        odds = kept_fraction * (p / (1 - p))
        return 1 / (1 + 1 / odds)


def smote(X_minority, n_new, k, seed):
    points = np.ascontiguousarray(X_minority, dtype=np.float64)
    if points.shape[0] < 2:
        raise ValueError("fewer than two points")
    distance = cdist(points, points)
    np.fill_diagonal(distance, np.inf)
    k = min(k, points.shape[0] - 1)
    rank = distance.argsort(axis=1).argsort(axis=1)
    pairs = np.argwhere(rank < k)
    rng = np.random.default_rng([seed, 17])
    start, stop = points[pairs[rng.choice(len(pairs), n_new)].T]
    return stop + rng.random(n_new)[:, None] * (start - stop)
