"""kmeans_plus_plus adds a small number to the squared distances

It keeps the sum from being 0, and gives rows that were drawn a chance again. Small beside what? Look at a cloud whose
coordinates are all within 1e-10.
"""

caught_by = ("test_kmeans_plus_plus_takes_input_of_any_form",)

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
        chances = weights + 1e-12
        drawn.append(rng.choice(n, p=chances / chances.sum()))
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
        after = assign(X, centers)
        if (after == labels).all():
            break
        labels = after
    return centers, labels, _squares(X, centers[labels]).sum()
