"""A KD-tree for the distances of the draws, distances sorted stably for labels, recursion for the loop."""

import numpy as np
from scipy.spatial import distance_matrix, cKDTree


def _bad(X, C):
    problems = []
    if X.shape[1] != C.shape[1]:
        problems.append("features")
    if np.isnan(X).sum():
        problems.append("nan in X")
    if np.isnan(C).sum():
        problems.append("nan in centers")
    return problems


def _require(X, C, more=()):
    p = _bad(X, C) + [m for m in more if m]
    if p:
        raise ValueError(", ".join(p))


def kmeans_plus_plus(X, k, seed):
    _require(X, X, ["k" if k < 1 or k > len(X) else ""])
    rng = np.random.default_rng(seed)
    rows = np.array([rng.choice(len(X))])
    for _ in range(k - 1):
        near, _ = cKDTree(X[rows]).query(X)
        mass = near * near
        if mass.max() == 0:
            rows = np.append(rows, rows[-1])
        else:
            edges = np.cumsum(mass)
            edges /= edges[-1]
            rows = np.append(rows, np.searchsorted(edges, rng.random(), side="right"))
    return X[rows].copy()


def assign(X, centers):
    _require(X, centers)
    D = distance_matrix(X, centers)
    return np.argsort(D, axis=1, kind="stable")[:, 0]


def update(X, labels, centers):
    _require(X, centers)
    # mean of each label as an iterative, numerically careful mean
    C = centers.astype(np.float64)
    for j, c in enumerate(C):
        mine = np.compress(labels == j, X, axis=0).astype(np.float64)
        if mine.shape[0]:
            C[j] = c + (mine - c).mean(0)
    return C


def kmeans(X, centers, n_iter=100):
    _require(X, centers, ["more centres" if len(centers) > len(X) else ""])

    def rec(C, before, left):
        now = assign(X, C)
        if left == 0 or (before is not None and not (before ^ now).any()):
            return C, now
        return rec(update(X, now, C), now, left - 1)

    C, labels = rec(centers, None, n_iter)
    inertia = (distance_matrix(X, C).min(axis=1) ** 2).sum()
    return np.asarray(C), labels, inertia.item()
