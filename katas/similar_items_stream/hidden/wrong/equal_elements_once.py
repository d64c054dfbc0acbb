"""an element that equals one in the sample is passed over

Equal elements are different places of the stream, and weigh accordingly. And not everything can be compared.
"""

caught_by = ("test_reservoir_sample_takes_any_elements",)

import math
from itertools import islice

import numpy as np


def top_k_similar(query, chunks, k):
    """Merge each chunk's best with the best so far, as rows of a structured array."""
    if k <= 0:
        raise ValueError(f"k is {k}")
    query = np.array(query, dtype=np.float64)
    square = np.sum(query**2)
    if not square > 0:
        raise ValueError("the query has no direction")
    kind = [("worse", float), ("id", np.int64)]
    best = np.zeros(0, dtype=kind)
    for ids, vectors in chunks:
        if vectors.shape[1] != query.shape[0]:
            raise ValueError("dimensions differ")
        if np.count_nonzero(vectors != vectors):
            raise ValueError("nan")
        vectors = vectors.astype(np.float64)
        squares = np.einsum("ij,ij->i", vectors, vectors)
        products = np.einsum("ij,j->i", vectors, query)
        both = np.zeros(len(best) + len(ids), dtype=kind)
        both[: len(best)] = best
        both["id"][len(best) :] = ids
        nonzero = squares > 0
        cosines = np.zeros(len(ids))
        cosines[nonzero] = products[nonzero] / np.sqrt(squares[nonzero] * square)
        both["worse"][len(best) :] = -cosines
        both.sort(order=("worse", "id"))
        best = both[:k].copy()
    return [[int(row["id"]), float(-row["worse"])] for row in best]


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError("k must be at least 1")

    rng = np.random.default_rng(seed)
    sample, i = [], 0
    for element in stream:
        if element in sample:
            continue
        i += 1
        slot = i - 1 if i <= k else rng.integers(i)
        if slot < len(sample):
            sample[slot] = element
        elif slot < k:
            sample.append(element)
    return sample


def _checked(pairs, n_items):
    for user, item in pairs:
        if ((item < 0) | (item >= n_items)).any():
            raise ValueError("an item is out of range")
        yield user.astype(np.int64), item.astype(np.int64)


def count_interactions(pairs, n_items):
    counts = np.zeros(n_items, dtype=np.int64)
    last_user = np.full(n_items, -1, dtype=np.int64)
    for user, item in _checked(pairs, n_items):
        order = np.argsort(item, kind="stable")  # by item, and within an item by user
        user, item = user[order], item[order]
        before = np.concatenate([[-1], user[:-1]])
        starts = np.concatenate([[True], item[1:] != item[:-1]])
        before[starts] = last_user[item[starts]]
        counts += np.bincount(item[user != before], minlength=n_items)
        ends = np.concatenate([item[1:] != item[:-1], [True]])
        last_user[item[ends]] = user[ends]
    return counts


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k <= 0:
        raise ValueError(f"k is {k}")
    if query_item < 0 or query_item >= n_items:
        raise ValueError("query_item is out of range")
    counts = count_interactions(pairs, n_items)
    shared = np.zeros(n_items, dtype=np.int64)
    current, items = None, set()
    for user, item in _checked(pairs, n_items):
        for u, i in zip(user, item):
            if u != current:
                if query_item in items:
                    shared[list(items)] += 1
                current, items = u, set()
            items.add(int(i))
    if query_item in items:
        shared[list(items)] += 1
    ranked = sorted(
        (-shared[i] / (math.sqrt(counts[i]) * math.sqrt(counts[query_item])), i)
        for i in np.flatnonzero(shared)
        if i != query_item
    )
    return [(i, -cosine) for cosine, i in ranked[:k]]
