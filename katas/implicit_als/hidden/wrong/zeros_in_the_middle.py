"""similar_items gives rows of zeros a cosine of 0

They come before those that point the other way then. They have no direction, and come last.
"""

caught_by = ("test_similar_items_puts_rows_of_zeros_last",)

import numpy as np


def _check(indptr, indices, counts, reg, alpha):
    if reg <= 0:
        raise ValueError("reg must be positive")
    if alpha < 0:
        raise ValueError("alpha must not be negative")
    if np.any(counts < 0):
        raise ValueError("a count is negative")
    if indptr[0] != 0:
        raise ValueError("indptr must begin with 0")
    if indptr[-1] != len(indices):
        raise ValueError("indptr must end with the number of entries")
    if np.any(np.diff(indptr) < 0):
        raise ValueError("indptr must not decrease")


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    _check(indptr, indices, counts, reg, alpha)
    Y = np.asarray(fixed, dtype=np.float64)
    n, f = len(indptr) - 1, Y.shape[1]
    YtY = Y.T @ Y
    X = np.zeros((n, f))
    for u in range(n):
        start, end = indptr[u], indptr[u + 1]
        r = counts[start:end].astype(np.float64)
        Yu = Y[indices[start:end]]
        p = (r > 0).astype(np.float64)
        c = 1 + alpha * r
        A = YtY + (Yu.T * (c - 1)) @ Yu + reg * np.eye(f)
        b = Yu.T @ (c * p)
        X[u] = np.linalg.solve(A, b)
    return X


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    _check(indptr, indices, counts, reg, alpha)
    U, V = np.asarray(U, dtype=np.float64), np.asarray(V, dtype=np.float64)
    users = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    s = np.sum(U[users] * V[indices], axis=1)
    r = counts.astype(np.float64)
    p = (r > 0).astype(np.float64)
    c = 1 + alpha * r
    unobserved = np.sum((U.T @ U) * (V.T @ V)) - np.sum(s**2)
    observed = np.sum(c * (p - s) ** 2)
    return unobserved + observed + reg * (np.sum(U**2) + np.sum(V**2))


def _rows_of_items(indptr, indices, counts, n_items):
    users = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    order = np.argsort(indices, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(indices, minlength=n_items))])
    return ends, users[order], counts[order]


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    _check(indptr, indices, counts, reg, alpha)
    if n_factors < 1:
        raise ValueError("n_factors must be at least 1")
    rng = np.random.default_rng(seed)
    V = rng.normal(scale=0.1, size=(n_items, n_factors))
    turned = _rows_of_items(indptr, indices, counts, n_items)
    for _ in range(n_iter):
        U = als_half_step(V, indptr, indices, counts, reg, alpha)
        V = als_half_step(U, *turned, reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    V = np.asarray(V, dtype=np.float64)
    norms = np.linalg.norm(V, axis=1)
    cosine = np.zeros(len(V))
    cosine[norms > 0] = V[norms > 0] @ V[item] / (norms[norms > 0] * norms[item])
    order = np.argsort(-cosine, kind="stable")
    order = order[order != item]
    return order[:k]
