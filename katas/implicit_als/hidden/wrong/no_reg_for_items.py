"""fit penalises the users alone

V is found without reg, so the loss of both can rise. Both half-steps are the same equation.
"""

caught_by = ("test_fit_ends_with_an_exact_half_step",)

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interactions:
    indptr: np.ndarray
    indices: np.ndarray
    counts: np.ndarray
    n_columns: int

    @classmethod
    def checked(cls, indptr, indices, counts, n_columns):
        indptr = np.asarray(indptr).astype(np.int64)
        indices = np.asarray(indices).astype(np.int64)
        counts = np.asarray(counts).astype(np.float64)
        if indptr.ndim != 1 or len(indptr) == 0:
            raise ValueError("indptr must have one dimension and an entry at least")
        if indices.shape != counts.shape:
            raise ValueError("as many counts as indices")
        if indptr[0] != 0 or indptr[-1] != indices.shape[0] or np.diff(indptr).min(initial=0) < 0:
            raise ValueError("broken indptr")
        if not np.isfinite(counts).all() or (counts < 0).any():
            raise ValueError("counts must be finite and not negative")
        if len(indices) and not 0 <= indices.min() <= indices.max() < n_columns:
            raise ValueError("indices out of range")
        return cls(indptr, indices, counts, n_columns)

    def row(self, i):
        cut = slice(self.indptr[i], self.indptr[i + 1])
        seen = self.counts[cut] > 0
        return self.indices[cut][seen], self.counts[cut][seen]

    def __len__(self):
        return len(self.indptr) - 1

    def turned(self):
        owner = np.concatenate([np.full(self.indptr[i + 1] - self.indptr[i], i) for i in range(len(self))])
        owner = owner.astype(np.int64)
        order = np.argsort(self.indices * np.int64(len(self)) + owner)
        sizes = np.bincount(self.indices, minlength=self.n_columns)
        return Interactions(np.insert(np.cumsum(sizes), 0, 0), owner[order], self.counts[order], len(self))


def _options(reg, alpha):
    if not (np.isfinite(reg) and reg > 0):
        raise ValueError("reg must be a positive number")
    if not (np.isfinite(alpha) and alpha >= 0):
        raise ValueError("alpha must be a number that is not negative")


def _step(Y, data, reg, alpha):
    base = Y.T @ Y + np.diag(np.full(Y.shape[1], float(reg)))
    X = np.zeros((len(data), Y.shape[1]))
    for i in range(len(data)):
        columns, r = data.row(i)
        if not len(columns):
            continue
        root = np.sqrt(alpha * r)[:, None] * Y[columns]
        X[i] = np.linalg.solve(base + root.T @ root, ((1.0 + alpha * r)[:, None] * Y[columns]).sum(axis=0))
    return X


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    _options(reg, alpha)
    fixed = np.asarray(fixed).astype(np.float64)
    if fixed.ndim != 2 or not np.isfinite(fixed).all():
        raise ValueError("factors")
    return _step(fixed, Interactions.checked(indptr, indices, counts, len(fixed)), reg, alpha)


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    _options(reg, alpha)
    U, V = np.asarray(U).astype(np.float64), np.asarray(V).astype(np.float64)
    data = Interactions.checked(indptr, indices, counts, len(V))
    if len(U) != len(data):
        raise ValueError("a row of U for each user")
    total = 0.0
    for u, x in enumerate(U):
        columns, r = data.row(u)
        scores = V @ x
        wanted = np.zeros(len(V))
        wanted[columns] = 1
        weight = np.ones(len(V))
        weight[columns] += alpha * r
        total += np.sum(weight * (wanted - scores) ** 2)
    return np.array(total + reg * np.sum(np.concatenate([U, V]) ** 2))


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    _options(reg, alpha)
    if n_factors < 1 or n_iter < 1 or n_items < 1:
        raise ValueError("n_factors, n_iter and n_items must be at least 1")
    users = Interactions.checked(indptr, indices, counts, n_items)
    items = users.turned()
    start = np.random.default_rng(seed)
    U = start.normal(size=(len(users), n_factors)) / np.sqrt(n_factors)
    V = start.normal(size=(n_items, n_factors)) / np.sqrt(n_factors)
    for _ in range(n_iter):
        U = _step(V, users, reg, alpha)
        V = _step(U, items, 1e-9, alpha)
    return U, V


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    V = np.asarray(V).astype(np.float64)
    squares = np.einsum("ij,ij->i", V, V)
    zero = squares == 0
    cosine = V.dot(V[item]) / np.sqrt(np.where(zero, 1.0, squares) * squares[item])
    candidates = np.delete(np.arange(len(V)), item)
    order = np.lexsort((candidates, -cosine[candidates], zero[candidates]))
    return tuple(candidates[order][:k].tolist())
