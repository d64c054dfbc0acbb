"""Rare positives: a weighted loss, metrics, a threshold that minds costs, and resampling.

Average precision and the cheapest threshold both follow from the counts of every threshold at once: with the scores in
descending order, running sums of the labels count what lies at or above each of them. Only the last sample of a run of
equal scores counts, since a threshold cannot split the run.
"""

import numpy as np


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError("pos_weight must be above 0")
    p = np.clip(np.asarray(p, dtype=float), 1e-12, 1 - 1e-12)  # float64 first: in float32 the upper end would be 1
    return -np.mean(np.where(y == 1, pos_weight * np.log(p), np.log(1 - p)))


def balanced_pos_weight(y):
    positives = np.count_nonzero(y)
    if positives == 0:
        raise ValueError("there are no positives")
    return (len(y) - positives) / positives


def average_precision(y_true, y_score):
    tp, fp, _ = _counts(y_true, y_score)
    if tp[-1] == 0:
        return np.nan
    return np.sum(np.diff(tp) * tp[1:] / (tp[1:] + fp[1:])) / tp[-1]


def f_beta(y_true, y_score, threshold, beta):
    positive, score = _binary(y_true, y_score)
    if beta <= 0:
        raise ValueError("beta must be above 0")
    hits = np.count_nonzero(positive & (score >= threshold))
    if hits == 0:
        return 0.0
    # Multiplied through, the denominator weighs the positives by beta squared and the alarms by 1.
    alarms, positives = np.count_nonzero(score >= threshold), np.count_nonzero(positive)
    return (1 + beta**2) * hits / (beta**2 * positives + alarms)


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    if min(cost_fp, cost_fn) < 0:
        raise ValueError("costs must not be negative")
    tp, fp, thresholds = _counts(y_true, y_score)
    cost = cost_fp * fp + cost_fn * (tp[-1] - tp)
    best = np.argmin(cost)
    return thresholds[best], cost[best]


def undersample(X, y, negatives_per_positive, seed):
    positive, negative = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    wanted = min(len(negative), round(negatives_per_positive * len(positive)))  # 0.29 * 100 is 28.999999999999996
    drawn = np.random.default_rng(seed).choice(negative, wanted, replace=False)
    kept = np.concatenate([positive, drawn])
    return X[kept], y[kept]


def corrected_probability(p, kept_fraction):
    """Keeping a fraction of the negatives divides the odds of negative by it, so multiply the odds p / (1 - p) by it.

    A. Dal Pozzolo et al., "Calibrating Probability with Undersampling for Unbalanced Classification", IEEE SSCI (2015),
    equation 4.
    """
    if not 0 < kept_fraction <= 1:
        raise ValueError("kept_fraction must be in (0, 1]")
    return kept_fraction * p / (kept_fraction * p + (1 - p))


def smote(X_minority, n_new, k, seed):
    X = np.asarray(X_minority, dtype=float)
    n, rng = len(X), np.random.default_rng(seed)
    if n < 2:
        raise ValueError("there must be two points at least")
    k = min(k, n - 1)
    distance = np.square(X[:, None] - X).sum(axis=2)
    np.fill_diagonal(distance, np.inf)  # nobody is a neighbour of itself
    nearest = np.argsort(distance, axis=1)
    base = rng.integers(n, size=n_new)
    neighbour = nearest[base, rng.integers(k, size=n_new)]  # one of the first k columns
    return X[base] + rng.random((n_new, 1)) * (X[neighbour] - X[base])


def _counts(y_true, y_score):
    """True and false positives, and thresholds: none positive, then each distinct score, the highest first."""
    positive, score = _binary(y_true, y_score)
    order = np.argsort(-score)
    positive, score = positive[order], score[order]
    last_of_its_run = np.append(score[1:] != score[:-1], True)
    tp = np.append(0, np.cumsum(positive)[last_of_its_run])
    fp = np.append(0, np.cumsum(~positive)[last_of_its_run])
    return tp, fp, np.append(np.inf, score[last_of_its_run])


def _binary(y_true, y_score):
    score = np.asarray(y_score, dtype=float)
    if y_true.shape != score.shape:
        raise ValueError(f"there are {y_true.shape} labels and {score.shape} scores")
    if score.size == 0:
        raise ValueError("there are no samples")
    if not ((y_true == 0) | (y_true == 1)).all():
        raise ValueError("labels must be 0 or 1")
    if not np.isfinite(score).all():
        raise ValueError("scores must be finite")
    return y_true == 1, score
