"""users are gone through one by one

There can be as many users as rows. Make all rows of a chunk distinct at once.
"""

caught_by = ("test_count_interactions_is_vectorized",)

import bisect
import collections
import random

import numpy as np


def top_k_similar(query, chunks, k):
    if k < 1:
        raise ValueError("k")
    q = np.array(query, dtype="float64")
    if not (q**2).sum() > 0:
        raise ValueError("query")
    ranked = []  # (-similarity, id), sorted
    for ids, vectors in chunks:
        x = np.array(vectors, dtype="float64")
        if x.shape[1] != len(q) or np.isnan(x.sum()):
            raise ValueError("vectors")
        dots = np.zeros(len(x))
        squares = np.zeros(len(x))
        for feature in range(len(q)):
            dots += x[:, feature] * q[feature]
            squares += x[:, feature] ** 2
        worse = np.zeros(len(x))
        alive = squares > 0
        worse[alive] = -dots[alive] / (squares[alive] ** 0.5 * (q**2).sum() ** 0.5)
        order = np.lexsort((ids, worse))[:k]
        for row in order:
            entry = (float(worse[row]), int(ids[row]))
            if len(ranked) == k and entry > ranked[-1]:
                break
            bisect.insort(ranked, entry)
            del ranked[k:]
    return [(item, -worse + 0.0) for worse, item in ranked]


def reservoir_sample(stream, k, seed):
    if k <= 0:
        raise ValueError("k")
    rng = random.Random(1_000_003 * seed + 17)
    slots = {}
    for number, element in enumerate(stream, 1):
        slot = number if number <= k else rng.randint(1, number)
        if slot <= k:
            slots[slot] = element
    return list(slots.values())


def count_interactions(pairs, n_items):
    counts = np.zeros(n_items, dtype=np.int64)
    current, items = None, np.array([], dtype=np.int64)
    for user, item in pairs:
        if item.min() < 0 or item.max() >= n_items:
            raise ValueError("item")
        starts = np.flatnonzero(np.concatenate([[True], user[1:] != user[:-1]]))
        for a, b in zip(starts, [*starts[1:], len(user)]):
            mine = np.unique(item[a:b].astype(np.int64))
            if user[a] == current:
                mine = np.setdiff1d(mine, items)
                items = np.union1d(items, mine)
            else:
                current, items = user[a], mine
            counts[mine] += 1
    return counts


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k <= 0 or query_item < 0 or query_item >= n_items:
        raise ValueError("k or query_item")
    users_of, shared = collections.Counter(), collections.Counter()
    current, items = None, {}

    def finish():
        users_of.update(items.keys())
        if query_item in items:
            shared.update(items.keys())

    for user, item in pairs:
        for row in range(len(user)):
            if not 0 <= item[row] < n_items:
                raise ValueError("item")
            if user[row] != current:
                finish()
                current, items = user[row], {}
            items[int(item[row])] = True
    finish()
    del shared[query_item]
    cosines = {item: count / (users_of[item] * users_of[query_item]) ** 0.5 for item, count in shared.items()}
    return sorted(cosines.items(), key=lambda each: (-each[1], each[0]))[:k]
