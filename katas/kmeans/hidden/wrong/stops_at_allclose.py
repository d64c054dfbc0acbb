"""kmeans stops when np.allclose takes the centres for the same

It allows a hundred-thousandth of a coordinate, which is much for centres far from the origin, and 1e-8 besides.
Compare labels, or ask for equality.
"""

caught_by = ("test_kmeans_knows_no_tolerance",)

import numpy as np


def same_width(X, C):
    if X.shape[1] != C.shape[1]:
        raise ValueError("different numbers of features")


def no_nan(a, name):
    if np.isnan(a).any():
        raise ValueError("nan in " + name)


def squared(X, C):
    """(n, k)"""
    D = np.empty((len(X), len(C)))
    for j in range(len(C)):
        D[:, j] = ((X - C[j]) ** 2).sum(axis=1)
    return D


def kmeans_plus_plus(X, k, seed):
    n = len(X)
    if k < 1 or k > n:
        raise ValueError("k must be between 1 and n")
    no_nan(X, "X")
    rng = np.random.default_rng(seed)
    Z = X.astype(float)
    rows = [rng.integers(n)]
    while len(rows) < k:
        weight = squared(Z, Z[rows]).min(axis=1)
        if weight.sum() == 0:
            rows.append(rng.integers(n))
        else:
            rows.append(rng.choice(n, p=weight / weight.sum()))
    return X[rows]


def assign(X, centers):
    same_width(X, centers)
    no_nan(X, "X")
    no_nan(centers, "centers")
    X, C = X.astype(float), centers.astype(float)
    return squared(X, C).argmin(axis=1)


def update(X, labels, centers):
    same_width(X, centers)
    no_nan(X, "X")
    no_nan(centers, "centers")
    X, new = X.astype(float), centers.astype(float)
    for j in range(len(new)):
        mine = X[labels == j]
        if len(mine):
            new[j] = mine.mean(axis=0)
    return new


def kmeans(X, centers, n_iter=100):
    same_width(X, centers)
    no_nan(X, "X")
    no_nan(centers, "centers")
    if len(centers) > len(X):
        raise ValueError("more centres than points")
    X, C = X.astype(float), centers.astype(float)
    labels = assign(X, C)
    for _ in range(n_iter):
        before, C = C, update(X, labels, C)
        labels = assign(X, C)
        if np.allclose(before, C):
            break
    inertia = ((X - C[labels]) ** 2).sum()
    return C, labels, inertia
