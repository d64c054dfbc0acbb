"""Drift of features: measures, a rolling alert, and what to do about it, in NumPy.

A sample of one feature is (n,) and may hold nan for what is missing; n or m rows of d features are (n, d) and (m, d).
"""

import numpy as np


def population_stability_index(expected, actual, n_bins=10):
    """Return the PSI of actual (m,) against expected (n,), nan ignored: one number.

    Edges are the inner quantiles of expected; the outer bins are open; a value on an edge belongs above it; shares
    are at least 1e-4.

    Raises ValueError if n_bins < 2 or if one of the samples is all nan.
    """
    raise NotImplementedError


def ks_statistic(a, b):
    """Return the largest distance of the distribution functions of a (n,) and b (m,), nan ignored: one number.

    Raises ValueError if one of the samples is all nan.
    """
    raise NotImplementedError


def missing_shift(expected, actual):
    """Return the share of nan in actual (m,) minus the share of nan in expected (n,): one number."""
    raise NotImplementedError


def drift_report(reference, window):
    """Return a dict of three arrays (d,), "psi", "ks" and "missing", for reference (n, d) and window (m, d).

    Raises ValueError if the two have different numbers of features.
    """
    raise NotImplementedError


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    """Return a list of pairs (end, feature), sorted, for reference (n, d) and rows (N, d).

    Windows are the rows [end - window, end) for end = window, window + step, ... <= N. A feature alerts at the
    patience-th window in a row whose PSI is above the threshold: once, until a window is not above.

    Raises ValueError if the two have different numbers of features, if window, step or patience is below 1, or if
    threshold is negative.
    """
    raise NotImplementedError


def time_weights(age_days, half_life):
    """Return the weights (n,) of samples of these ages (n,): 1 for age 0, halved with every half_life.

    Raises ValueError if half_life is not positive or an age is negative.
    """
    raise NotImplementedError


def respond(psi, missing, upstream_changed, metric_drop):
    """Return what to do, one string, for psi (d,), missing (d,), a bool and a number.

    It is "fix_upstream", "fallback", "retrain", "investigate", "watch" or "none": the first that applies.
    """
    raise NotImplementedError
