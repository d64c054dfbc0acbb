"""there is a place for every number that a user could have

A user can be called 2**40. How many users there are does not follow from their numbers.
"""

caught_by = ("test_count_interactions_takes_input_of_any_form",)

import numpy as np


def top_k_similar(query, chunks, k):
    q, I, S = np.array(query, float), np.zeros(0, int), np.zeros(0)
    if k < 1 or not np.linalg.norm(q) > 0:
        raise ValueError
    for ids, X in chunks:
        X = np.array(X, float)
        s = (X @ q) / np.maximum(np.linalg.norm(X, axis=1), 1e-200) / np.linalg.norm(q)
        if np.isnan(s).any():
            raise ValueError
        I, S = np.r_[I, ids], np.r_[S, s]
        o = np.lexsort((I, -S))[:k]
        I, S = I[o], S[o]
    return np.c_[I, S]


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError
    rng, out = np.random.default_rng(seed), []
    for i, x in enumerate(stream):
        j = i if i < k else rng.integers(0, i, endpoint=True)
        out[j : j + 1] = [x] if j < k else []
    return out


def _users(pairs, n):
    hold = np.zeros((0, 2), int)
    for chunk in pairs:
        rows = np.array(chunk, int).T
        if rows[:, 1].min() < 0 or rows[:, 1].max() >= n:
            raise ValueError
        rows = np.unique(np.r_[hold, rows], axis=0)
        last = rows[:, 0] == rows[-1, 0]
        hold = rows[last]
        yield rows[~last].T
    yield hold.T


def count_interactions(pairs, n_items):
    seen = np.zeros((0, n_items), bool)
    for user, item in pairs:
        if item.min() < 0 or item.max() >= n_items:
            raise ValueError
        more = max(int(user.max()) + 1 - len(seen), 0)
        seen = np.r_[seen, np.zeros((more, n_items), bool)]
        seen[user, item] = True
    return seen.sum(axis=0)


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k < 1 or query_item not in range(n_items):
        raise ValueError
    a, b = np.zeros((2, n_items))
    for u, i in _users(pairs, n_items):
        a += np.bincount(i, minlength=n_items)
        b += np.bincount(i[np.isin(u, u[i == query_item])], minlength=n_items)
    b[query_item] = 0
    cos = b / np.sqrt(np.maximum(a * a[query_item], 1))
    return [(j, cos[j]) for j in np.argsort(-cos, kind="stable")[:k] if b[j]]
