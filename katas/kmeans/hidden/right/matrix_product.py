"""Squared distances by a matrix product, one-hot labels, the legacy generator."""

import numpy as np


def _checked(*arrays):
    arrays = [np.array(array, dtype=np.float64) for array in arrays]
    if any(np.isnan(array).any() for array in arrays):
        raise ValueError("nan")
    if len({array.shape[1] for array in arrays}) > 1:
        raise ValueError("different numbers of features")
    return arrays


def _squared(X, C):
    """|x|² - 2xc + |c|²; rounding may take it below zero, where no square is."""
    return np.clip((X**2).sum(1, keepdims=True) - 2 * X @ C.T + (C**2).sum(1), 0, None)


def kmeans_plus_plus(X, k, seed):
    (X,) = _checked(X)
    n = len(X)
    if k < 1 or n < k:
        raise ValueError("k")
    random = np.random.RandomState(seed)
    C = X[[random.randint(n)]]
    for _ in range(1, k):
        weights = _squared(X, C).min(axis=1)
        total = weights.sum()
        p = weights / total if total > 0 else np.full(n, 1 / n)
        C = np.vstack([C, X[random.choice(n, p=p)]])
    return C


def assign(X, centers):
    return np.argmin(_squared(*_checked(X, centers)), axis=1)


def update(X, labels, centers):
    X, C = _checked(X, centers)
    one_hot = np.equal.outer(np.arange(len(C)), np.asarray(labels)).astype(float)
    counts = one_hot.sum(axis=1)
    C[counts > 0] = (one_hot @ X)[counts > 0] * (1.0 / counts[counts > 0])[:, None]
    return C


def kmeans(X, centers, n_iter=100):
    X, C = _checked(X, centers)
    if len(C) > len(X):
        raise ValueError("k")
    labels = assign(X, C)
    for _ in range(n_iter):
        C = update(X, labels, C)
        old, labels = labels, assign(X, C)
        if (old == labels).all():
            break
    return C, labels, _squared(X, C)[np.arange(len(X)), labels].sum()
