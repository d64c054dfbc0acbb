"""corrected_probability writes over p.

p belongs to the caller, who finds other probabilities there afterwards.
"""

caught_by = ("test_corrected_probability_has_known_values", "test_corrected_probability_takes_arrays_of_any_form")

import numpy as np


class Ranked:
    """Samples in descending order of score, with running counts at the end of each run of equal scores."""

    def __init__(self, y_true, y_score):
        y = np.array(y_true, dtype=float)
        s = np.array(y_score, dtype=float)
        if y.ndim != 1 or y.shape != s.shape or not len(y):
            raise ValueError("one label and one score for each of at least one sample")
        if not np.array_equal(y, y.astype(bool)):
            raise ValueError("labels are 0 and 1")
        if not np.isfinite(s).all():
            raise ValueError("scores are finite")
        by_score = s.argsort()[::-1]
        self.y, self.s = y[by_score], s[by_score]
        run = np.append(0, np.cumsum(self.s[1:] < self.s[:-1]))
        self.values = self.s[np.append(True, np.diff(run) > 0)]
        self.hits = np.add.reduceat(self.y, np.flatnonzero(np.append(True, np.diff(run) > 0)))
        self.sizes = np.bincount(run)

    @property
    def positives(self):
        return self.y.sum()

    def at(self, threshold):
        alarms = np.searchsorted(-self.s, -threshold, side="right")
        return self.y[:alarms].sum(), alarms


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError("pos_weight")
    y = np.asarray(y)
    p = np.asarray(p, dtype=float)
    of_positives = -np.log(np.fmax(p[y == 1], 1e-20)).sum()
    of_negatives = -np.log(np.fmax(1 - p[y == 0], 1e-20)).sum()
    return (pos_weight * of_positives + of_negatives) / len(y)


def balanced_pos_weight(y):
    positives = float(np.sum(y, dtype=float))
    if positives < 1:
        raise ValueError("no positives")
    return len(y) / positives - 1


def average_precision(y_true, y_score):
    ranked = Ranked(y_true, y_score)
    if ranked.positives == 0:
        return np.nan
    return np.average(np.cumsum(ranked.hits) / np.cumsum(ranked.sizes), weights=ranked.hits)


def f_beta(y_true, y_score, threshold, beta):
    if beta <= 0:
        raise ValueError("beta")
    ranked = Ranked(y_true, y_score)
    hits, alarms = ranked.at(threshold)
    if hits == 0:
        return 0.0
    precision, recall = hits / alarms, hits / ranked.positives
    share = 1 / (1 + beta**2)
    return 1 / (share / precision + (1 - share) / recall)


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("costs")
    ranked = Ranked(y_true, y_score)
    gain = np.cumsum(ranked.hits * cost_fn - (ranked.sizes - ranked.hits) * cost_fp)
    nobody = ranked.positives * cost_fn
    if gain.max() <= 0:
        return np.nextafter(ranked.values[0], np.inf), nobody
    best = gain.argmax()
    return ranked.values[best], nobody - gain[best]


def undersample(X, y, negatives_per_positive, seed):
    np.random.seed(seed)
    wanted = negatives_per_positive * np.sum(y == 1)
    shuffled = np.random.permutation(len(y))
    is_negative = y[shuffled] == 0
    keep = ~is_negative | (np.cumsum(is_negative) <= wanted)
    return X[shuffled[keep]], y[shuffled[keep]]


def corrected_probability(p, kept_fraction):
    if kept_fraction > 1 or kept_fraction <= 0:
        raise ValueError("kept_fraction")
    negative = (1.0 - p) / kept_fraction
    p /= negative + p
    return p


def smote(X_minority, n_new, k, seed):
    np.random.seed(seed)
    points = np.array(X_minority, dtype=float)
    n = points.shape[0]
    if n <= 1:
        raise ValueError("points")
    table = np.linalg.norm(points[:, None] - points[None], axis=-1)
    rank = table.argsort(axis=1).argsort(axis=1)
    first, second = np.nonzero((rank >= 1) & (rank <= k))
    which = np.random.choice(len(first), n_new)
    gap = np.random.rand(n_new)
    return points[first[which]] + gap[:, None] * (points[second[which]] - points[first[which]])
