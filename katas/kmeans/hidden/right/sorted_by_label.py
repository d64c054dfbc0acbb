"""Points sorted by label and summed run by run; Python's own generator; stops when the centres stand still."""

import random

import numpy as np


def _float(array):
    array = np.ascontiguousarray(array, dtype=float)
    if np.any(array != array):
        raise ValueError("nan")
    return array


def _two(X, centers):
    X, centers = _float(X), _float(centers)
    if X.shape[1:] != centers.shape[1:]:
        raise ValueError("features")
    return X, centers


def kmeans_plus_plus(X, k, seed):
    X = _float(X)
    if k < 1:
        raise ValueError("k < 1")
    if k > len(X):
        raise ValueError("k > n")
    dice = random.Random(seed)
    drawn = [dice.randrange(len(X))]
    least = np.linalg.norm(X - X[drawn[0]], axis=1)
    while len(drawn) < k:
        weights = least**2
        drawn += dice.choices(range(len(X)), weights=weights.tolist() if weights.any() else None)
        least = np.minimum(least, np.linalg.norm(X - X[drawn[-1]], axis=1))
    return X.take(drawn, axis=0)


def assign(X, centers):
    X, centers = _two(X, centers)
    return np.column_stack([np.linalg.norm(X - center, axis=1) for center in centers]).argmin(1)


def update(X, labels, centers):
    X, centers = _two(X, centers)
    order = np.argsort(labels, kind="stable")
    present, starts, counts = np.unique(np.asarray(labels)[order], return_index=True, return_counts=True)
    means = centers.copy()
    means[present] = np.add.reduceat(X[order], starts, axis=0) / counts[:, None]
    return means


def kmeans(X, centers, n_iter=100):
    X, centers = _two(X, centers)
    if len(centers) > len(X):
        raise ValueError("k > n")
    for _ in range(n_iter):
        moved = update(X, assign(X, centers), centers)
        still = np.array_equal(moved, centers)
        centers = moved
        if still:
            break
    labels = assign(X, centers)
    distances = np.linalg.norm(X - centers[labels], axis=1)
    return centers, labels, distances @ distances
