"""fit normalises the factors after every half-step

Lengths are part of the answer: after that U is no longer the best one for V.
"""

caught_by = ("test_fit_ends_with_an_exact_half_step",)

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix


def _matrix(indptr, indices, counts, n_columns, reg, alpha):
    if reg <= 0:
        raise ValueError("reg must be positive")
    if alpha < 0:
        raise ValueError("alpha must not be negative")
    if (counts < 0).any():
        raise ValueError("negative counts")
    if indptr[0] != 0 or indptr[-1] != len(indices) or (indptr[1:] < indptr[:-1]).any():
        raise ValueError("indptr")
    matrix = csr_matrix(
        (counts.astype(float), np.array(indices), np.array(indptr)), shape=(len(indptr) - 1, n_columns), copy=True
    )
    matrix.eliminate_zeros()
    return matrix


def _solve_side(Y, matrix, reg, alpha):
    gram = Y.T @ Y
    gram[np.diag_indices_from(gram)] += reg
    rhs = matrix.copy()
    rhs.data = 1 + alpha * rhs.data
    rhs = rhs @ Y
    out = np.zeros_like(rhs)
    for u in range(matrix.shape[0]):
        a, b = matrix.indptr[u : u + 2]
        if a == b:
            continue
        Yu = Y[matrix.indices[a:b]]
        weighted = Yu * (alpha * matrix.data[a:b])[:, None]
        out[u] = cho_solve(cho_factor(gram + Yu.T @ weighted), rhs[u])
    return out


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    matrix = _matrix(indptr, indices, counts, len(fixed), reg, alpha)
    return _solve_side(np.array(fixed, dtype=float), matrix, reg, alpha)


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    entries = _matrix(indptr, indices, counts, len(V), reg, alpha).tocoo()
    U, V = np.array(U, dtype=float), np.array(V, dtype=float)
    s = np.einsum("ij,ij->i", U[entries.row], V[entries.col])
    everywhere = np.einsum("ij,ij->", U.T @ U, V.T @ V)
    # c (1 - s)² = (1 - s)² + (c - 1)(1 - s)², and of the first the s² is counted already.
    return float(
        everywhere
        + np.sum(1 - 2 * s)
        + alpha * np.dot(entries.data, (1 - s) ** 2)
        + reg * (np.linalg.norm(U) ** 2 + np.linalg.norm(V) ** 2)
    )


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    if n_factors < 1:
        raise ValueError("n_factors must be at least 1")
    users = _matrix(indptr, indices, counts, n_items, reg, alpha)
    items = users.T.tocsr()
    U = np.random.RandomState(seed).randn(len(indptr) - 1, n_factors)
    for _ in range(n_iter):  # the items first
        V = _solve_side(U, items, reg, alpha)
        U = _solve_side(V, users, reg, alpha)
        U /= np.maximum(np.linalg.norm(U, axis=1, keepdims=True), 1e-12)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    V = V.astype(float)
    lengths = np.linalg.norm(V, axis=1, keepdims=True)
    unit = np.divide(V, lengths, out=np.zeros_like(V), where=lengths > 0)
    cosine = unit @ unit[item]
    cosine[lengths[:, 0] == 0] = -np.inf
    cosine[item] = -np.inf
    ids = [int(i) for i in np.argsort(-cosine, kind="mergesort")]
    ids.remove(item)
    return ids[:k]
