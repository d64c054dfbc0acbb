"""A BFGS written by hand; divide and conquer for the pooling; lists as answers."""

import numpy as np


def platt_scale(scores, y):
    scores = np.array(scores, dtype="d")
    y = np.array(y, dtype="d")
    if len(scores) != len(y):
        raise ValueError("lengths differ")
    if np.isnan(scores).sum() > 0:
        raise ValueError("nan")
    if len(np.unique(y)) < 2:
        raise ValueError("needs two classes")
    n_plus = (y == 1).sum()
    n_minus = (y == 0).sum()
    target = np.empty(len(y))
    target[y == 1] = (n_plus + 1.0) / (n_plus + 2.0)
    target[y == 0] = 1.0 / (n_minus + 2.0)
    mu = scores.mean()
    sigma = scores.std(ddof=1)
    z = (scores - mu) / sigma

    def fun(theta):
        f = theta[0] * z + theta[1]
        # p = 1/(1+e^f): -t ln p - (1-t) ln (1-p) = log(1+e^f) - (1-t) f
        value = np.mean(np.logaddexp(0, f) - (1 - target) * f)
        q = 0.5 * (1 + np.tanh(f / 2))
        d = q - (1 - target)
        return value, np.array([np.mean(d * z), np.mean(d)])

    theta = np.array([0.0, np.log((n_minus + 1) / (n_plus + 1))])
    H = np.eye(2)
    f, g = fun(theta)
    for it in range(2000):
        if np.max(np.abs(g)) < 1e-9:
            break
        d = -H @ g
        if d @ g >= 0:
            H = np.eye(2)
            d = -g
        t = 1.0
        low, high = 0.0, np.inf
        for _ in range(60):
            fn, gn = fun(theta + t * d)
            if fn > f + 1e-4 * t * (g @ d) + 1e-16:
                high = t
            elif gn @ d < 0.9 * (g @ d):
                low = t
            else:
                break
            t = 2 * low if high == np.inf else (low + high) / 2
        s = t * d
        yk = gn - g
        sy = s @ yk
        if sy > 1e-300:
            rho = 1 / sy
            V = np.eye(2) - rho * np.outer(s, yk)
            H = V @ H @ V.T + rho * np.outer(s, s)
        theta, f, g = theta + s, fn, gn
    return [theta[0] / sigma, theta[1] - theta[0] * mu / sigma]


def isotonic_fit(x, y, sample_weight=None):
    if sample_weight is None:
        sample_weight = np.ones(len(x))
    if len(x) != len(y) or len(x) != len(sample_weight):
        raise ValueError("lengths differ")
    if np.isnan(x).any() or np.isnan(y).any() or np.isnan(sample_weight).any():
        raise ValueError("nan")
    if min(sample_weight) < 0 or max(sample_weight) == 0:
        raise ValueError("weights")
    w = np.asarray(sample_weight, dtype=float)
    y = np.asarray(y, dtype=float)
    x = np.asarray(x, dtype=float)
    m = w > 0
    xs, idx = np.unique(x[m], return_inverse=True)
    weight = np.bincount(idx, w[m])
    total = np.bincount(idx, w[m] * y[m])

    def solve(lo, hi):
        """The blocks (sum, weight, size) of points lo to hi, as a list."""
        if hi - lo == 1:
            return [(total[lo], weight[lo], 1)]
        mid = (lo + hi) // 2
        left, right = solve(lo, mid), solve(mid, hi)
        right.reverse()
        # only blocks at the seam can be pooled
        cur = left.pop()
        while True:
            if right and right[-1][0] / right[-1][1] < cur[0] / cur[1]:
                b = right.pop()
            elif left and left[-1][0] / left[-1][1] > cur[0] / cur[1]:
                b = left.pop()
            else:
                break
            cur = (cur[0] + b[0], cur[1] + b[1], cur[2] + b[2])
        left.append(cur)
        right.reverse()
        left.extend(right)
        return left

    out = []
    for s, ww, size in solve(0, len(xs)):
        out += [s / ww] * size
    return xs.tolist(), out


def isotonic_predict(thresholds, values, x):
    if len(thresholds) != len(values):
        raise ValueError("lengths differ")
    if np.isnan(np.sum(x)):
        raise ValueError("nan")
    return np.interp(x, thresholds, values).tolist()


def reliability_curve(y_true, p, n_bins=10):
    if len(y_true) != len(p):
        raise ValueError("lengths differ")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("bad p")
    if n_bins < 1:
        raise ValueError("bad n_bins")
    idx = np.floor(p.astype(float) * n_bins).astype(int)
    idx[idx == n_bins] = n_bins - 1
    means, rates, counts = [], [], []
    for b in np.unique(idx):
        means.append(float(np.mean(p[idx == b], dtype=float)))
        rates.append(float(np.mean(y_true[idx == b])))
        counts.append(int(np.sum(idx == b)))
    return [means, rates, counts]


def expected_calibration_error(y_true, p, n_bins=10):
    means, rates, counts = reliability_curve(y_true, p, n_bins)
    error = 0
    for i in range(len(means)):
        error += counts[i] / len(p) * abs(means[i] - rates[i])
    return error


def brier_score(y_true, p):
    if len(y_true) != len(p):
        raise ValueError("lengths differ")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("bad p")
    return float(np.mean(np.square(p - y_true)))
