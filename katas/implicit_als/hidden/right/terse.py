"""As short as it gets: comprehensions, np.linalg.lstsq, masks instead of cuts."""

import numpy as np


def _rows(indptr, indices, counts, reg, alpha):
    if reg <= 0 or alpha < 0 or (counts < 0).any() or [indptr[0], indptr[-1]] != [0, len(indices)] or any(indptr[1:] < indptr[:-1]):
        raise ValueError
    r = counts.astype(float)
    return [(indices[a:b], (r[a:b] > 0) * (1 + alpha * r[a:b]), alpha * r[a:b]) for a, b in zip(indptr, indptr[1:])]


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    Y = fixed.astype(float)
    G = Y.T @ Y + reg * np.eye(Y.shape[1])
    rows = _rows(indptr, indices, counts, reg, alpha)
    return np.array([np.linalg.lstsq(G + (Y[i] * e[:, None]).T @ Y[i], cp @ Y[i], rcond=None)[0] for i, cp, e in rows])


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    U, V = U.astype(float), V.astype(float)
    # c (p - s)² = c p² - 2 c p s + c s², and p² = p
    total = ((U.T @ U) * (V.T @ V)).sum() + reg * ((U * U).sum() + (V * V).sum())
    for u, (i, cp, e) in zip(U, _rows(indptr, indices, counts, reg, alpha)):
        s = V[i] @ u
        total += cp.sum() - 2 * cp @ s + e @ s**2
    return total


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    if n_factors < 1:
        raise ValueError
    _rows(indptr, indices, counts, reg, alpha)
    who = np.repeat(range(len(indptr) - 1), np.diff(indptr)).astype(int)
    o = np.argsort(indices, kind="stable")
    ptr = np.r_[0, np.bincount(indices, minlength=n_items).cumsum()]
    V = np.random.default_rng(seed).random((n_items, n_factors)) - 0.5
    for _ in range(n_iter):
        U = als_half_step(V, indptr, indices, counts, reg, alpha)
        V = als_half_step(U, ptr, who[o], counts[o], reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError
    n = np.linalg.norm(V, axis=1)
    c = [V[i] @ V[item] / n[i] if n[i] else -np.inf for i in range(len(V))]
    return sorted(set(range(len(V))) - {item}, key=lambda i: (-c[i], i))[:k]
