"""Blocks of 2000 points with a name for every table, roots of distances, labels of the smallest type that holds them."""

import numpy as np


def _error(ok, text):
    if not ok:
        raise ValueError(text)


def _pre(X, C):
    _error(X.shape[1] == C.shape[1], "features")
    _error(not np.isnan(X).any(), "nan")
    _error(not np.isnan(C).any(), "nan")


def kmeans_plus_plus(X, k, seed):
    _error(1 <= k <= X.shape[0], "k")
    _pre(X, X)
    rng = np.random.default_rng(seed)
    Z = X.astype(float)
    taken = [int(rng.integers(X.shape[0]))]
    d2 = np.sum((Z - Z[taken[0]]) ** 2, axis=1)
    for _ in range(k - 1):
        total = d2.sum()
        if total == 0:
            taken.append(taken[0])
            continue
        i = int(np.argmax(np.cumsum(d2) > rng.random() * total))
        taken.append(i)
        d2 = np.minimum(d2, np.sum((Z - Z[i]) ** 2, axis=1))
    return X[taken]


def assign(X, centers):
    _pre(X, centers)
    X, C = X.astype(float), centers.astype(float)
    parts = []
    for start in range(0, X.shape[0], 2000):
        block = X[start : start + 2000]
        differences = block[:, None, :] - C[None, :, :]
        squares = differences**2
        distances = np.sqrt(squares.sum(axis=2))
        parts.append(distances.argmin(axis=1))
    return np.concatenate(parts).astype(np.min_scalar_type(len(C)))


def update(X, labels, centers):
    _pre(X, centers)
    out = centers.astype(float)
    for j in np.unique(labels):
        out[j] = X[labels == j].astype(float).mean(axis=0)
    return out


def kmeans(X, centers, n_iter=100):
    _error(len(centers) <= len(X), "k > n")
    _pre(X, centers)
    C = centers
    history = []
    for _ in range(n_iter):
        history.append(assign(X, C))
        if len(history) > 1 and np.array_equal(history[-1], history[-2]):
            break
        C = update(X, history[-1], C)
    labels = assign(X, C)
    inertia = sum(((X[labels == j].astype(float) - C[j].astype(float)) ** 2).sum() for j in range(len(C)))
    return C, labels, inertia
