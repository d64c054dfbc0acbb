"""Keeps float32 where inputs are float32; scipy.special; Newton with damping in half steps."""

import numpy as np
from scipy.special import expit, log_expit


def _float(array):
    array = np.asarray(array)
    return array if array.dtype == np.float32 else array.astype(np.float64)


def platt_scale(scores, y):
    scores, y = _float(scores), np.asarray(y).astype(bool)
    if scores.shape != y.shape:
        raise ValueError("shapes differ")
    if np.any(np.isnan(scores)):
        raise ValueError("nan")
    if y.all() or not y.any():
        raise ValueError("one class")
    positives = np.count_nonzero(y)
    t = np.where(y, (positives + 1) / (positives + 2), 1 / (y.size - positives + 2)).astype(scores.dtype)
    mean, std = np.mean(scores), np.std(scores)
    Z = np.vstack([(scores - mean) / std, np.ones_like(scores)])

    def cost(theta):
        logit = -theta @ Z
        return -np.mean(t * log_expit(logit) + (1 - t) * log_expit(-logit))

    theta = np.zeros(2, dtype=scores.dtype)
    for _ in range(40):
        p = expit(-theta @ Z)
        step = np.linalg.solve((Z * p * (1 - p)) @ Z.T, Z @ (t - p))
        while cost(theta - step) > cost(theta) + 1e-6:
            step = step / 2
        theta = theta - step
    return theta[0] / std, theta[1] - theta[0] / std * mean


def isotonic_fit(x, y, sample_weight=None):
    x, y = _float(x), _float(y)
    w = np.ones_like(y) if sample_weight is None else _float(sample_weight)
    if x.shape != y.shape or w.shape != y.shape:
        raise ValueError("shapes differ")
    if np.isnan(x).any() or np.isnan(y).any() or not (w >= 0).all() or not (w > 0).any():
        raise ValueError("nan, or weights")
    order = np.lexsort((y, x))
    order = order[w[order] > 0]
    x, y, w = x[order], y[order], w[order]
    ends, mean, weight = [], [], []
    last = 0
    while last < len(x):
        first = last
        while last < len(x) and x[last] == x[first]:
            last += 1
        m, k = np.average(y[first:last], weights=w[first:last]), w[first:last].sum()
        begin = x[first]
        while mean and mean[-1] >= m:
            m0, k0 = mean.pop(), weight.pop()
            begin = ends.pop()[0]
            m, k = m + (m0 - m) * (k0 / (k + k0)), k + k0
        ends.append((begin, x[first]))
        mean.append(m)
        weight.append(k)
    thresholds = [each for begin, end in ends for each in ((begin, end) if end > begin else (begin,))]
    values = [m for (begin, end), m in zip(ends, mean) for _ in range(1 + (end > begin))]
    return thresholds, values


def isotonic_predict(thresholds, values, x):
    thresholds, values, x = _float(thresholds), _float(values), _float(x)
    if thresholds.shape != values.shape or np.isnan(x).any():
        raise ValueError("input")
    if thresholds.size == 1:
        return np.broadcast_to(values, x.shape)
    result = np.where(x < thresholds[0], values[0], values[-1])
    for i in range(thresholds.size - 1):  # over thresholds, not over samples
        low, high = thresholds[i], thresholds[i + 1]
        line = values[i] + (x - low) / (high - low) * (values[i + 1] - values[i])
        result = np.where((x >= low) & (x <= high), line, result)
    return result


def reliability_curve(y_true, p, n_bins=10):
    p = _look(y_true, p)
    if n_bins < 1:
        raise ValueError("n_bins")
    number = np.clip(np.floor(p * n_bins), 0, n_bins - 1)
    bins, number, count = np.unique(number, return_inverse=True, return_counts=True)
    sums = np.zeros((2, len(bins)), dtype=p.dtype)
    np.add.at(sums[0], number, p)
    np.add.at(sums[1], number, np.asarray(y_true).astype(p.dtype))
    return (*(sums / count.astype(p.dtype)), count)


def expected_calibration_error(y_true, p, n_bins=10):
    mean_p, rate, count = reliability_curve(y_true, p, n_bins)
    return np.sum(np.abs(mean_p - rate) * count) / np.sum(count)


def brier_score(y_true, p):
    p = _look(y_true, p)
    return np.mean(np.where(np.asarray(y_true) == 1, (1 - p) ** 2, p**2))


def _look(y_true, p):
    p = _float(p)
    if np.shape(y_true) != p.shape or not np.all((p >= 0) & (p <= 1)):
        raise ValueError("labels and probabilities")
    return p
