"""Stays in float32 where X is float32, and returns 0-d arrays."""

import numpy as np


def _inputs(X, centers=None):
    X = np.asarray(X)
    kind = np.float32 if X.dtype == np.float32 else np.float64
    both = [X.astype(kind)] + ([] if centers is None else [np.asarray(centers).astype(kind)])
    for array in both:
        if not (array == array).all():
            raise ValueError("nan")
        if array.shape[1] != X.shape[1]:
            raise ValueError("features")
    return both


def _table(X, C):
    norms = np.sum(C * C, axis=1)
    return np.sum(X * X, axis=1)[:, None] + norms[None, :] - np.float32(2) * (X @ C.T)


def kmeans_plus_plus(X, k, seed):
    (X,) = _inputs(X)
    if k > len(X) or k < 1:
        raise ValueError("k")
    rng = np.random.default_rng([seed, 17])
    chosen = np.zeros(k, dtype=int)
    chosen[0] = rng.integers(len(X))
    least = np.sum((X - X[chosen[0]]) ** 2, axis=1)
    for i in range(1, k):
        p = least.astype(float)
        chosen[i] = rng.choice(len(X), p=p / p.sum()) if p.sum() else rng.integers(len(X))
        least = np.minimum(least, np.sum((X - X[chosen[i]]) ** 2, axis=1))
    return X[chosen]


def assign(X, centers):
    X, C = _inputs(X, centers)
    return np.argmin(_table(X, C), axis=1).astype(np.int16)


def update(X, labels, centers):
    X, C = _inputs(X, centers)
    means = C.copy()
    for j in np.unique(labels):
        means[j] = np.mean(X[labels == j], axis=0)
    return means


def kmeans(X, centers, n_iter=100):
    X, C = _inputs(X, centers)
    if len(C) > len(X):
        raise ValueError("k")
    labels = assign(X, C)
    for _ in range(n_iter):
        C = update(X, labels, C)
        before, labels = labels, assign(X, C)
        if not (before != labels).any():
            break
    return C, labels, np.array(np.sum((X - C[labels]) ** 2))
