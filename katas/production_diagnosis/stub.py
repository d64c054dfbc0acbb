"""Why is a model good on the test set and poor in production? Measures, and a diagnosis, in NumPy.

n samples of d features are X (n, d), their labels y (n,), and what a model says of them y_pred (n,).
"""

import numpy as np


def kl_divergence(p, q):
    """Return the Kullback-Leibler divergence of p (k,) from q (k,), in natural logarithms: one number, perhaps inf.

    Both are normalised to sum 1 first.

    Raises ValueError if p or q has a negative number or nan or is all zero, or if their lengths differ.
    """
    raise NotImplementedError


def label_shift(y_train, y_prod):
    """Return the total-variation distance of the labels y_train (n,) and y_prod (m,): one number from 0 to 1."""
    raise NotImplementedError


def duplicate_rate(X_train, X_test):
    """Return the share of the rows of X_test (m, d) that occur, exactly, in X_train (n, d): one number from 0 to 1."""
    raise NotImplementedError


def diagnose(train, test, production):
    """Return what is wrong with production, one string, for three dicts of X (n, d), y (n,) and y_pred (n,).

    It is "healthy", "covariate_shift", "label_shift", "concept_drift", "leakage" or "preprocessing_skew".
    """
    raise NotImplementedError
