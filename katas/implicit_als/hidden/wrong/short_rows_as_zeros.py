"""similar_items takes short rows for rows of zeros

A cosine does not depend on the length. Where reg is large, all rows are short.
"""

caught_by = ("test_similar_items_takes_input_of_any_form",)

import numpy as np


def check_log(indptr, indices, counts, reg, alpha):
    if reg <= 0:
        raise ValueError("reg must be above 0")
    if alpha < 0:
        raise ValueError("alpha must be at least 0")
    if (counts < 0).any():
        raise ValueError("a count is negative")
    if indptr[0] != 0 or indptr[-1] != len(indices) or (np.diff(indptr) < 0).any():
        raise ValueError("indptr is broken")


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    check_log(indptr, indices, counts, reg, alpha)
    Y = fixed.astype(np.float64)
    f = Y.shape[1]
    gram = Y.T @ Y + reg * np.eye(f)
    X = np.zeros((len(indptr) - 1, f))
    for i in range(len(X)):
        r = counts[indptr[i] : indptr[i + 1]]
        seen = r > 0
        y = Y[indices[indptr[i] : indptr[i + 1]][seen]]
        extra = alpha * r[seen].astype(np.float64)
        A = gram + y.T @ (extra[:, None] * y)
        X[i] = np.linalg.solve(A, y.T @ (1 + extra))
    return X


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    check_log(indptr, indices, counts, reg, alpha)
    U, V, r = U.astype(np.float64), V.astype(np.float64), counts.astype(np.float64)
    total = reg * (np.sum(U**2) + np.sum(V**2))
    for i in range(len(U)):
        scores = V @ U[i]
        cols, ri = indices[indptr[i] : indptr[i + 1]], r[indptr[i] : indptr[i + 1]]
        cols, ri = cols[ri > 0], ri[ri > 0]
        total += np.sum(scores**2) - np.sum(scores[cols] ** 2)
        total += np.sum((1 + alpha * ri) * (1 - scores[cols]) ** 2)
    return total


def transpose(indptr, indices, counts, n_items):
    users = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    order = np.argsort(indices, kind="stable")
    ends = np.cumsum(np.bincount(indices, minlength=n_items))
    return np.concatenate([[0], ends]), users[order], counts[order]


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    check_log(indptr, indices, counts, reg, alpha)
    if n_factors < 1:
        raise ValueError("n_factors must be at least 1")
    by_item = transpose(indptr, indices, counts, n_items)
    rng = np.random.default_rng(seed)
    V = rng.normal(size=(n_items, n_factors))
    for _ in range(n_iter):
        U = als_half_step(V, indptr, indices, counts, reg, alpha)
        V = als_half_step(U, *by_item, reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    V = V.astype(np.float64)
    norms = np.linalg.norm(V, axis=1)
    zero = norms < 1e-6
    cosines = (V @ V[item]) / np.where(zero, 1.0, norms)
    cosines[zero] = -np.inf
    order = np.argsort(-cosines, kind="stable")
    return order[order != item][:k]
