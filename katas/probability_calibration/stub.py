"""Calibration of probabilities, in NumPy.

n samples: labels y or y_true are (n,) and hold 0 and 1; scores are any logits (n,), p probabilities (n,).
"""

import numpy as np


def platt_scale(scores, y):
    """Return the pair (a, b) of p = 1 / (1 + exp(a * s + b)) that fits the labels y (n,) to scores (n,): two numbers.

    It minimises the mean cross-entropy with the targets (N1 + 1) / (N1 + 2) for class 1 and 1 / (N0 + 2) for class 0.
    With standardised scores the gradient there is below 1e-6.

    Raises ValueError if scores and y differ in length, if a score is nan, or if a class is missing.
    """
    raise NotImplementedError


def isotonic_fit(x, y, sample_weight=None):
    """Return (thresholds, values), two arrays (k,): the weighted least-squares non-decreasing fit of y (n,) to x (n,).

    Samples of equal x are one point; samples of weight zero do not count. thresholds are strictly increasing: all
    distinct x, or the first and the last x of each block. sample_weight is (n,), or None for ones.

    Raises ValueError if lengths differ, if x, y or sample_weight holds nan, if a weight is negative, or if all are zero.
    """
    raise NotImplementedError


def isotonic_predict(thresholds, values, x):
    """Return the function through thresholds (k,) and values (k,) at x (m,): (m,).

    Linear between thresholds, constant outside.

    Raises ValueError if thresholds and values differ in length, or if x holds nan.
    """
    raise NotImplementedError


def reliability_curve(y_true, p, n_bins=10):
    """Return the triple (mean_p, rate, count), arrays (k,) with an entry for each of the k non-empty bins.

    The bins cut [0, 1] into n_bins of equal width; p = 1 belongs to the last. y_true and p are (n,).

    Raises ValueError if y_true and p differ in length, if a p is nan or outside [0, 1], or if n_bins is below 1.
    """
    raise NotImplementedError


def expected_calibration_error(y_true, p, n_bins=10):
    """Return the mean of |mean_p - rate| over these bins, weighted by their counts: one number.

    Raises ValueError for the same input as reliability_curve.
    """
    raise NotImplementedError


def brier_score(y_true, p):
    """Return the mean squared difference of probabilities p (n,) and labels y_true (n,): one number.

    Raises ValueError if y_true and p differ in length, or if a p is nan or outside [0, 1].
    """
    raise NotImplementedError
