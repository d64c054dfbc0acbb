"""Labels other than 0 and 1 are not refused.

What is not 1 is taken for 0, or the other way round. Look at a label of 2, of -1, of 0.5 and of nan.
"""

caught_by = ("test_average_precision_refuses_bad_input", "test_f_beta_refuses_bad_input", "test_best_threshold_refuses_bad_input")

import numpy as np

TINY = 1e-15


class InputError(ValueError):
    pass


def _require(condition, message):
    if not condition:
        raise InputError(message)


def _validated(y_true, y_score):
    y_true, y_score = np.asarray(y_true), np.asarray(y_score)
    _require(y_true.shape == y_score.shape, "lengths differ")
    _require(y_true.size > 0, "empty")
    y_true = y_true == 1
    _require(np.isfinite(y_score).all(), "scores")
    return y_true.astype(np.int64), y_score.astype(np.float64)


def _groups(y, s):
    """Distinct scores ascending, positives and negatives of each."""
    values, code = np.unique(s, return_inverse=True)
    code = code.reshape(-1)
    pos = np.bincount(code, weights=y, minlength=len(values))
    return values, pos, np.bincount(code, minlength=len(values)) - pos


def weighted_bce(y, p, pos_weight):
    _require(pos_weight > 0, "pos_weight")
    y = np.asarray(y, dtype=np.float64)
    p = np.asarray(p, dtype=np.float64)
    losses = -(pos_weight * y * np.log(p + TINY) + (1.0 - y) * np.log(1.0 - p + TINY))
    return losses.sum() / len(losses)


def balanced_pos_weight(y):
    counts = np.bincount(np.asarray(y).astype(np.int64), minlength=2)
    _require(counts[1] > 0, "no positives")
    return float(counts[0]) / float(counts[1])


def average_precision(y_true, y_score):
    y, s = _validated(y_true, y_score)
    _, pos, neg = _groups(y, s)
    total = pos.sum()
    if total == 0:
        return np.float64("nan")
    pos, neg = pos[::-1], neg[::-1]
    tp = np.cumsum(pos)
    precision = tp / (tp + np.cumsum(neg))
    return pos @ precision / total


def f_beta(y_true, y_score, threshold, beta):
    y, s = _validated(y_true, y_score)
    _require(beta > 0, "beta")
    alarm = (s >= threshold).astype(np.int64)
    tp = int((y * alarm).sum())
    fp = int(alarm.sum()) - tp
    fn = int(y.sum()) - tp
    b2 = float(beta) ** 2
    bottom = (1 + b2) * tp + b2 * fn + fp
    return (1 + b2) * tp / bottom if bottom else 0.0


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    y, s = _validated(y_true, y_score)
    _require(cost_fp >= 0 and cost_fn >= 0, "costs")
    values, pos, neg = _groups(y, s)
    # threshold values[i]: groups below i are negative; one more entry for "none positive"
    misses = np.concatenate(([0.0], np.cumsum(pos)))
    alarms = np.concatenate((np.cumsum(neg[::-1])[::-1], [0.0]))
    cost = cost_fp * alarms + cost_fn * misses
    i = int(np.argmin(cost))
    thresholds = np.concatenate((values, [np.inf]))
    return [thresholds[i], cost[i]]


def undersample(X, y, negatives_per_positive, seed):
    rng = np.random.default_rng(seed)
    label = np.asarray(y) > 0
    wanted = int(negatives_per_positive * np.count_nonzero(label))
    key = rng.random(len(label))  # the negatives with the smallest keys are kept
    key[label] = -1.0
    order = np.argsort(key, kind="stable")[: np.count_nonzero(label) + wanted]
    order = rng.permutation(order)
    return X[order], y[order]


def corrected_probability(p, kept_fraction):
    _require(0 < kept_fraction <= 1, "kept_fraction")
    p = np.asarray(p)
    positive_mass = kept_fraction * p
    return positive_mass / (positive_mass + (1 - p))


def smote(X_minority, n_new, k, seed):
    X = np.asarray(X_minority)
    _require(X.shape[0] >= 2, "points")
    rng = np.random.default_rng(seed)
    distances = np.sqrt(((X[:, np.newaxis, :] - X[np.newaxis, :, :]) ** 2).sum(-1))
    ranked = np.argsort(distances, axis=1)[:, 1 : k + 1]
    i = rng.choice(len(X), size=n_new)
    j = ranked[i, rng.integers(0, ranked.shape[1], n_new)]
    lam = rng.uniform(0, 1, n_new)[:, np.newaxis]
    return (1 - lam) * X[i] + lam * X[j]
