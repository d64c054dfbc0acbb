"""isotonic_fit takes small weights for zero.

A weight says how much a sample counts beside the others. Divide all weights by a billion: the function is the same.
"""

caught_by = ("test_isotonic_fit_weighs",)

import numpy as np


def _check_p(y_true, p):
    y_true = np.asarray(y_true, dtype=float)
    p = np.asarray(p, dtype=float)
    if y_true.shape != p.shape:
        raise ValueError("y_true and p differ in length")
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("p must lie in [0, 1]")
    return y_true, p


def platt_scale(scores, y):
    s = np.asarray(scores, dtype=float)
    y = np.asarray(y).astype(float)
    if len(s) != len(y):
        raise ValueError("scores and y differ in length")
    if np.isnan(s).any():
        raise ValueError("nan in scores")
    n_pos = y.sum()
    n_neg = len(y) - n_pos
    if n_pos == 0 or n_neg == 0:
        raise ValueError("need both classes")
    t = np.where(y == 1, (n_pos + 1) / (n_pos + 2), 1 / (n_neg + 2))
    mu, sd = s.mean(), s.std()
    z = (s - mu) / sd
    A = B = 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(A * z + B))
        g = np.array([np.mean((t - p) * z), np.mean(t - p)])
        if np.abs(g).max() < 1e-9:
            break
        w = p * (1 - p)
        H = np.array([[np.mean(w * z * z), np.mean(w * z)], [np.mean(w * z), np.mean(w)]])
        dA, dB = np.linalg.solve(H, g)
        A, B = A - dA, B - dB
    return A / sd, B - A * mu / sd


def isotonic_fit(x, y, sample_weight=None):
    x = np.asarray(x, dtype=float)
    y = np.asarray(y, dtype=float)
    w = np.ones(len(x)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
    if not len(x) == len(y) == len(w):
        raise ValueError("lengths differ")
    if np.isnan(x).any() or np.isnan(y).any() or np.isnan(w).any():
        raise ValueError("nan")
    if (w < 0).any() or not w.any():
        raise ValueError("bad weights")
    counts = ~np.isclose(w, 0)
    x, y, w = x[counts], y[counts], w[counts]
    xs, idx = np.unique(x, return_inverse=True)
    ws = np.bincount(idx, weights=w)
    ys = np.bincount(idx, weights=w * y) / ws
    means, masses, sizes = [], [], []
    for m, k in zip(ys.tolist(), ws.tolist()):
        means.append(m)
        masses.append(k)
        sizes.append(1)
        while len(means) > 1 and means[-2] > means[-1]:
            m2, k2, c2 = means.pop(), masses.pop(), sizes.pop()
            total = masses[-1] + k2
            means[-1] = (means[-1] * masses[-1] + m2 * k2) / total
            masses[-1] = total
            sizes[-1] += c2
    return xs, np.repeat(means, sizes)


def isotonic_predict(thresholds, values, x):
    x = np.asarray(x, dtype=float)
    if len(thresholds) != len(values):
        raise ValueError("thresholds and values differ in length")
    if np.isnan(x).any():
        raise ValueError("nan in x")
    return np.interp(x, thresholds, values)


def reliability_curve(y_true, p, n_bins=10):
    y_true, p = _check_p(y_true, p)
    if n_bins < 1:
        raise ValueError("n_bins must be at least 1")
    idx = np.minimum((p * n_bins).astype(int), n_bins - 1)
    count = np.bincount(idx, minlength=n_bins)
    sum_p = np.bincount(idx, weights=p, minlength=n_bins)
    sum_y = np.bincount(idx, weights=y_true, minlength=n_bins)
    ok = count > 0
    return sum_p[ok] / count[ok], sum_y[ok] / count[ok], count[ok]


def expected_calibration_error(y_true, p, n_bins=10):
    if n_bins < 1:
        raise ValueError("n_bins must be at least 1")
    mean_p, rate, count = reliability_curve(y_true, p, n_bins)
    return float(np.sum(count / count.sum() * np.abs(mean_p - rate)))


def brier_score(y_true, p):
    y_true, p = _check_p(y_true, p)
    return float(np.mean((p - y_true) ** 2))
