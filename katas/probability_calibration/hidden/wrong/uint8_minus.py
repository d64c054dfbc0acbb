"""platt_scale makes 2·y - 1 of labels in their own dtype.

In uint8 there is nothing below 0: 2·0 - 1 is 255. Look at labels as uint8.
"""

caught_by = ("test_platt_scale_takes_input_of_any_form",)

import numpy as np


def validate(labels, probs):
    if len(labels) != len(probs):
        raise ValueError(f"{len(labels)} labels but {len(probs)} probabilities")
    if np.isnan(probs).any() or probs.min() < 0 or probs.max() > 1:
        raise ValueError("probabilities must be within [0, 1]")


def objective(a, b, z, t):
    """Cross-entropy in the form of Lin, Lin and Weng (2007)."""
    f = a * z + b
    return np.sum(np.where(f >= 0, t * f, (t - 1) * f) + np.log1p(np.exp(-np.abs(f))))


def platt_scale(scores, y):
    if len(scores) != len(y):
        raise ValueError("scores and y must be equally long")
    scores = np.array(scores, dtype=np.float64)
    if np.isnan(scores).any():
        raise ValueError("scores must not be nan")
    sides = (2 * y - 1) if y.dtype != bool else np.where(y, 1, -1)
    pos = sides > 0
    prior1, prior0 = int(pos.sum()), int((~pos).sum())
    if prior1 == 0 or prior0 == 0:
        raise ValueError("one class only")
    hi, lo = (prior1 + 1.0) / (prior1 + 2.0), 1.0 / (prior0 + 2.0)
    t = np.where(pos, hi, lo)
    center, scale = scores.mean(), scores.std()
    z = (scores - center) / scale
    a, b = 0.0, np.log((prior0 + 1.0) / (prior1 + 1.0))
    value = objective(a, b, z, t)
    for _ in range(200):
        f = a * z + b
        e = np.exp(-np.abs(f))
        p = np.where(f >= 0, e, 1.0) / (1.0 + e)
        q = 1.0 - p
        d2 = p * q
        h11, h22, h21 = np.sum(z * z * d2) + 1e-12, np.sum(d2) + 1e-12, np.sum(z * d2)
        d1 = t - p
        g1, g2 = np.sum(z * d1), np.sum(d1)
        if abs(g1) < 1e-8 and abs(g2) < 1e-8:
            break
        det = h11 * h22 - h21 * h21
        da, db = -(h22 * g1 - h21 * g2) / det, -(-h21 * g1 + h11 * g2) / det
        gd = g1 * da + g2 * db
        step = 1.0
        while step > 1e-12:
            new = objective(a + step * da, b + step * db, z, t)
            if new < value + 1e-4 * step * gd:
                break
            step /= 2.0
        else:
            break  # no step makes it smaller: this is the minimum, as far as it can be told
        a, b, value = a + step * da, b + step * db, new
    return a / scale, b - a * center / scale


def isotonic_fit(x, y, sample_weight=None):
    n = len(x)
    if sample_weight is None:
        sample_weight = np.ones(n)
    if len(y) != n or len(sample_weight) != n:
        raise ValueError("x, y and sample_weight must be equally long")
    for array in (x, y, sample_weight):
        if np.isnan(array).any():
            raise ValueError("nan in the data")
    if min(sample_weight) < 0:
        raise ValueError("a weight is negative")
    if not np.any(sample_weight):
        raise ValueError("all weights are zero")
    order = np.argsort(x, kind="stable")
    order = order[sample_weight[order] > 0]
    xs, ys, ws = x[order], y[order].astype(float), sample_weight[order].astype(float)
    # one point for each distinct x
    start = np.flatnonzero(np.append(True, xs[1:] != xs[:-1]))
    wsum = np.add.reduceat(ws, start)
    wysum = np.add.reduceat(ws * ys, start)
    knots = xs[start]
    # blocks: first and last point, sum of w * y, sum of w
    blocks = []
    for i in range(len(knots)):
        block = [i, i, wysum[i], wsum[i]]
        while blocks and blocks[-1][2] / blocks[-1][3] >= block[2] / block[3]:
            previous = blocks.pop()
            block = [previous[0], i, previous[2] + block[2], previous[3] + block[3]]
        blocks.append(block)
    thresholds, values = [], []
    for first, last, wy, w in blocks:
        thresholds.append(knots[first])
        values.append(wy / w)
        if last > first:
            thresholds.append(knots[last])
            values.append(wy / w)
    return np.array(thresholds), np.array(values)


def isotonic_predict(thresholds, values, x):
    if len(thresholds) != len(values):
        raise ValueError("one value for each threshold")
    if np.isnan(x).any():
        raise ValueError("x must not be nan")
    thresholds, values = np.asarray(thresholds, dtype=float), np.asarray(values, dtype=float)
    if len(thresholds) == 1:
        return np.full(len(x), values[0])
    x = np.clip(np.asarray(x, dtype=float), thresholds[0], thresholds[-1])
    right = np.clip(np.searchsorted(thresholds, x), 1, len(thresholds) - 1)
    left = right - 1
    share = (x - thresholds[left]) / (thresholds[right] - thresholds[left])
    return values[left] + share * (values[right] - values[left])


def reliability_curve(y_true, p, n_bins=10):
    validate(y_true, p)
    if n_bins <= 0:
        raise ValueError("at least one bin")
    which = np.floor(p * n_bins)
    which[which == n_bins] = n_bins - 1
    mean_p, rate, count = [], [], []
    for b in range(n_bins):
        inside = which == b
        if inside.any():
            mean_p.append(p[inside].mean())
            rate.append(y_true[inside].mean())
            count.append(inside.sum())
    return np.array(mean_p), np.array(rate), np.array(count)


def expected_calibration_error(y_true, p, n_bins=10):
    mean_p, rate, count = reliability_curve(y_true, p, n_bins)
    return np.dot(count, np.abs(mean_p - rate)) / len(p)


def brier_score(y_true, p):
    validate(y_true, p)
    error = p - y_true.astype(float)
    return error @ error / len(error)
