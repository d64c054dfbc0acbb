"""Works in float32 where the input is float32, and answers with arrays."""

import numpy as np


def top_k_similar(query, chunks, k):
    if k < 1:
        raise ValueError("k < 1")
    if query.dtype.kind != "f":
        query = query.astype(float)
    if np.isnan(query).any():
        raise ValueError("nan in the query")
    length = np.sqrt(np.dot(query, query))
    if length == 0:
        raise ValueError("the query is zero")
    best_ids, best = np.array([], dtype=np.int64), np.array([], dtype=query.dtype)
    for ids, X in chunks:
        if X.dtype.kind != "f":
            X = X.astype(float)
        if np.isnan(X).any():
            raise ValueError("nan in a vector")
        if X.shape[1] != query.size:
            raise ValueError("dimensions")
        norms = np.sqrt((X**2).sum(axis=1))
        zero = norms == 0
        cosines = np.where(zero, 0, np.dot(X, query) / np.where(zero, 1, norms * length))
        if len(cosines) > k:
            # Everything from the k-th on, so that no equal is lost.
            kth = -np.partition(-cosines, k - 1)[k - 1]
            ids, cosines = ids[cosines >= kth], cosines[cosines >= kth]
        best_ids = np.hstack([best_ids, ids.astype(np.int64)])
        best = np.hstack([best, cosines])
        order = np.lexsort([best_ids, -best])[:k]
        best_ids, best = best_ids[order], best[order]
    return tuple(zip(best_ids, best))


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError("k < 1")
    generator = np.random.default_rng(seed)
    kept = []
    n = 0
    for element in stream:
        n += 1
        if n <= k:
            kept.append(element)
            generator.shuffle(order := list(range(len(kept))))
            kept = [kept[i] for i in order]
        elif generator.uniform(0, n) < k:
            kept.pop(int(generator.integers(len(kept))))
            kept.append(element)
    return kept


def _distinct(user, item):
    order = np.lexsort([item, user])
    user, item = user[order], item[order]
    keep = np.append(True, (np.diff(user.astype(np.int64)) != 0) | (np.diff(item.astype(np.int64)) != 0))
    return user[keep], item[keep]


def _in_range(item, n_items):
    if not np.all((0 <= item) & (item < n_items)):
        raise ValueError("item")


def count_interactions(pairs, n_items):
    result = np.zeros(n_items, dtype=np.uint32)
    carry = None
    for user, item in pairs:
        _in_range(item, n_items)
        user, item = user.astype(np.int64), item.astype(np.int64)
        if carry is not None:
            user, item = np.append(carry[0], user), np.append(carry[1], item)
        user, item = _distinct(user, item)
        start = np.argmax(user == user[-1])
        result += np.bincount(item[:start], minlength=n_items).astype(np.uint32)
        carry = user[start:], item[start:]
    if carry is not None:
        result[carry[1]] += 1
    return result


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k < 1:
        raise ValueError("k < 1")
    _in_range(np.array([query_item]), n_items)
    counts = count_interactions(iter(pairs), n_items).astype(np.float64)
    shared = np.zeros(n_items)
    carry = None
    for user, item in [*pairs, (np.array([-1]), np.array([query_item]))]:
        user, item = user.astype(np.int64), item.astype(np.int64)
        if carry is not None:
            user, item = np.append(carry[0], user), np.append(carry[1], item)
            keep = user >= 0  # the last chunk is none: it ends the last user
            if not keep[-1]:
                mine = item[keep]
                shared[np.unique(mine)] += float(query_item in mine)
                break
        user, item = _distinct(user, item)
        starts = np.flatnonzero(np.append(True, np.diff(user) != 0))
        for a, b in zip(starts[:-1], starts[1:]):
            if (item[a:b] == query_item).any():
                shared[item[a:b]] += 1.0
        carry = user[starts[-1] :], item[starts[-1] :]
    shared[query_item] = 0
    items = np.nonzero(shared)[0]
    weights = shared[items] / np.sqrt(counts[items] * counts[query_item])
    order = np.lexsort([items, -weights])[:k]
    return np.stack([items[order], weights[order]], axis=1)
