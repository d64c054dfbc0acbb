"""Stays in float32 where the factors or counts are float32; heapq for the best k; np.linalg.inv."""

import heapq

import numpy as np


def _kind(*arrays):
    return np.float32 if any(a.dtype == np.float32 for a in arrays) else np.float64


def _validate(indptr, indices, counts, reg, alpha):
    problems = {
        "reg": reg <= 0,
        "alpha": alpha < 0,
        "count": bool(np.less(counts, 0).any()),
        "start": indptr[0] != 0,
        "end": indptr[-1] != indices.shape[0],
        "order": not (np.sort(indptr) == indptr).all(),
    }
    wrong = [name for name, bad in problems.items() if bad]
    if wrong:
        raise ValueError(", ".join(wrong))


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    _validate(indptr, indices, counts, reg, alpha)
    kind = _kind(fixed, counts)
    Y = fixed.astype(kind)
    r = counts.astype(kind)
    eye = np.eye(Y.shape[1], dtype=kind)
    base = Y.T.dot(Y) + kind(reg) * eye
    rows = []
    for lo, hi in zip(indptr[:-1], indptr[1:]):
        Yu, ru = Y[indices[lo:hi]], r[lo:hi]
        p = np.sign(ru)
        cu = 1 + kind(alpha) * ru
        rows.append(np.linalg.inv(base + Yu.T @ np.diag(cu - 1) @ Yu) @ (Yu.T @ (cu * p)))
    return np.stack(rows).astype(kind)


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    _validate(indptr, indices, counts, reg, alpha)
    kind = _kind(U, V, counts)
    U, V, r = U.astype(kind), V.astype(kind), counts.astype(kind)
    total = kind(reg) * (np.square(U).sum() + np.square(V).sum())
    gram = V.T @ V
    for u in range(len(U)):
        lo, hi = indptr[u], indptr[u + 1]
        scores = V[indices[lo:hi]] @ U[u]
        c, p = 1 + kind(alpha) * r[lo:hi], (r[lo:hi] > 0).astype(kind)
        total += U[u] @ gram @ U[u] - scores @ scores + np.sum(c * (p - scores) ** 2)
    return total


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    _validate(indptr, indices, counts, reg, alpha)
    if n_factors < 1:
        raise ValueError("n_factors")
    rows = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    order = indices.argsort(kind="stable")
    starts = np.zeros(n_items + 1, dtype=np.int64)
    np.add.at(starts, np.asarray(indices) + 1, 1)
    starts = starts.cumsum()
    rng = np.random.Generator(np.random.PCG64(seed))
    V = 0.01 * rng.standard_normal((n_items, n_factors))
    for _ in range(n_iter):
        U = als_half_step(V, indptr, indices, counts, reg, alpha)
        V = als_half_step(U, starts, rows[order], counts[order], reg, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k")
    norms = np.linalg.norm(V, axis=1)
    with np.errstate(all="ignore"):
        cosine = V @ V[item] / (norms * norms[item])
    cosine = np.where(norms > 0, cosine, -9)
    others = (i for i in range(len(V)) if i != item)
    return heapq.nsmallest(k, others, key=lambda i: (-cosine[i], i))
