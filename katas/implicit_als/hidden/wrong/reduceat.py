"""als_half_step gives an empty row the sum of the next one

np.add.reduceat of an empty slice is not 0 but the element at its start; and where the slice starts behind the end,
it raises. Rows without interactions need care of their own.
"""

caught_by = (
    "test_als_half_step_of_rows_without_interactions",
    "test_als_half_step_by_hand",
    "test_fit_makes_both_half_steps",
)

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
    if n == 0 or len(indices) == 0:
        return np.zeros((n, f))
    r = counts.astype(np.float64)
    Z = Y[indices]
    starts = np.minimum(indptr[:-1], len(indices) - 1)
    outer = alpha * r[:, None, None] * Z[:, :, None] * Z[:, None, :]
    A = YtY + reg * np.eye(f) + np.add.reduceat(outer, starts, axis=0)
    b = np.add.reduceat(((r > 0) * (1 + alpha * r))[:, None] * Z, starts, axis=0)
    return np.linalg.solve(A, b[:, :, None])[:, :, 0]


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
    cosine = np.full(len(V), -np.inf)
    cosine[norms > 0] = V[norms > 0] @ V[item] / (norms[norms > 0] * norms[item])
    order = np.argsort(-cosine, kind="stable")
    order = order[order != item]
    return order[:k]
