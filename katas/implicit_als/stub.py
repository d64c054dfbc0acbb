"""Alternating least squares for implicit feedback, in NumPy.

Interactions come in CSR form, a row for each user: indptr (n_users + 1,), indices (nnz,) and counts (nnz,). Row i has the
items indices[indptr[i]:indptr[i + 1]], and as many counts. A pair is observed if its count is above 0.
"""

import numpy as np


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    """Return the factors (n, f) of the n rows that are exactly the best ones for the factors fixed (m, f).

    Row x of the answer solves (YᵀY + Yᵀ(C - I)Y + reg * I) x = YᵀC p, where Y is fixed.

    Raises ValueError if reg <= 0, if alpha < 0, for a negative count or for a broken indptr.
    """
    raise NotImplementedError


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    """Return the loss of U (n_users, f) and V (n_items, f) over all pairs of users and items: one number.

    Raises ValueError if reg <= 0, if alpha < 0, for a negative count or for a broken indptr.
    """
    raise NotImplementedError


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    """Return a pair of arrays, U (n_users, n_factors) and V (n_items, n_factors), after n_iter iterations.

    Raises ValueError if n_factors < 1, if reg <= 0, if alpha < 0, for a negative count or for a broken indptr.
    """
    raise NotImplementedError


def similar_items(V, item, k):
    """Return the ids (k,) of the items most similar to one of them, for V (n_items, f): the best first.

    Raises ValueError if k < 1.
    """
    raise NotImplementedError
