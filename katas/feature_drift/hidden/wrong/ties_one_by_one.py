"""ks_statistic steps from value to value, inside runs of equal values too

Two samples that hold the same value have a distance of 0. Look after the last of equal values only.
"""

caught_by = ("test_ks_statistic_takes_ties_together",)

from dataclasses import dataclass

import numpy as np


@dataclass
class Feature:
    edges: np.ndarray
    shares: np.ndarray

    @classmethod
    def learn(cls, expected, n_bins):
        if n_bins < 2:
            raise ValueError("need at least two bins")
        values = without_nan(expected)
        edges = np.array(sorted(set(np.quantile(values, [k / n_bins for k in range(1, n_bins)]).tolist())))
        return cls(edges, cls.count(values, edges))

    @staticmethod
    def count(values, edges):
        index = np.digitize(values, edges)  # right=False: edges[i-1] <= x < edges[i]
        shares = np.array([np.mean(index == i) for i in range(len(edges) + 1)])
        return np.where(shares < 1e-4, 1e-4, shares)

    def psi(self, actual):
        now = self.count(without_nan(actual), self.edges)
        return -np.sum((self.shares - now) * np.log(now / self.shares))


def without_nan(x):
    x = np.asarray(x, dtype="float64")
    x = np.compress(np.isfinite(x), x)
    if x.shape[0] < 1:
        raise ValueError("empty after dropping nan")
    return x


def population_stability_index(expected, actual, n_bins=10):
    return Feature.learn(expected, n_bins).psi(actual)


def ks_statistic(a, b):
    a, b = without_nan(a), without_nan(b)
    both = np.concatenate([a, b])
    weight = np.concatenate([np.full(len(a), 1 / len(a)), np.full(len(b), -1 / len(b))])
    order = np.argsort(both)
    both, height = both[order], np.cumsum(weight[order])
    last = np.ones(len(both), dtype=bool)
    last[:-1] = both[1:] != both[:-1]
    return np.max(np.abs(height))


def missing_shift(expected, actual):
    before = np.sum(np.isnan(expected)) / np.size(expected)
    now = np.sum(np.isnan(actual)) / np.size(actual)
    return now - before


class Monitor:
    def __init__(self, reference):
        self.reference = np.asarray(reference)
        self.features = [Feature.learn(column, 10) for column in self.reference.T]

    def compare(self, window):
        if window.shape[1] != len(self.features):
            raise ValueError("feature count")
        return np.array([feature.psi(column) for feature, column in zip(self.features, window.T)])


def drift_report(reference, window):
    columns = range(reference.shape[1])
    psi = Monitor(reference).compare(window)
    return dict(
        psi=psi,
        ks=np.fromiter((ks_statistic(reference[:, j], window[:, j]) for j in columns), float),
        missing=np.isnan(window).mean(axis=0) - np.isnan(reference).mean(axis=0),
    )


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    if min(window, step, patience) <= 0:
        raise ValueError("window, step and patience are positive")
    if threshold < 0:
        raise ValueError("threshold is not negative")
    monitor = Monitor(reference)
    if rows.shape[1] != len(monitor.features):
        raise ValueError("feature count")
    ends = np.arange(window, len(rows) + 1, step)
    if len(ends) == 0:
        return []
    above = np.array([monitor.compare(rows[e - window : e]) for e in ends]) > threshold
    # length of the run of windows above that ends here: windows seen minus those up to the last calm one
    number = np.arange(1, len(ends) + 1)[:, None]
    calm = np.maximum.accumulate(np.where(above, 0, number), axis=0)
    which, feature = np.nonzero((number - calm) * above == patience)
    return np.column_stack([ends[which], feature])


def time_weights(age_days, half_life):
    if not half_life > 0:
        raise ValueError("half-life")
    if (np.asarray(age_days) < 0).any():
        raise ValueError("age")
    return np.exp2(np.divide(age_days, -half_life))


def respond(psi, missing, upstream_changed, metric_drop):
    drifted = bool((np.asarray(psi) > 0.2).any())
    watched = bool((np.asarray(psi) > 0.1).any())
    broken = upstream_changed or bool((np.asarray(missing) > 0.05).any() or (np.asarray(missing) < -0.05).any())
    match (broken, metric_drop > 0.1, drifted, metric_drop > 0.02, watched):
        case (True, _, _, _, _):
            return "fix_upstream"
        case (_, True, _, _, _):
            return "fallback"
        case (_, _, True, True, _):
            return "retrain"
        case (_, _, True, _, _):
            return "investigate"
        case (_, _, _, _, True):
            return "watch"
    return "none"
