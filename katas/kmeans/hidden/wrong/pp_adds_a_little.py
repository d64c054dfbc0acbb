"""kmeans_plus_plus adds a little to every squared distance

It never divides by zero then; but rows that equal a centre can be drawn again, and where the whole cloud is tiny, the
little is more than all distances. Look at the same points in another unit.
"""

caught_by = ("test_kmeans_plus_plus_knows_no_unit",)

import numpy as np

EPS = 1e-12


def _check(X, centers):
    if X.shape[1] != centers.shape[1]:
        raise ValueError("features")
    if np.isnan(X).any() or np.isnan(centers).any():
        raise ValueError("nan")
    return X.astype(float), centers.astype(float)


def kmeans_plus_plus(X, k, seed):
    X, _ = _check(X, X)
    if not 1 <= k <= len(X):
        raise ValueError("k")
    rng = np.random.default_rng(seed)
    chosen = [int(rng.integers(len(X)))]
    closest = np.full(len(X), np.inf)
    for _ in range(k - 1):
        closest = np.minimum(closest, ((X - X[chosen[-1]]) ** 2).sum(axis=1))
        weights = closest + EPS
        chosen.append(int(rng.choice(len(X), p=weights / weights.sum())))
    return X[chosen]


def assign(X, centers):
    X, centers = _check(X, centers)
    return np.argmin([((X - c) ** 2).sum(axis=1) for c in centers], axis=0)


def update(X, labels, centers):
    X, centers = _check(X, centers)
    for j in range(len(centers)):
        mask = labels == j
        if mask.any():
            centers[j] = X[mask].mean(axis=0)
    return centers


def kmeans(X, centers, n_iter=100):
    X, centers = _check(X, centers)
    if len(centers) > len(X):
        raise ValueError("more centers than points")
    labels = assign(X, centers)
    for _ in range(n_iter):
        centers = update(X, labels, centers)
        before, labels = labels, assign(X, centers)
        if (before == labels).all():
            break
    return centers, labels, ((X - centers[labels]) ** 2).sum()
