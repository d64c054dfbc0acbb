"""similar_items rounds the cosines

Items with nearly the same cosine become equal, and the smaller id wins where the better one should.
"""

caught_by = ("test_similar_items_by_hand",)

import numpy as np


def _look(indptr, indices, counts, reg, alpha):
    assert_ok = (
        reg > 0,
        alpha >= 0,
        np.all(np.asarray(counts) >= 0),
        indptr[0] == 0,
        indptr[-1] == np.size(indices),
        np.all(indptr[1:] >= indptr[:-1]),
    )
    if not all(assert_ok):
        raise ValueError(f"bad input: {assert_ok}")
    seen = np.asarray(counts) > 0
    kept = np.concatenate([[0], np.cumsum(seen)])[indptr]
    return kept, np.asarray(indices)[seen], np.asarray(counts)[seen] * 1.0


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    ptr, cols, r = _look(indptr, indices, counts, reg, alpha)
    Y = np.asarray(fixed, dtype=np.float64)
    S = np.linalg.inv(Y.T @ Y + reg * np.eye(Y.shape[1]))
    X = np.zeros((len(ptr) - 1, Y.shape[1]))
    for i, (start, stop) in enumerate(zip(ptr, ptr[1:])):
        Z, d = Y[cols[start:stop]], alpha * r[start:stop]
        b = S @ ((1 + d) @ Z)
        SZ = S @ Z.T
        inner = np.eye(stop - start) + d[:, None] * (Z @ SZ)
        X[i] = b - SZ @ np.linalg.solve(inner, d * (Z @ b))
    return X


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    ptr, cols, r = _look(indptr, indices, counts, reg, alpha)
    U, V = np.asarray(U, dtype=np.float64), np.asarray(V, dtype=np.float64)
    rows = np.searchsorted(ptr, np.arange(len(cols)), side="right") - 1
    s = np.multiply(U[rows], V[cols]).sum(-1)
    GU, GV = U.T @ U, V.T @ V
    pairs = np.trace(GU @ GV) - s @ s + (1 + alpha * r) @ np.square(1 - s)
    return pairs + reg * (np.trace(GU) + np.trace(GV))


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    ptr, cols, r = _look(indptr, indices, counts, reg, alpha)
    if n_factors < 1:
        raise ValueError("n_factors")
    n_users = len(ptr) - 1
    rows = np.searchsorted(ptr, np.arange(len(cols)), side="right") - 1
    by_item = np.argsort(cols, kind="stable")
    item_ptr = np.searchsorted(cols[by_item], np.arange(n_items), side="left")
    item_ptr = np.append(item_ptr, len(cols))
    U = np.random.default_rng([seed, 7]).exponential(size=(n_users, n_factors))
    for step in range(2 * n_iter):
        if step % 2:
            U = als_half_step(V, ptr, cols, r, reg, alpha)
        else:
            V = als_half_step(U, item_ptr, rows[by_item], r[by_item], reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k")
    V = np.asarray(V, dtype=np.float64)
    n = np.sqrt(np.sum(V**2, axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = (V / n[:, None]) @ (V[item] / n[item])
    # nan, of rows of zeros, is sorted behind everything
    order = np.argsort(-np.round(cosine, 3), kind="stable").tolist()
    return [i for i in order if i != item][:k]
