"""an item that comes twice in a chunk is counted once

counts[items] += 1 adds 1 to each place once, however often an index comes.
"""

caught_by = ("test_count_interactions_by_hand",)

import heapq
import itertools
import math
import random

import numpy as np


def top_k_similar(query, chunks, k):
    if k < 1:
        raise ValueError("k")
    q = np.asarray(query).astype(np.float64)
    if np.isnan(q).any() or not q.any():
        raise ValueError("query")
    q = q / math.sqrt(q @ q)
    heap = []  # the worst of the best on top: smallest similarity, and of equals the largest id
    for ids, vectors in chunks:
        v = np.asarray(vectors).astype(np.float64)
        if v.ndim != 2 or v.shape[1] != q.size or np.isnan(v).any():
            raise ValueError("vectors")
        norms = np.sqrt((v * v).sum(axis=1))
        norms[norms == 0] = 1.0
        sims = (v @ q) / norms
        if len(sims) > k:
            threshold = np.partition(sims, len(sims) - k)[len(sims) - k]
            chosen = np.flatnonzero(sims >= threshold)
            chosen = chosen[np.lexsort((ids[chosen], -sims[chosen]))][:k]
        else:
            chosen = np.arange(len(sims))
        for sim, item in zip(sims[chosen].tolist(), ids[chosen].tolist()):
            entry = (sim, -item)
            if len(heap) < k:
                heapq.heappush(heap, entry)
            elif entry > heap[0]:
                heapq.heapreplace(heap, entry)
    return [(-item, sim) for sim, item in sorted(heap, reverse=True)]


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError("k")
    rng = random.Random(seed)
    iterator = iter(stream)
    sample = list(itertools.islice(iterator, k))
    for seen, element in enumerate(iterator, start=k + 1):
        if rng.random() * seen < k:
            sample[rng.randrange(k)] = element
    return sample


def count_interactions(pairs, n_items):
    counts = [np.zeros(n_items, dtype=np.int64)]
    last, seen = None, np.zeros(n_items, dtype=bool)
    total = counts[0]
    for user, item in pairs:
        if np.min(item) < 0 or np.max(item) >= n_items:
            raise ValueError("item")
        order = np.lexsort((item, user))
        u, i = user[order], item[order].astype(np.int64)
        first = np.ones(len(u), dtype=bool)
        first[1:] = (u[1:] != u[:-1]) | (i[1:] != i[:-1])
        if last is not None:
            first &= ~((u == last) & seen[i])
        total[i[first]] += 1
        if last is None or u[-1] != last:
            seen[:] = False
            last = u[-1]
        seen[i[u == last]] = True
    return total


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k < 1 or not 0 <= query_item < n_items:
        raise ValueError("k or query_item")

    def rows():
        for user, item in pairs:
            if item.min() < 0 or item.max() >= n_items:
                raise ValueError("item")
            yield from zip(user.tolist(), item.tolist())

    alone, both = [0] * n_items, [0] * n_items
    for _, group in itertools.groupby(rows(), key=lambda row: row[0]):
        items = {item for _, item in group}
        with_query = query_item in items
        for item in items:
            alone[item] += 1
            both[item] += with_query
    found = [
        (item, both[item] / math.sqrt(alone[item] * alone[query_item]))
        for item in range(n_items)
        if both[item] and item != query_item
    ]
    return heapq.nsmallest(k, found, key=lambda each: (-each[1], each[0]))
