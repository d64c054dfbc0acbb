"""All rows at once: outer products added by np.add.at, one stacked solve; the loss by blocks of users."""

import numpy as np


def _entries(indptr, indices, counts, reg, alpha):
    if not reg > 0:
        raise ValueError("reg")
    if alpha < 0:
        raise ValueError("alpha")
    if len(counts) and np.min(counts) < 0:
        raise ValueError("counts")
    lengths = np.diff(indptr)
    if indptr[0] or indptr[-1] != indices.size or (lengths < 0).any():
        raise ValueError("indptr")
    rows = np.repeat(np.arange(lengths.size), lengths)
    keep = np.flatnonzero(counts)
    return rows[keep], indices[keep], counts[keep].astype(np.float64)


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    rows, columns, r = _entries(indptr, indices, counts, reg, alpha)
    Y = fixed.astype(np.float64)
    f = Y.shape[1]
    A = np.empty((len(indptr) - 1, f, f))
    A[:] = Y.T @ Y
    A[:, range(f), range(f)] += reg
    np.add.at(A, rows, (alpha * r)[:, None, None] * Y[columns, :, None] * Y[columns, None, :])
    b = np.zeros((len(indptr) - 1, f))
    np.add.at(b, rows, (1 + alpha * r)[:, None] * Y[columns])
    return np.linalg.solve(A, b[:, :, None])[:, :, 0]


def implicit_loss(U, V, indptr, indices, counts, reg, alpha, block=512):
    rows, columns, r = _entries(indptr, indices, counts, reg, alpha)
    U, V = np.asarray(U, dtype=np.float64), np.asarray(V, dtype=np.float64)
    total = reg * (np.vdot(U, U) + np.vdot(V, V))
    for start in range(0, len(U), block):
        scores = U[start : start + block] @ V.T
        mine = (rows >= start) & (rows < start + block)
        at = rows[mine] - start, columns[mine]
        observed = scores[at]
        scores[at] = 0
        total += (scores**2).sum() + ((1 + alpha * r[mine]) * (observed - 1) ** 2).sum()
    return total


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    if n_factors <= 0:
        raise ValueError("n_factors")
    users, items, r = _entries(indptr, indices, counts, reg, alpha)
    order = np.lexsort((users, items))
    turned = np.searchsorted(items[order], np.arange(n_items + 1)), users[order], r[order]
    V = np.random.default_rng(seed).uniform(0, 1, (n_items, n_factors))
    U = None
    for _ in range(n_iter):
        U = als_half_step(V, indptr, indices, counts, reg, alpha)
        V = als_half_step(U, *turned, reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k")
    V = np.asarray(V, dtype=np.float64)
    norms = np.sqrt((V * V).sum(axis=1))
    cosine = (V @ V[item]) / np.where(norms == 0, 1, norms) / norms[item]
    cosine[norms == 0] = -2
    ids = np.arange(len(V))
    ranking = np.lexsort((ids, -cosine))
    return ranking[ranking != item][:k]
