"""SciPy's product for all right-hand sides, and an einsum for each row: slow, but no slower than a loop may be."""

import numpy as np
from scipy import sparse


def _matrix(indptr, indices, counts, n_columns, reg, alpha):
    if reg <= 0 or alpha < 0:
        raise ValueError("reg > 0 and alpha >= 0 are needed")
    if len(counts) and counts.min() < 0:
        raise ValueError("counts must not be negative")
    if indptr[0] != 0 or indptr[-1] != indices.size or (indptr[1:] < indptr[:-1]).any():
        raise ValueError("indptr is broken")
    R = sparse.csr_matrix((counts.astype(float), indices.copy(), indptr.copy()), shape=(len(indptr) - 1, n_columns))
    R.eliminate_zeros()
    return R


def _solve(Y, R, reg, alpha):
    Y = Y.astype(float)
    G = Y.T @ Y
    G.flat[:: len(G) + 1] += reg
    C1 = R * float(alpha)
    ones = R.copy()
    ones.data = np.ones_like(ones.data)
    B = (C1 + ones) @ Y
    X = np.empty((R.shape[0], Y.shape[1]))
    for i in range(R.shape[0]):
        row = slice(R.indptr[i], R.indptr[i + 1])
        y = Y[R.indices[row]]
        X[i] = np.linalg.solve(G + np.einsum("k,kf,kg->fg", C1.data[row], y, y, optimize=True), B[i])
    return X


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    return _solve(fixed, _matrix(indptr, indices, counts, len(fixed), reg, alpha), reg, alpha)


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    R = _matrix(indptr, indices, counts, len(V), reg, alpha).tocoo()
    U, V = U.astype(float), V.astype(float)
    s = np.einsum("ij,ij->i", U[R.row], V[R.col])
    everything = np.vdot(U.T @ U, V.T @ V)
    seen = np.sum((1 + alpha * R.data) * (1 - s) ** 2 - s**2)
    return everything + seen + reg * (np.vdot(U, U) + np.vdot(V, V))


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    if n_factors < 1:
        raise ValueError("n_factors must be positive")
    R = _matrix(indptr, indices, counts, n_items, reg, alpha)
    T = R.T.tocsr()
    rng = np.random.RandomState(seed)
    U = rng.uniform(0, 1, (R.shape[0], n_factors))
    for _ in range(n_iter):
        V = _solve(U, T, reg, alpha)
        U = _solve(V, R, reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k must be positive")
    V = V.astype(float)
    length = np.sqrt((V * V).sum(axis=1))
    with np.errstate(all="ignore"):
        N = V / length[:, None]
    cos = np.nan_to_num(N @ N[item], nan=-2.0)
    ids = np.delete(np.arange(len(V)), item)
    return ids[np.lexsort((ids, -cos[ids]))][:k]
