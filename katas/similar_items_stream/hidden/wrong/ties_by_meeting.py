"""of equal cosines the item that was met first comes first

A dictionary remembers who came first, and a sort keeps that. The number of the item decides.
"""

caught_by = ("test_cooccurrence_top_k_orders_ties_by_item",)

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
    counts = collections.defaultdict(int)
    tail_user, tail = None, np.array([], dtype=np.int64)
    for user, item in pairs:
        if not ((item >= 0).all() and (item < n_items).all()):
            raise ValueError("item")
        item = item.astype(np.int64)
        begins = np.concatenate([[True], user[1:] != user[:-1]])
        number = np.cumsum(begins)  # of the user within the chunk: small, whatever the users are called
        if user[0] == tail_user:
            fresh = ~((number == 1) & np.isin(item, tail))
        else:
            fresh = np.ones(len(item), dtype=bool)
        pairs_here = np.unique(np.column_stack([number, item])[fresh], axis=0)
        items, times = np.unique(pairs_here[:, 1], return_counts=True)
        add = np.zeros(n_items, dtype=np.int64)
        add[items] = times
        counts["all"] = counts["all"] + add
        mine = np.unique(item[number == number[-1]])
        tail = np.union1d(tail, mine) if user[-1] == tail_user else mine
        tail_user = user[-1]
    return counts["all"]


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
    return sorted(cosines.items(), key=lambda each: -each[1])[:k]
