"""A running minimum over the centres, draws by a running sum, means by masks."""

import numpy as np


def _numbers(values):
    values = np.asarray(values)
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError("nan")
    return values.astype(np.float64)


def _pair(X, centers):
    X, centers = _numbers(X), _numbers(centers)
    if X.shape[-1] != centers.shape[-1]:
        raise ValueError("features differ")
    return X, centers


def kmeans_plus_plus(X, k, seed):
    rows = np.asarray(X)
    X = _numbers(X)
    if not 1 <= k <= X.shape[0]:
        raise ValueError("k")
    rng = np.random.default_rng(seed)
    index = int(rng.integers(0, X.shape[0]))
    drawn, nearest = [index], np.full(X.shape[0], np.inf)
    for _ in range(k - 1):
        difference = X - X[index]
        np.minimum(nearest, np.einsum("nd,nd->n", difference, difference), out=nearest)
        running = nearest.cumsum()
        if running[-1] > 0:
            index = int(np.searchsorted(running, rng.uniform(0, running[-1]), side="right"))
        drawn.append(index)
    return rows[drawn]


def _nearest(X, centers):
    labels, least = np.zeros(len(X), dtype=np.int32), np.full(len(X), np.inf)
    for j in range(len(centers)):
        squared = np.square(X - centers[j]).sum(axis=1)
        better = squared < least
        labels = np.where(better, j, labels)
        least = np.where(better, squared, least)
    return labels, least


def assign(X, centers):
    return _nearest(*_pair(X, centers))[0]


def update(X, labels, centers):
    X, centers = _pair(X, centers)
    return np.array([X[labels == j].mean(axis=0) if (labels == j).any() else centers[j] for j in range(len(centers))])


def kmeans(X, centers, n_iter=100):
    X, centers = _pair(X, centers)
    if centers.shape[0] > X.shape[0]:
        raise ValueError("more centres than points")
    labels, least = _nearest(X, centers)
    previous = None
    while n_iter > 0 and not np.array_equal(labels, previous):
        previous = labels
        centers = update(X, labels, centers)
        labels, least = _nearest(X, centers)
        n_iter -= 1
    return centers, labels, least.sum()
