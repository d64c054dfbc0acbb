"""a table of the users of a chunk by all items is filled

A chunk of a thousand rows names a thousand items at most. How many places has a table of its users and 100,000 items?
"""

caught_by = (
    "test_count_interactions_holds_a_chunk",
    "test_cooccurrence_top_k_holds_no_table_of_items",
)

import numpy as np


def top_k_similar(query, chunks, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    q = np.asarray(query, dtype=np.float64)
    if np.isnan(q).any() or not q.any():
        raise ValueError("query is zero or has nan")
    q = q / np.sqrt(q @ q)
    best_ids, best = np.empty(0, np.int64), np.empty(0)
    for ids, vectors in chunks:
        x = np.asarray(vectors, dtype=np.float64)
        if x.shape[1] != q.size:
            raise ValueError("dimension")
        if np.isnan(x).any():
            raise ValueError("nan")
        length = np.sqrt((x * x).sum(axis=1))
        sim = np.zeros(len(x))
        np.divide(x @ q, length, out=sim, where=length > 0)
        best_ids = np.concatenate([best_ids, np.asarray(ids).astype(np.int64)])
        best = np.concatenate([best, sim])
        order = np.lexsort((best_ids, -best))[:k]
        best_ids, best = best_ids[order], best[order]
    return list(zip(best_ids.tolist(), best.tolist()))


def reservoir_sample(stream, k, seed):
    if k < 1:
        raise ValueError("k must be at least 1")
    rng = np.random.default_rng(seed)
    sample = []
    for i, element in enumerate(stream):
        if i < k:
            sample.append(element)
        else:
            j = rng.integers(i + 1)
            if j < k:
                sample[j] = element
    return sample


def _tables(pairs, n_items):
    """Yield, chunk by chunk, a row of yes or no for each user who is done; the last one waits for the next chunk."""
    waiting, row = None, np.zeros((1, n_items), dtype=bool)
    for user, item in pairs:
        if item.min() < 0 or item.max() >= n_items:
            raise ValueError("item out of range")
        users, place = np.unique(user, return_inverse=True)
        table = np.zeros((len(users), n_items), dtype=bool)
        table[place, item] = True
        if users[0] == waiting:
            table[0] |= row[0]
        else:
            yield row
        yield table[:-1]
        waiting, row = users[-1], table[-1:].copy()
    yield row


def count_interactions(pairs, n_items):
    return sum(table.sum(axis=0) for table in _tables(pairs, n_items))


def cooccurrence_top_k(pairs, query_item, n_items, k):
    if k < 1:
        raise ValueError("k must be at least 1")
    if not 0 <= query_item < n_items:
        raise ValueError("query_item out of range")
    counts, both = np.zeros(n_items), np.zeros(n_items)
    for table in _tables(pairs, n_items):
        counts += table.sum(axis=0)
        both += table[table[:, query_item]].sum(axis=0)
    both[query_item] = 0
    found = np.flatnonzero(both)
    cosine = both[found] / np.sqrt(counts[found] * counts[query_item])
    order = np.lexsort((found, -cosine))[:k]
    return list(zip(found[order].tolist(), cosine[order].tolist()))
