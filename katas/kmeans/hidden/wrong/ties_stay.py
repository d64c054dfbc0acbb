"""kmeans lets a point at equal distance stay where it was

A point moves only if another centre is strictly nearer, and so its label depends on the one before. Among centres at
equal distance the lowest index wins, in every assignment.
"""

caught_by = ("test_kmeans_stops_when_labels_rest",)

import numpy as np


def _read(*arrays):
    arrays = [np.array(array, dtype=float) for array in arrays]
    if any(np.isnan(array).any() for array in arrays):
        raise ValueError("nan")
    if len({array.shape[1] for array in arrays}) > 1:
        raise ValueError("as many features in the centres as in the points, please")
    return arrays


def _squares(X, center):
    return ((X - center) ** 2).sum(axis=1)


def kmeans_plus_plus(X, k, seed):
    (X,) = _read(X)
    n = len(X)
    if k > n or k < 1:
        raise ValueError("k must be from 1 to n")
    rng = np.random.default_rng(seed)
    drawn = [rng.integers(n)]
    weights = _squares(X, X[drawn[0]])
    for _ in range(k - 1):
        p = weights / weights.sum() if weights.any() else None
        drawn.append(rng.choice(n, p=p))
        weights = np.minimum(weights, _squares(X, X[drawn[-1]]))
    return X[drawn]


def assign(X, centers):
    X, centers = _read(X, centers)
    return np.column_stack([_squares(X, center) for center in centers]).argmin(axis=1)


def update(X, labels, centers):
    X, means = _read(X, centers)
    for label in np.unique(labels):
        means[label] = X[labels == label].mean(axis=0)
    return means


def kmeans(X, centers, n_iter=100):
    X, centers = _read(X, centers)
    if len(X) < len(centers):
        raise ValueError("fewer points than centres")
    labels = assign(X, centers)
    for _ in range(n_iter):
        centers = update(X, labels, centers)
        nearest = assign(X, centers)
        moves = _squares(X, centers[nearest]) < _squares(X, centers[labels])
        after = np.where(moves, nearest, labels)
        if (after == labels).all():
            break
        labels = after
    return centers, labels, _squares(X, centers[labels]).sum()
