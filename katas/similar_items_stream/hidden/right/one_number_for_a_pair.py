"""One number stands for a user and an item; each element of the stream gets a random key, and k keys are kept."""

import heapq

import numpy as np


def top_k_similar(query, chunks, k):
    if k < 1:
        raise ValueError("k must be positive")
    query = np.asarray(query, dtype=float)
    if np.isnan(query).any() or np.all(query == 0):
        raise ValueError("query must be a direction")
    unit = query / np.linalg.norm(query)
    ids_kept = sims_kept = None
    for ids, vectors in chunks:
        vectors = np.asarray(vectors, dtype=float)
        if np.isnan(vectors).any():
            raise ValueError("nan")
        if vectors.shape[1:] != unit.shape:
            raise ValueError("dimension")
        lengths = np.hypot.reduce(vectors, axis=1)
        units = vectors / np.where(lengths == 0, 1, lengths)[:, None]
        sims = units @ unit
        order = np.argsort(ids, kind="stable")
        order = order[np.argsort(-sims[order], kind="stable")][:k]
        ids, sims = ids[order].astype(np.int64), sims[order]
        if ids_kept is not None:
            ids, sims = np.append(ids_kept, ids), np.append(sims_kept, sims)
            order = np.argsort(ids)
            order = order[np.argsort(-sims[order], kind="mergesort")][:k]
            ids, sims = ids[order], sims[order]
        ids_kept, sims_kept = ids, sims
    return list(zip(ids_kept, sims_kept))


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError("k must be positive")
    rng = np.random.RandomState(seed)
    heap = []
    for place, element in enumerate(stream):
        key = (-rng.random_sample(), place)  # places differ, so elements are never compared
        if len(heap) < k:
            heapq.heappush(heap, (*key, element))
        elif key > heap[0][:2]:
            heapq.heapreplace(heap, (*key, element))
    return [element for _, _, element in heap]


def _codes(pairs, n_items):
    """Yield, chunk by chunk, the codes that are new."""
    known = np.empty(0, dtype=np.int64)  # of the last user
    for user, item in pairs:
        if np.any(item >= n_items) or np.any(item < 0):
            raise ValueError("item out of range")
        codes = np.unique(user.astype(np.int64) * n_items + item.astype(np.int64))
        new = np.setdiff1d(codes, known, assume_unique=True)
        yield new
        known = np.union1d(known, codes)
        known = known[known // n_items == known[-1] // n_items]


def count_interactions(pairs, n_items):
    counts = np.zeros(n_items)
    for codes in _codes(pairs, n_items):
        items, times = np.unique(codes % n_items, return_counts=True)
        counts[items] += times
    return counts


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k < 1:
        raise ValueError("k must be positive")
    if not (0 <= query_item <= n_items - 1):
        raise ValueError("query_item out of range")
    n = np.zeros(n_items)
    both = np.zeros(n_items)
    user_now, has_query, waiting = -1, False, []
    for codes in _codes(pairs, n_items):
        for user, item in zip((codes // n_items).tolist(), (codes % n_items).tolist()):
            if user != user_now:
                user_now, has_query, waiting = user, False, []
            n[item] += 1
            has_query = has_query or item == query_item
            waiting.append(item)
            if has_query:
                for each in waiting:
                    both[each] += 1
                waiting = []
    both[query_item] = 0
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.where(both > 0, both / np.sqrt(n) / np.sqrt(n[query_item]), -1.0)
    order = np.lexsort((np.arange(n_items), -cosine))
    return [(int(i), float(cosine[i])) for i in order[:k] if cosine[i] > 0]
