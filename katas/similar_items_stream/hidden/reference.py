"""The answer: keep k candidates and not the stream, and keep one user until the next one begins."""

import numpy as np


def top_k_similar(query, chunks, k):
    _require(k >= 1, "k must be at least 1")
    length = np.linalg.norm(query)
    _require(length > 0, "a query of zeros, or with nan, has no direction")
    best_ids, best = np.empty(0, dtype=int), np.empty(0)
    for ids, vectors in chunks:
        rows = vectors.astype(float)
        _require(not np.isnan(rows).any(), "nan in a vector")
        norms = length * np.linalg.norm(rows, axis=1)
        # Another dimension than that of the vectors is refused by the product itself.
        cosines = np.divide(rows @ query, norms, out=np.zeros(len(ids)), where=norms > 0)
        best_ids, best = _best(np.concatenate([best_ids, ids]), np.concatenate([best, cosines]), k)
    return list(zip(best_ids, best, strict=True))


def reservoir_sample(stream, k, seed):
    _require(k >= 1, "k must be at least 1")
    rng = np.random.default_rng(seed)
    sample = []
    for i, element in enumerate(stream):
        if i < k:
            sample.append(element)
            continue
        slot = rng.integers(i + 1)  # of i + 1 elements so far, this one is in with probability k / (i + 1)
        if slot < k:
            sample[slot] = element
    return sample


def count_interactions(pairs, n_items):
    counts = np.zeros(n_items, dtype=int)
    for _, item in _whole_users(pairs):
        # An item below 0 is refused by the count, and one from n_items on by the sum: the count is too long then.
        counts += np.bincount(item, minlength=n_items)
    return counts


def cooccurrence_top_k(pairs, query_item, n_items, k):
    _require(k >= 1, "k must be at least 1")
    _require(0 <= query_item < n_items, "query_item is out of range")
    counts, shared = count_interactions(pairs, n_items), np.zeros(n_items)
    for user, item in _whole_users(pairs):
        has_query = np.isin(user, user[item == query_item])
        shared += np.bincount(item[has_query], minlength=n_items)
    shared[query_item] = 0
    items = np.flatnonzero(shared)
    cosines = shared[items] / np.sqrt(counts[items] * counts[query_item])
    return list(zip(*_best(items, cosines, k), strict=True))


def _whole_users(pairs):
    """Go through distinct rows (user, item), by chunks that cut no user in two."""
    held = np.empty((2, 0), dtype=int)  # the last user so far may go on in the next chunk
    for chunk in pairs:
        rows = np.unique(np.hstack([held, chunk]), axis=1)
        goes_on = rows[0] == rows[0, -1]
        held = rows[:, goes_on]
        yield rows[:, ~goes_on]
    yield held


def _best(ids, similarities, k):
    """Order by similarity, falling, and then by id, and keep k."""
    keep = np.lexsort((ids, -similarities))[:k]
    return ids[keep], similarities[keep]


def _require(condition, message):
    if not condition:
        raise ValueError(message)
