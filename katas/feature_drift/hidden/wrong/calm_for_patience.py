"""a feature alerts again only after as many calm windows as the patience says

Patience is for windows above the threshold. How many that are not above end a run?
"""

caught_by = ("test_rolling_alerts_waits_for_patience",)

from dataclasses import dataclass

import numpy as np


class Binning:
    def __init__(self, expected, n_bins):
        if n_bins < 2:
            raise ValueError(f"n_bins is {n_bins}, needs 2 or more")
        values = self._clean(expected)
        inner = np.quantile(values, [i / n_bins for i in range(1, n_bins)])
        keep = np.concatenate([[True], np.diff(inner) > 0])
        self.edges = np.concatenate([[-np.inf], inner[keep], [np.inf]])
        self.shares = self._shares(values)

    @staticmethod
    def _clean(sample):
        values = np.array(sample, dtype=np.float64)
        values = values[np.isfinite(values)]
        if not values.size:
            raise ValueError("a sample without a value")
        return values

    def _shares(self, values):
        counts, _ = np.histogram(values, bins=self.edges)
        return np.where(counts / counts.sum() < 1e-4, 1e-4, counts / counts.sum())

    def psi(self, actual):
        e, a = self.shares, self._shares(self._clean(actual))
        return ((a - e) * np.log(a / e)).sum()


@dataclass
class Alarm:
    patience: int
    above: int = 0
    rung: bool = False
    quiet: int = 0

    def feed(self, is_above):
        if not is_above:
            self.above = 0
            self.quiet += 1
            if self.quiet >= self.patience:
                self.rung = False
            return False
        self.above += 1
        self.quiet = 0
        if self.above >= self.patience and not self.rung:
            self.rung = True
            return True
        return False


def population_stability_index(expected, actual, n_bins=10):
    return Binning(expected, n_bins).psi(actual)


def ks_statistic(a, b):
    a, b = Binning._clean(a), Binning._clean(b)
    x, where = np.unique(np.concatenate([a, b]), return_inverse=True)
    where = where.ravel()
    f_a = np.bincount(where[: a.size], minlength=x.size).cumsum() / a.size
    f_b = np.bincount(where[a.size :], minlength=x.size).cumsum() / b.size
    return np.abs(f_a - f_b).max()


def missing_shift(expected, actual):
    return np.mean(np.isnan(actual)) - np.mean(np.isnan(expected))


def _same_features(reference, other):
    if np.shape(reference)[1] != np.shape(other)[1]:
        raise ValueError(f"{np.shape(reference)[1]} features in the reference, {np.shape(other)[1]} here")


def drift_report(reference, window):
    _same_features(reference, window)
    d = reference.shape[1]
    psi, ks, missing = np.empty(d), np.empty(d), np.empty(d)
    for j in range(d):
        psi[j] = Binning(reference[:, j], 10).psi(window[:, j])
        ks[j] = ks_statistic(reference[:, j], window[:, j])
        missing[j] = missing_shift(reference[:, j], window[:, j])
    return dict(psi=psi, ks=ks, missing=missing)


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    for name, value in (("window", window), ("step", step), ("patience", patience)):
        if value < 1:
            raise ValueError(f"{name} must be 1 or more, is {value}")
    if threshold < 0:
        raise ValueError("threshold must not be negative")
    _same_features(reference, rows)
    features = [(Binning(column, 10), Alarm(patience)) for column in reference.T]
    found = []
    end = window
    while end <= rows.shape[0]:
        part = rows[end - window : end]
        for j, (binning, alarm) in enumerate(features):
            if alarm.feed(binning.psi(part[:, j]) > threshold):
                found.append((end, j))
        end += step
    return found


def time_weights(age_days, half_life):
    if half_life <= 0:
        raise ValueError("half_life must be positive")
    if np.min(age_days) < 0:
        raise ValueError("an age must not be negative")
    return np.power(2.0, -np.true_divide(age_days, half_life))


def respond(psi, missing, upstream_changed, metric_drop):
    drifted, moving = np.max(psi) > 0.2, np.max(psi) > 0.1
    if upstream_changed or np.max(np.abs(missing)) > 0.05:
        return "fix_upstream"
    if metric_drop > 0.1:
        return "fallback"
    if drifted and metric_drop > 0.02:
        return "retrain"
    return "investigate" if drifted else "watch" if moving else "none"
