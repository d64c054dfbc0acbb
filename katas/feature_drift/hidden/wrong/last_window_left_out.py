"""a window that ends at the last row is left out

[end - window, end) does not hold the row `end`, so end may be N.
"""

caught_by = ("test_rolling_alerts_takes_complete_windows_only",)

import numpy as np


class TooFew(ValueError):
    pass


def _values(x):
    kept = np.extract(~np.isnan(x), x)
    if kept.size == 0:
        raise TooFew("all nan")
    return kept


def _edges(expected, n_bins):
    if n_bins < 2:
        raise TooFew("bins")
    return np.unique(np.nanquantile(_values(expected).astype(float), np.arange(1, n_bins) / n_bins))


def _one_hot(x, edges):
    """A row for each value: 1 in its bin, nothing where it is nan."""
    known = ~np.isnan(x)
    table = np.zeros((len(x), len(edges) + 1))
    table[np.flatnonzero(known), np.searchsorted(edges, x[known], side="right")] = 1
    return table


def _psi(e_counts, a_counts):
    e = np.fmax(e_counts / e_counts.sum(), 1e-4)
    a = np.fmax(a_counts / a_counts.sum(axis=-1, keepdims=True), 1e-4)
    return ((a - e) * np.log(a / e)).sum(axis=-1)


def population_stability_index(expected, actual, n_bins=10):
    edges = _edges(expected, n_bins)
    _values(actual)
    return _psi(_one_hot(expected, edges).sum(axis=0), _one_hot(actual, edges).sum(axis=0))


def ks_statistic(a, b):
    a, b = _values(a), _values(b)
    grid = np.union1d(a, b)
    f_a = np.interp(np.searchsorted(np.sort(a), grid, "right"), [0, a.size], [0, 1])
    f_b = np.interp(np.searchsorted(np.sort(b), grid, "right"), [0, b.size], [0, 1])
    return np.linalg.norm(f_a - f_b, ord=np.inf)


def missing_shift(expected, actual):
    return np.average(np.isnan(actual)) - np.average(np.isnan(expected))


def drift_report(reference, window):
    if reference.shape[1:] != window.shape[1:]:
        raise ValueError("features")
    stacked = zip(np.transpose(reference), np.transpose(window))
    rows = [(population_stability_index(r, w), ks_statistic(r, w), missing_shift(r, w)) for r, w in stacked]
    return dict(zip(("psi", "ks", "missing"), np.array(rows).T))


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    if window < 1 or step < 1:
        raise ValueError("window and step")
    if patience < 1 or threshold < 0:
        raise ValueError("patience and threshold")
    if reference.shape[1:] != rows.shape[1:]:
        raise ValueError("features")
    ends = np.arange(window, len(rows), step)
    alerts = []
    for j in range(rows.shape[1] if len(ends) else 0):
        edges = _edges(reference[:, j], 10)
        sums = np.vstack([np.zeros(len(edges) + 1), np.cumsum(_one_hot(rows[:, j], edges), axis=0)])
        psi = _psi(_one_hot(reference[:, j], edges).sum(axis=0), sums[ends] - sums[ends - window])
        above = (psi > threshold).astype(int)
        padded = np.concatenate([[0], above, [0]])
        begins, stops = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1)
        long_enough = begins[stops - begins >= patience]
        alerts += [(int(ends[i + patience - 1]), j) for i in long_enough]
    alerts.sort()
    return alerts


def time_weights(age_days, half_life):
    age = np.array(age_days, dtype=float)
    if half_life <= 0 or age.min() < 0:
        raise ValueError("age or half-life")
    age /= half_life
    return np.exp(age * np.log(0.5))


def respond(psi, missing, upstream_changed, metric_drop):
    level = np.searchsorted([0.1, 0.2], np.max(psi), side="left")
    if upstream_changed or np.linalg.norm(missing, np.inf) > 0.05:
        return "fix_upstream"
    if metric_drop > 0.1:
        return "fallback"
    return ("none", "watch", "retrain" if metric_drop > 0.02 else "investigate")[level]
