"""kmeans_plus_plus divides by a sum of zero

Where all rows equal a centre, the squared distances are all 0, and 0 / 0 is nan. Look at X with
fewer different rows than k.
"""

caught_by = ("test_kmeans_plus_plus_fills_up_with_copies",)
group = "kmeans_plus_plus fails where X has fewer different rows than k"

import numpy as np


def _check(X, centers=None):
    X = np.asarray(X, dtype=float)
    if np.isnan(X).any():
        raise ValueError("X holds nan")
    if centers is None:
        return X
    centers = np.asarray(centers, dtype=float)
    if np.isnan(centers).any():
        raise ValueError("centers hold nan")
    if X.shape[1] != centers.shape[1]:
        raise ValueError("X and centers have different numbers of features")
    return X, centers


def kmeans_plus_plus(X, k, seed):
    X = _check(X)
    n = X.shape[0]
    if k < 1 or k > n:
        raise ValueError("k must be between 1 and the number of points")
    rng = np.random.default_rng(seed)
    centers = [X[rng.integers(n)]]
    for _ in range(1, k):
        d2 = np.min([np.sum((X - c) ** 2, axis=1) for c in centers], axis=0)
        index = rng.choice(n, p=d2 / d2.sum())
        centers.append(X[index])
    return np.array(centers)


def assign(X, centers):
    X, centers = _check(X, centers)
    distances = np.empty((len(X), len(centers)))
    for j, center in enumerate(centers):
        distances[:, j] = np.sum((X - center) ** 2, axis=1)
    return np.argmin(distances, axis=1)


def update(X, labels, centers):
    X, centers = _check(X, centers)
    new_centers = centers.copy()
    for j in range(len(centers)):
        mine = X[labels == j]
        if len(mine) > 0:
            new_centers[j] = mine.mean(axis=0)
    return new_centers


def kmeans(X, centers, n_iter=100):
    X, centers = _check(X, centers)
    if len(centers) > len(X):
        raise ValueError("more centers than points")
    labels = assign(X, centers)
    for _ in range(n_iter):
        centers = update(X, labels, centers)
        new_labels = assign(X, centers)
        done = np.array_equal(new_labels, labels)
        labels = new_labels
        if done:
            break
    inertia = np.sum((X - centers[labels]) ** 2)
    return centers, labels, inertia
