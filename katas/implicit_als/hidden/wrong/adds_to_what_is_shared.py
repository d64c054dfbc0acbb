"""als_half_step adds every row to the matrix that all rows share

A += … writes into the one array that every row begins with, so that a row has the entries of all rows before it.
"""

caught_by = ("test_als_half_step_solves_each_row_alone", "test_als_half_step_agrees_on_any_interactions",)

import math
import random

import numpy as np


def _refuse(indptr, indices, counts, reg, alpha):
    if reg <= 0 or alpha < 0:
        raise ValueError("options")
    for r in counts:
        if r < 0:
            raise ValueError("a negative count")
    before = 0
    for at, end in enumerate(indptr.tolist()):
        if end < before or (at == 0 and end != 0):
            raise ValueError("indptr")
        before = end
    if before != len(indices):
        raise ValueError("indptr")


def als_half_step(fixed, indptr, indices, counts, reg, alpha):
    _refuse(indptr, indices, counts, reg, alpha)
    Y = np.array(fixed, dtype=float)
    f = Y.shape[1]
    shared = np.dot(Y.T, Y) + reg * np.identity(f)
    answer = []
    for u in range(len(indptr) - 1):
        A = shared
        b = np.zeros(f)
        for j in range(int(indptr[u]), int(indptr[u + 1])):
            r = float(counts[j])
            if r > 0:
                y = Y[indices[j]]
                A += alpha * r * np.outer(y, y)
                b += (1 + alpha * r) * y
        answer.append(np.linalg.solve(A, b).tolist())
    return answer


def implicit_loss(U, V, indptr, indices, counts, reg, alpha):
    _refuse(indptr, indices, counts, reg, alpha)
    U, V = np.array(U, dtype=float), np.array(V, dtype=float)
    parts = [reg * float((U * U).sum()), reg * float((V * V).sum())]
    for u in range(len(U)):
        scores = V @ U[u]
        parts.append(float(scores @ scores))
        for j in range(int(indptr[u]), int(indptr[u + 1])):
            if counts[j] > 0:
                s = float(scores[indices[j]])
                parts.append((1 + alpha * float(counts[j])) * (1 - s) ** 2 - s * s)
    return math.fsum(parts)


def fit(indptr, indices, counts, n_items, n_factors, reg, alpha, n_iter, seed):
    _refuse(indptr, indices, counts, reg, alpha)
    if n_factors < 1:
        raise ValueError("factors")
    rows = [[] for _ in range(n_items)]
    for u in range(len(indptr) - 1):
        for j in range(int(indptr[u]), int(indptr[u + 1])):
            rows[int(indices[j])].append((u, float(counts[j])))
    flat = [entry for row in rows for entry in row]
    ends = np.cumsum([0] + [len(row) for row in rows])
    turned = ends, np.array([u for u, _ in flat], dtype=int), np.array([r for _, r in flat])
    draw = random.Random(seed)
    V = np.array([[draw.gauss(0, 0.5) for _ in range(n_factors)] for _ in range(n_items)])
    for _ in range(n_iter):
        U = np.array(als_half_step(V, indptr, indices, counts, reg, alpha))
        V = np.array(als_half_step(U, *turned, reg, alpha))
    return [U.tolist(), V.tolist()]


def similar_items(V, item, k):
    if k < 1:
        raise ValueError("k")
    rows = [[float(x) for x in row] for row in V]
    query = rows[item]
    ranked = []
    for i, row in enumerate(rows):
        if i == item:
            continue
        length = math.sqrt(sum(x * x for x in row))
        score = sum(x * q for x, q in zip(row, query)) / length if length else -math.inf
        ranked.append((-score, i))
    return [i for _, i in sorted(ranked)[:k]]
