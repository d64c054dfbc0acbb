"""Sums that follow only the points that moved, work in place on copies, one table of distances by features."""

import numpy as np


def _own(X, C):
    if np.shape(X)[1:] != np.shape(C)[1:]:
        raise ValueError("d")
    X, C = np.array(X, np.float64, order="C"), np.array(C, np.float64, order="C")
    if np.any(X != X):
        raise ValueError("nan in X")
    if np.any(C != C):
        raise ValueError("nan in centers")
    return X, C


def _table(X, C):
    D = np.zeros((C.shape[0], X.shape[0]))
    for f in range(X.shape[1]):
        D += np.subtract.outer(C[:, f], X[:, f]) ** 2
    return D


def _sampler(seed):
    state = np.random.default_rng([seed, 7])

    def draw(w):
        if not np.any(w):
            w = np.ones_like(w)
        return int(state.multinomial(1, w / w.sum()).argmax())

    return draw


def kmeans_plus_plus(X, k, seed):
    if not 0 < k <= X.shape[0]:
        raise ValueError("k")
    Z, out = _own(X, X[:k])
    draw = _sampler(seed)
    near = np.ones(len(Z))
    for i in range(k):
        j = draw(near)
        out[i] = Z[j]
        here = _table(Z, Z[j : j + 1])[0]
        near = here if i == 0 else np.minimum(near, here)
    return out


def assign(X, centers):
    X, C = _own(X, centers)
    return np.argmin(_table(X, C), axis=0)


def update(X, labels, centers):
    X, C = _own(X, centers)
    for j in range(len(C)):
        mask = labels == j
        if mask.any():
            C[j] = np.average(X, axis=0, weights=mask)
    return C


def kmeans(X, centers, n_iter=100):
    X, C = _own(X, centers)
    k, n = len(C), len(X)
    if k > n:
        raise ValueError("k > n")
    labels = np.argmin(_table(X, C), axis=0)
    sums, counts = np.zeros_like(C), np.zeros(k, int)
    np.add.at(sums, labels, X)
    np.add.at(counts, labels, 1)
    made = 0
    while True:
        full = counts > 0
        C[full] = sums[full] / counts[full, None]
        made += 1
        D = _table(X, C)
        new = np.argmin(D, axis=0)
        moved = np.flatnonzero(new != labels)
        if not moved.size or made == n_iter:
            return [C, new, D[new, np.arange(n)].sum()]
        np.subtract.at(sums, labels[moved], X[moved])
        np.add.at(sums, new[moved], X[moved])
        counts = np.bincount(new, minlength=k)
        labels = new
