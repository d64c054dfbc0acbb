"""ks_statistic sees one direction only

The largest difference with its sign is 0 where a lies above b throughout.
"""

caught_by = ("test_ks_statistic_by_hand", "test_ks_statistic_sees_the_order_only",)

import functools
from itertools import chain, groupby

import numpy as np


def ignoring_nan(function):
    @functools.wraps(function)
    def wrapped(first, second, *args, **kwargs):
        cleaned = [x[np.logical_not(np.isnan(x))] for x in (first, second)]
        if not all(map(len, cleaned)):
            raise ValueError("a sample is all nan")
        return function(*cleaned, *args, **kwargs)

    return wrapped


def same_features(function):
    @functools.wraps(function)
    def wrapped(reference, rows, *args, **kwargs):
        if len(reference[0]) != rows.shape[1]:
            raise ValueError("features")
        return function(reference, rows, *args, **kwargs)

    return wrapped


@ignoring_nan
def population_stability_index(expected, actual, n_bins=10):
    if n_bins < 2:
        raise ValueError("n_bins")
    edges = np.quantile(expected.astype(float), np.arange(1, n_bins) / n_bins)

    def shares(values):
        # (n_bins - 1, n): one row for each edge, not for each pair of values
        below = (values[None, :] < edges[:, None]).mean(axis=1)
        return np.maximum(np.diff(below, prepend=0.0, append=1.0), 1e-4)

    e, a = shares(expected), shares(actual)
    return np.dot(a - e, np.log(a / e))


@ignoring_nan
def ks_statistic(a, b):
    a, b = np.sort(a), np.sort(b)
    values = np.unique(np.r_[a, b])
    share = lambda s: np.searchsorted(s, values, side="right") / len(s)
    return (share(a) - share(b)).max()


def missing_shift(expected, actual):
    return np.subtract(*(np.isnan(x).sum() / len(x) for x in (actual, expected)))


@same_features
def drift_report(reference, window):
    def each(measure):
        return np.array([measure(*columns) for columns in zip(reference.T, window.T)])

    return {"psi": each(population_stability_index), "ks": each(ks_statistic), "missing": each(missing_shift)}


@same_features
def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    if any(n < 1 for n in (window, step, patience)) or threshold < 0:
        raise ValueError("an option is out of its range")
    ends = range(window, len(rows) + 1, step)

    def of_feature(j):
        above = [
            (end, population_stability_index(reference[:, j], rows[end - window : end, j]) > threshold) for end in ends
        ]
        for drifted, run in groupby(above, key=lambda pair: bool(pair[1])):
            run = list(run)
            if drifted and len(run) >= patience:
                yield run[patience - 1][0], j

    return sorted(chain.from_iterable(of_feature(j) for j in range(rows.shape[1])))


def time_weights(age_days, half_life):
    if half_life <= 0:
        raise ValueError("half_life")
    if np.sum(age_days < 0):
        raise ValueError("age")
    return np.power(0.5, age_days / half_life)


def respond(psi, missing, upstream_changed, metric_drop):
    if upstream_changed:
        return "fix_upstream"
    if not np.all(np.abs(missing) <= 0.05):
        return "fix_upstream"
    drifted = not np.all(psi <= 0.2)
    if metric_drop > 0.1:
        return "fallback"
    if drifted:
        return "retrain" if metric_drop > 0.02 else "investigate"
    return "none" if np.all(psi <= 0.1) else "watch"
