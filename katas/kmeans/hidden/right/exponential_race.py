"""A race of exponential waiting times draws the rows; distances feature by feature; np.bincount."""

import numpy as np


def _columns(*arrays):
    arrays = [np.asarray(array, dtype=float) for array in arrays]
    if any(np.isnan(np.sum(array)) for array in arrays):
        raise ValueError("nan")
    if arrays[0].shape[1] != arrays[-1].shape[1]:
        raise ValueError("features")
    return [array.T for array in arrays]


def _distances(columns, others):
    total = np.zeros((columns.shape[1], others.shape[1]))
    for column, other in zip(columns, others):
        total += np.subtract.outer(column, other) ** 2
    return total


def kmeans_plus_plus(X, k, seed):
    (columns,) = _columns(X)
    n = columns.shape[1]
    if not (0 < k <= n):
        raise ValueError("k")
    rng = np.random.default_rng(seed)
    # Who waits for an exponential time, at a rate that is its weight, comes first with a chance that is its share.
    rates, drawn = np.ones(n), []
    for _ in range(k):
        waits = rng.exponential(size=n)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn.append(int(np.argmin(np.where(rates > 0, waits / rates, np.inf))))
        rates = _distances(columns, columns[:, drawn]).min(axis=1)
    return columns.T[drawn]


def assign(X, centers):
    return _distances(*_columns(X, centers)).argmin(axis=1)


def update(X, labels, centers):
    columns, others = _columns(X, centers)
    k = others.shape[1]
    counts = np.bincount(labels, minlength=k)
    means = np.empty((k, len(columns)))
    for f, (column, other) in enumerate(zip(columns, others)):
        sums = np.bincount(labels, weights=column, minlength=k)
        means[:, f] = np.divide(sums, counts, out=other.copy(), where=counts > 0)
    return means


def kmeans(X, centers, n_iter=100):
    columns, others = _columns(X, centers)
    if others.shape[1] > columns.shape[1]:
        raise ValueError("k")
    X, centers = columns.T, others.T
    labels, rested = assign(X, centers), False
    for _ in range(n_iter):
        if rested:
            break
        centers = update(X, labels, centers)
        now = assign(X, centers)
        rested, labels = bool((now == labels).all()), now
    return centers, labels, np.square(X - centers[labels]).sum()
