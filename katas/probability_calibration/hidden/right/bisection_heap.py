"""Nested bisection (both derivatives are monotone); the worst pair first from a heap; sorting the bins."""

import heapq

import numpy as np


def platt_scale(scores, y):
    s = np.asarray(scores, np.float64)
    y = np.asarray(y, np.float64)
    if len(s) != len(y) or np.isnan(s).any() or y.min() == y.max():
        raise ValueError("bad input to platt_scale")
    n1 = y.sum()
    n0 = len(y) - n1
    t = y * ((n1 + 1) / (n1 + 2)) + (1 - y) / (n0 + 2)
    mu, sd = s.mean(), s.std()
    z = (s - mu) / sd

    def p_of(A, B):
        return 0.5 - 0.5 * np.tanh(0.5 * (A * z + B))

    def best_B(A, B):
        # d/dB = mean(t - p), increasing in B: Newton steps kept inside a bracket
        lo, hi = -1e3 - 200 * abs(A), 1e3 + 200 * abs(A)
        for _ in range(100):
            p = p_of(A, B)
            g = np.mean(t - p)
            if abs(g) < 1e-13:
                break
            lo, hi = (lo, B) if g > 0 else (B, hi)
            h = np.mean(p * (1 - p))
            B = B - g / h if h > 0 else lo - 1
            if not lo < B < hi:
                B = (lo + hi) / 2
        return B

    lo, hi, B = -1.0, 1.0, np.log((n0 + 1) / (n1 + 1))
    slope = lambda A, B: np.mean((t - p_of(A, B)) * z)  # noqa: E731
    while slope(lo, best_B(lo, B)) > 0:
        lo *= 2
    while slope(hi, best_B(hi, B)) < 0:
        hi *= 2
    for _ in range(60):
        A = (lo + hi) / 2
        B = best_B(A, B)
        if slope(A, B) > 0:
            hi = A
        else:
            lo = A
    return A / sd, B - A * mu / sd


def isotonic_fit(x, y, sample_weight=None):
    x, y = np.asarray(x, float), np.asarray(y, float)
    w = np.ones(x.shape) if sample_weight is None else np.asarray(sample_weight, float)
    if x.shape != y.shape or w.shape != x.shape:
        raise ValueError("lengths")
    if np.isnan(x + y + w).any() or (w < 0).any() or not w.any():
        raise ValueError("values")
    ux, inv = np.unique(x[w > 0], return_inverse=True)
    ws = np.bincount(inv, w[w > 0])
    ys = np.bincount(inv, (w * y)[w > 0]) / ws
    n = len(ux)
    v, wt = ys.tolist(), ws.tolist()
    left, right, alive, stamp = list(range(-1, n - 1)), list(range(1, n + 1)), [True] * n, [0] * n
    heap = [(v[i + 1] - v[i], i, 0, 0) for i in range(n - 1) if v[i + 1] < v[i]]
    heapq.heapify(heap)
    while heap:
        _, i, si, sj = heapq.heappop(heap)
        if not alive[i] or stamp[i] != si:
            continue
        j = right[i]
        if j >= n or stamp[j] != sj:
            continue
        v[i] = (v[i] * wt[i] + v[j] * wt[j]) / (wt[i] + wt[j])
        wt[i] += wt[j]
        alive[j] = False
        right[i] = right[j]
        if right[j] < n:
            left[right[j]] = i
        stamp[i] = max(stamp[i], stamp[j]) + 1
        for a in (left[i], i):
            if a >= 0 and right[a] < n and v[right[a]] < v[a]:
                heapq.heappush(heap, (v[right[a]] - v[a], a, stamp[a], stamp[right[a]]))
    heads = np.flatnonzero(alive)
    return ux, np.asarray(v)[heads].repeat(np.diff(np.append(heads, n)))


def isotonic_predict(thresholds, values, x):
    t, v = np.asarray(thresholds, float), np.asarray(values, float)
    x = np.asarray(x, float)
    if t.shape != v.shape:
        raise ValueError("lengths")
    if np.isnan(x).any():
        raise ValueError("nan")
    # a sum of hinges would lose digits: pad with flat ends instead
    tt = np.concatenate([[t[0] - 1], t, [t[-1] + 1]])
    vv = np.concatenate([[v[0]], v, [v[-1]]])
    i = np.clip(np.searchsorted(tt, x) - 1, 0, len(tt) - 2)
    share = np.clip((x - tt[i]) / (tt[i + 1] - tt[i]), 0, 1)
    return vv[i] * (1 - share) + vv[i + 1] * share


def reliability_curve(y_true, p, n_bins=10):
    y, p = np.asarray(y_true), np.asarray(p)
    if y.shape != p.shape or n_bins < 1 or (~(np.abs(p - 0.5) <= 0.5)).any():
        raise ValueError("bad input")
    order = np.argsort(p)
    y, p = y[order].astype(float), p[order].astype(float)
    cuts = np.searchsorted(p, np.arange(1, n_bins) / n_bins)
    pos = np.concatenate([[0], cuts, [len(p)]])
    count = np.diff(pos)
    sums_p = np.diff(np.concatenate([[0], np.cumsum(p)])[pos])
    sums_y = np.diff(np.concatenate([[0], np.cumsum(y)])[pos])
    full = count > 0
    return sums_p[full] / count[full], sums_y[full] / count[full], count[full]


def expected_calibration_error(y_true, p, n_bins=10):
    mean_p, rate, count = reliability_curve(y_true, p, n_bins)
    return np.asarray(np.dot(count, np.abs(mean_p - rate)) / np.sum(count))


def brier_score(y_true, p):
    y, p = np.asarray(y_true), np.asarray(p)
    if y.shape != p.shape or (~(np.abs(p - 0.5) <= 0.5)).any():
        raise ValueError("bad input")
    # E p² − 2 E py + E y
    return np.asarray(np.mean(p * p) - 2 * np.mean(p * y) + np.mean(y))
