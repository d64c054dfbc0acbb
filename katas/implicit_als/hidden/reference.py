"""Implicit feedback by alternating least squares, after Hu, Koren and Volinsky [1]_.

Every pair of user and item is an equation: that nothing was observed is weak evidence, and not a gap. The sums over
all pairs are cheap all the same, since the pairs without an observation have weight 1, all of them: such a sum is that
over all items, the same for every user and computed once, plus a correction for the few that the user has touched.

.. [1] Y. Hu, Y. Koren, C. Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008.
"""

import numpy as np


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    _check(indptr, indices, counts, reg, alpha)
    for_everyone = fixed.T @ fixed + reg * np.eye(fixed.shape[1])
    solved = np.empty((len(indptr) - 1, fixed.shape[1]))
    for i in range(len(solved)):
        row = slice(indptr[i], indptr[i + 1])
        observed = counts[row] > 0
        touched = fixed[indices[row][observed]]
        extra = alpha * counts[row][observed].astype(float)  # c - 1; as floats, since small integers would wrap
        solved[i] = np.linalg.solve(for_everyone + (touched.T * extra) @ touched, touched.T @ (1 + extra))
    return solved


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    _check(indptr, indices, counts, reg, alpha)
    observed = counts > 0
    users, items = _row_of_each(indptr)[observed], indices[observed]
    confidence = 1 + alpha * counts[observed].astype(float)
    scores = np.sum(U[users] * V[items], axis=1)
    as_if_unobserved = np.sum((U.T @ U) * (V.T @ V))  # the sum of (u·v)² over all pairs
    correction = np.sum(confidence * (1 - scores) ** 2 - scores**2)
    return as_if_unobserved + correction + reg * (np.sum(U**2) + np.sum(V**2))


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    _check(indptr, indices, counts, reg, alpha)
    if n_factors < 1:
        raise ValueError(f"there must be at least one factor, not {n_factors}")
    by_user = indptr, indices, counts
    by_item = _by_column(*by_user, n_items)
    V = np.random.default_rng(seed).normal(size=(n_items, n_factors))
    for _ in range(n_iter):
        U = als_half_step(V, *by_user, reg, alpha)
        V = als_half_step(U, *by_item, reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    lengths = np.linalg.norm(V, axis=1)
    some = lengths > 0
    cosines = np.full(len(V), -np.inf)  # of zero rows: behind all others
    cosines[some] = V[some] @ V[item] / lengths[some]  # the query's own length is the same for all
    best_first = np.argsort(-cosines, kind="stable")  # stable: equal ones stay in the order of their ids
    return best_first[best_first != item][:k]


def _check(indptr, indices, counts, reg, alpha):
    if reg <= 0 or alpha < 0:
        raise ValueError(f"reg must be positive and alpha not negative, not {reg} and {alpha}")
    if np.any(counts < 0):
        raise ValueError("a count must not be negative")
    if indptr[0] != 0 or indptr[-1] != len(indices) or np.any(np.diff(indptr) < 0):
        raise ValueError("indptr must begin with 0, end with the number of entries and never fall")


def _row_of_each(indptr):
    return np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))


def _by_column(indptr, indices, counts, n_items):
    """Turn rows of users into rows of items: sort by item, and count."""
    order = np.argsort(indices)  # in which order the users of an item come does not matter
    ends = np.cumsum(np.bincount(indices, minlength=n_items))
    return np.concatenate([[0], ends]), _row_of_each(indptr)[order], counts[order]
