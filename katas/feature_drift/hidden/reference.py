"""Feature drift: measures, a rolling alert, and a response.

Everything is a comparison of shares with a reference that does not move. PSI takes shares of bins, which the reference
alone defines; KS takes shares at or below every value that occurs; what is missing is a share as well. An alert counts
windows in a row, and rings when the count reaches the patience, not while it stays above it.
"""

import numpy as np

FLOOR = 1e-4


def population_stability_index(expected, actual, n_bins=10):
    if n_bins < 2:
        raise ValueError(f"there must be at least two bins, not {n_bins}")
    expected, actual = _present(expected), _present(actual)
    # Equal edges need not be dropped: the bin between them is empty in both samples, and equal shares cost nothing.
    edges = np.quantile(expected, np.arange(1, n_bins) / n_bins)
    e, a = _shares(expected, edges), _shares(actual, edges)
    return np.sum((a - e) * np.log(a / e))


def ks_statistic(a, b):
    a, b = np.sort(_present(a)), np.sort(_present(b))
    values = np.concatenate([a, b])  # both functions are constant between them
    return np.max(np.abs(_at_most(a, values) - _at_most(b, values)))


def missing_shift(expected, actual):
    return np.mean(np.isnan(actual)) - np.mean(np.isnan(expected))


def drift_report(reference, window):
    _require_same_features(reference, window)
    measures = {"psi": population_stability_index, "ks": ks_statistic, "missing": missing_shift}
    return {name: _by_feature(measure, reference, window) for name, measure in measures.items()}


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    _require_same_features(reference, rows)
    if min(window, step, patience) < 1:
        raise ValueError("window, step and patience must be at least 1")
    if threshold < 0:
        raise ValueError("the threshold must not be negative")
    alerts, in_a_row = [], np.zeros(rows.shape[1], dtype=int)
    for end in range(window, len(rows) + 1, step):
        psi = _by_feature(population_stability_index, reference, rows[end - window : end])
        in_a_row = np.where(psi > threshold, in_a_row + 1, 0)
        alerts += [(end, feature) for feature in np.flatnonzero(in_a_row == patience)]
    return alerts


def time_weights(age_days, half_life):
    if half_life <= 0:
        raise ValueError("the half-life must be positive")
    if np.min(age_days) < 0:
        raise ValueError("an age must not be negative")
    return 0.5 ** (age_days / half_life)


def respond(psi, missing, upstream_changed, metric_drop):
    drift = np.max(psi)
    if upstream_changed or np.max(np.abs(missing)) > 0.05:
        return "fix_upstream"
    if metric_drop > 0.1:
        return "fallback"
    if drift > 0.2:
        return "retrain" if metric_drop > 0.02 else "investigate"
    return "watch" if drift > 0.1 else "none"


def _present(sample):
    values = np.asarray(sample, dtype=float)  # edges and comparisons in float64
    values = values[~np.isnan(values)]
    if values.size == 0:
        raise ValueError("nothing is left of a sample without nan")
    return values


def _shares(values, edges):
    bins = np.searchsorted(edges, values, side="right")  # on an edge: above it
    return np.maximum(np.bincount(bins, minlength=len(edges) + 1) / len(values), FLOOR)


def _at_most(ordered, values):
    return np.searchsorted(ordered, values, side="right") / len(ordered)


def _by_feature(measure, reference, window):
    return np.array([measure(reference[:, j], window[:, j]) for j in range(reference.shape[1])])


def _require_same_features(reference, rows):
    if reference.shape[1] != rows.shape[1]:
        raise ValueError(f"the reference has {reference.shape[1]} features, the rows {rows.shape[1]}")
