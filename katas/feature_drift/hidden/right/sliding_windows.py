"""One view of all windows, labels with a bin for nan, and alerts from runs of a window and those before it"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _check(bad, why):
    if bad:
        raise ValueError(why)


def _bins(expected, n_bins):
    return np.unique(np.quantile(expected, np.arange(1, n_bins) / n_bins))


def _hist(label, k):
    """label (..., n) with k for nan -> shares (..., k)."""
    c = np.stack([(label == i).sum(-1) for i in range(k)], -1)
    return np.maximum(c / c.sum(-1, keepdims=True), 1e-4)


def _label(x, edges):
    return np.where(np.isnan(x), len(edges) + 1, np.digitize(x, edges))


def population_stability_index(expected, actual, n_bins=10):
    _check(n_bins < 2, "n_bins")
    _check(np.isnan(expected).all() or np.isnan(actual).all(), "all nan")
    edges = _bins(expected[~np.isnan(expected)], n_bins)
    e, a = (_hist(_label(x, edges), len(edges) + 1) for x in (expected, actual))
    return np.einsum("i,i->", a - e, np.log(a / e))


def ks_statistic(a, b):
    a, b = (np.sort(x[~np.isnan(x)]) for x in (a, b))
    _check(not a.size or not b.size, "all nan")
    x = np.union1d(a, b)
    return np.ptp([[0.0], np.abs(np.searchsorted(a, x, "right") / a.size - np.searchsorted(b, x, "right") / b.size).max(keepdims=True)])


def missing_shift(expected, actual):
    return np.subtract(*(np.isnan(x).mean() for x in (actual, expected)))


def drift_report(reference, window):
    _check(reference.shape[1] != window.shape[1], "d")
    measures = {"psi": population_stability_index, "ks": ks_statistic, "missing": missing_shift}
    return {k: np.fromiter((f(r, w) for r, w in zip(reference.T, window.T)), float, reference.shape[1]) for k, f in measures.items()}


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    _check(reference.shape[1] != rows.shape[1], "d")
    _check(window < 1 or step < 1 or patience < 1, "integers from 1")
    _check(threshold < 0, "threshold")
    if len(rows) < window:
        return []
    above = []
    for r, w in zip(reference.T, sliding_window_view(rows, window, axis=0)[::step].swapaxes(0, 1)):
        edges = _bins(r[~np.isnan(r)], 10)
        e, a = (_hist(_label(x, edges), len(edges) + 1) for x in (r, w))
        above.append(((a - e) * np.log(a / e)).sum(-1) > threshold)
    above = np.stack(above, 1)
    k = len(above)
    padded = np.vstack([np.zeros((patience, above.shape[1]), bool), above])
    runs = sliding_window_view(padded, patience + 1, axis=0)
    alarm = runs[..., 1:].all(-1) & ~runs[..., 0]
    return [(int(i) * step + window, int(j)) for i, j in np.argwhere(alarm[:k])]


def time_weights(age_days, half_life):
    _check(half_life <= 0 or (age_days < 0).any(), "half_life > 0, ages >= 0")
    return np.exp(-np.log(2) * age_days / half_life)


def respond(psi, missing, upstream_changed, metric_drop):
    if upstream_changed or (np.abs(missing) > 0.05).any(): return "fix_upstream"
    if metric_drop > 0.1: return "fallback"
    return ("investigate", "retrain")[int(metric_drop > 0.02)] if (psi > 0.2).any() else ("none", "watch")[int((psi > 0.1).any())]
