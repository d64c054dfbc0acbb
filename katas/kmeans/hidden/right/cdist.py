"""Distances from SciPy, with roots; sums by np.add.at; lists as answers."""

import numpy as np
from scipy.spatial.distance import cdist


def _look(X, centers):
    if np.isnan(X).any() or np.isnan(centers).any():
        raise ValueError("nan")
    if np.shape(X)[1] != np.shape(centers)[1]:
        raise ValueError("features")


def kmeans_plus_plus(X, k, seed):
    _look(X, X)
    if k not in range(1, len(X) + 1):
        raise ValueError("k")
    rng = np.random.Generator(np.random.PCG64(seed))
    rows = [X[rng.permutation(len(X))[0]].tolist()]
    while len(rows) < k:
        weights = cdist(X, rows).min(axis=1) ** 2
        if weights.any():
            rows.append(rng.choice(X, p=weights / weights.sum()).tolist())
        else:
            rows.append(rows[0])
    return rows


def assign(X, centers):
    _look(X, centers)
    return cdist(X, centers).argmin(axis=1).tolist()


def update(X, labels, centers):
    _look(X, centers)
    sums, counts = np.zeros(np.shape(centers)), np.zeros((len(centers), 1))
    np.add.at(sums, labels, X)
    np.add.at(counts, labels, 1)
    with np.errstate(invalid="ignore"):
        means = sums / counts
    return np.where(counts == 0, centers, means).tolist()


def kmeans(X, centers, n_iter=100):
    _look(X, centers)
    if len(centers) > len(X):
        raise ValueError("k")
    labels = assign(X, centers)
    for _ in range(n_iter):
        centers = update(X, np.array(labels), centers)
        new = assign(X, centers)
        if new == labels:
            break
        labels = new
    inertia = (cdist(X, centers, "sqeuclidean").min(axis=1)).sum()
    return [centers, labels, float(inertia)]
