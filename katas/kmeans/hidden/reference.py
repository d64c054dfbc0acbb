"""k-means from scratch.

Lloyd's algorithm minimises one quantity, the sum of squared distances between points and their centres, by two steps
in turn: for fixed centres the nearest one is the best label, and for fixed labels the mean is the best centre. Neither
step can make it worse, so it ends. Where it ends depends on the start, which k-means++ [1]_ spreads out.

.. [1] D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
"""

import numpy as np


def kmeans_plus_plus(X, k, seed):
    X = _numbers(X)
    if not 1 <= k <= len(X):
        raise ValueError(f"{k} different rows cannot be drawn from {len(X)}")
    rng = np.random.default_rng(seed)
    chosen = [rng.integers(len(X))]
    nearest = np.full(len(X), np.inf)
    while len(chosen) < k:
        nearest = np.minimum(nearest, np.square(X - X[chosen[-1]]).sum(axis=1))
        total = nearest.sum()  # 0 where every row equals one that was drawn: then any will do
        chosen.append(rng.choice(len(X), p=nearest / total if total > 0 else None))
    return X[chosen]


def assign(X, centers):
    X, centers = _alike(X, centers)
    return _squared_distances(X, centers).argmin(axis=1)  # the first of equal ones


def update(X, labels, centers):
    X, centers = _alike(X, centers)
    counts = np.bincount(labels, minlength=len(centers))
    sums = np.zeros(centers.shape)
    np.add.at(sums, labels, X)
    filled = counts > 0
    means = centers.copy()
    means[filled] = sums[filled] / counts[filled, None]
    return means


def kmeans(X, centers, n_iter=100):
    if len(centers) > len(X):
        raise ValueError(f"there are {len(centers)} centres for {len(X)} points")
    labels = assign(X, centers)
    for _ in range(n_iter):
        before = labels
        centers = update(X, before, centers)
        labels = assign(X, centers)  # of the centres that are returned, if this was the last update
        if np.array_equal(labels, before):
            break
    return centers, labels, np.square(X - centers[labels]).sum()


def _squared_distances(X, centers):
    """One centre at a time: a table of all differences would be (n, k, d)."""
    return np.stack([np.square(X - center).sum(axis=1) for center in centers], axis=1)


def _alike(X, centers):
    X, centers = _numbers(X), _numbers(centers)
    if X.shape[1] != centers.shape[1]:
        raise ValueError(f"points have {X.shape[1]} features, centres {centers.shape[1]}")
    return X, centers


def _numbers(array):
    array = np.asarray(array, dtype=float)  # floats: differences of unsigned integers would wrap
    if np.isnan(array).any():
        raise ValueError("there is a nan")
    return array
