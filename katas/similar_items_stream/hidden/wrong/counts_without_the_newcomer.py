"""the element that has just come is not counted among those so far

The second element replaces the first with certainty. Of how many elements is it one, with itself?
"""

caught_by = ("test_reservoir_sample_of_one_is_uniform",)

import numpy as np


def top_k_similar(query, chunks, k):
    _require(k >= 1, "k must be at least 1")
    query = np.asarray(query, dtype=float)
    length = np.linalg.norm(query)
    _require(length > 0, "a query of zeros, or with nan, has no direction")
    best_ids, best = np.empty(0, dtype=int), np.empty(0)
    for ids, vectors in chunks:
        rows = vectors.astype(float)
        _require(not np.isnan(rows).any(), "nan in a vector")
        norms = length * np.linalg.norm(rows, axis=1)
        # Another dimension than that of the vectors is refused by the product itself.
        cosines = np.divide(rows @ query, norms, out=np.zeros(len(ids)), where=norms > 0)
        best_ids, best = np.concatenate([best_ids, ids]), np.concatenate([best, cosines])
        keep = np.lexsort((best_ids, -best))[:k]
        best_ids, best = best_ids[keep], best[keep]
    return list(zip(best_ids.tolist(), best.tolist(), strict=True))


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError("k must be at least 1")

    rng = np.random.default_rng(seed)
    sample = []
    for i, element in enumerate(stream):
        if i < k:
            sample.append(element)
        else:
            slot = rng.integers(0, i)
            if slot < k:
                sample[slot] = element
    return sample


def count_interactions(pairs, n_items):
    counts = np.zeros(n_items, dtype=int)
    for _, item in _whole_users(pairs, n_items):
        counts += np.bincount(item, minlength=n_items)
    return counts


def cooccurrence_top_k(pairs, query_item, n_items, k):
    _require(k >= 1, "k must be at least 1")
    _require(0 <= query_item < n_items, "query_item is out of range")
    counts, shared = np.zeros(n_items, dtype=int), np.zeros(n_items, dtype=int)
    for user, item in _whole_users(pairs, n_items):
        counts += np.bincount(item, minlength=n_items)
        has_query = np.isin(user, user[item == query_item])
        shared += np.bincount(item[has_query], minlength=n_items)
    shared[query_item] = 0
    items = np.flatnonzero(shared)
    cosines = shared[items] / np.sqrt(counts[items] * counts[query_item])
    keep = np.argsort(-cosines, kind="stable")[:k]
    return list(zip(items[keep].tolist(), cosines[keep].tolist(), strict=True))


def _whole_users(pairs, n_items):
    """Go through distinct rows (user, item), by chunks that cut no user in two."""
    held = np.empty((2, 0), dtype=int)  # the last user so far may go on in the next chunk
    for chunk in pairs:
        rows = np.array(chunk, dtype=int)
        _require(((rows[1] >= 0) & (rows[1] < n_items)).all(), "an item is out of range")
        rows = np.unique(np.hstack([held, rows]), axis=1)
        goes_on = rows[0] == rows[0, -1]
        held = rows[:, goes_on]
        yield rows[:, ~goes_on]
    yield held


def _require(condition, message):
    if not condition:
        raise ValueError(message)
