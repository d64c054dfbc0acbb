"""Rows of the same length are solved together, in the coordinates of the eigenvectors of YᵀY; histograms and heaviside."""

from itertools import groupby

import numpy as np


def _ok(indptr, indices, counts, reg, alpha):
    if min(reg, alpha + 1e-300) <= 0 or np.any(np.signbit(counts) & (counts != 0)):
        raise ValueError("reg, alpha or counts")
    steps = np.concatenate([indptr[:1], np.ediff1d(indptr)])
    if steps[0] != 0 or (steps < 0).any() or steps.sum() != len(counts):
        raise ValueError("indptr")
    return steps[1:]


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    lengths = _ok(indptr, indices, counts, reg, alpha)
    Y = np.array(fixed, dtype="float64")
    w, Q = np.linalg.eigh(Y.T @ Y)
    w = np.maximum(w, 0) + reg
    Z = Y @ Q  # in these coordinates what is shared is diagonal
    X = np.zeros((len(lengths), Y.shape[1]))
    order = np.argsort(lengths, kind="stable")
    for size, group in groupby(order.tolist(), key=lambda i: lengths[i]):
        members = np.array(list(group))
        if size == 0:
            continue
        for part in np.array_split(members, -(-len(members) // 200)):
            at = np.asarray(indptr)[part, None] + np.arange(size)
            r = np.asarray(counts)[at].astype("float64")
            rows = Z[np.asarray(indices)[at]]
            A = np.einsum("bi,bif,big->bfg", alpha * r, rows, rows) + np.diag(w)
            b = np.einsum("bi,bif->bf", np.where(r > 0, 1 + alpha * r, 0), rows)
            X[part] = np.linalg.solve(A, b[..., None])[..., 0]
    return X @ Q.T


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    lengths = _ok(indptr, indices, counts, reg, alpha)
    U, V = np.array(U, dtype="float64"), np.array(V, dtype="float64")
    r = np.array(counts, dtype="float64")
    users = np.arange(len(lengths)).repeat(lengths)
    s = (U.take(users, axis=0) * V.take(indices, axis=0)).sum(axis=1)
    p = np.heaviside(r, 0.0)
    triangular = np.linalg.qr(V, mode="r")  # |V u| = |R u|
    everything = np.square(triangular @ U.T).sum()
    return everything - np.square(s).sum() + ((1 + alpha * r) * np.square(p - s)).sum() + reg * (
        np.square(U).sum() + np.square(V).sum()
    )


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    lengths = _ok(indptr, indices, counts, reg, alpha)
    if not n_factors >= 1:
        raise ValueError("n_factors")
    owner = np.arange(len(lengths)).repeat(lengths)
    order = np.argsort(indices, kind="stable")
    per_item = np.histogram(indices, bins=np.arange(n_items + 1) - 0.5)[0]
    ends = np.r_[0, per_item.cumsum()]
    V = np.random.default_rng(seed).laplace(scale=0.3, size=(n_items, n_factors))
    while n_iter > 0:
        U = als_half_step(V, indptr, indices, counts, reg, alpha)
        V = als_half_step(U, ends, owner[order], counts[order], reg, alpha)
        n_iter -= 1
    return [U, V]


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k")
    V = np.array(V, dtype="float64")
    length = np.sqrt(np.square(V).sum(axis=1))
    zeros = np.flatnonzero(length == 0)
    some = np.flatnonzero((length > 0) & (np.arange(len(V)) != item))
    cosine = V[some] @ (V[item] / length[item]) / length[some]
    ranked = some[np.argsort(-cosine, kind="stable")]
    return np.concatenate([ranked, zeros])[:k]
