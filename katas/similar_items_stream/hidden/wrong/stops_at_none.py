"""None is taken for the end of the stream

It is an element as every other. A stream says by itself when it ends.
"""

caught_by = ("test_reservoir_sample_takes_any_elements",)

from dataclasses import dataclass, field

import numpy as np


def _positive(k):
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k}")


@dataclass
class BestSoFar:
    k: int
    ids: list = field(default_factory=list)
    similarities: list = field(default_factory=list)

    def update(self, ids, similarities):
        at_least = -np.inf
        if len(self.ids) == self.k:
            at_least = self.similarities[-1]
        likely = similarities >= at_least
        ids, similarities = ids[likely], similarities[likely]
        ids = np.concatenate([np.array(self.ids, dtype=np.int64), ids.astype(np.int64)])
        similarities = np.concatenate([np.array(self.similarities, dtype=float), similarities])
        by_id = np.argsort(ids)
        best = by_id[np.argsort(-similarities[by_id], kind="stable")[: self.k]]
        self.ids, self.similarities = ids[best].tolist(), similarities[best].tolist()


def top_k_similar(query, chunks, k):
    _positive(k)
    query = np.asarray(query, dtype=np.float64).ravel()
    if not np.isfinite(query).all() or np.max(np.abs(query)) == 0:
        raise ValueError("the query must be finite, and not zero")
    scaled = query / np.max(np.abs(query))
    best = BestSoFar(k)
    for ids, vectors in chunks:
        vectors = np.asarray(vectors, dtype=np.float64)
        if vectors.shape[1] != len(query):
            raise ValueError(f"{len(query)} numbers in the query, {vectors.shape[1]} in a vector")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector is not finite")
        largest = np.abs(vectors).max(axis=1, keepdims=True)
        vectors = np.divide(vectors, largest, out=np.zeros_like(vectors), where=largest > 0)
        lengths = np.sqrt(np.square(vectors).sum(axis=1) * np.square(scaled).sum())
        products = (vectors * scaled).sum(axis=1)
        cosines = np.zeros(len(products))
        np.divide(products, lengths, out=cosines, where=lengths > 0)
        best.update(np.asarray(ids), np.clip(cosines, -1, 1))
    return list(zip(best.ids, best.similarities))


class Reservoir:
    def __init__(self, k, seed):
        self.k, self.seen, self.kept = k, 0, []
        self.random = np.random.Generator(np.random.PCG64(seed))

    def offer(self, element):
        self.seen += 1
        if len(self.kept) < self.k:
            self.kept.append(element)
        elif self.random.random() < self.k / self.seen:
            self.kept[self.random.integers(self.k)] = element


def reservoir_sample(stream, k, seed):
    _positive(k)
    reservoir = Reservoir(k, seed)
    elements = iter(stream)
    while (element := next(elements, None)) is not None:
        reservoir.offer(element)
    return tuple(reservoir.kept)


class Log:
    """Goes through chunks that are cut anew between two users, duplicates removed."""

    def __init__(self, pairs, n_items):
        self.pairs, self.n_items = pairs, n_items

    def __iter__(self):
        user_left, items_left = None, np.zeros(self.n_items, dtype=bool)
        for user, item in self.pairs:
            user, item = np.asarray(user), np.asarray(item, dtype=np.int64)
            if item.min() < 0 or item.max() > self.n_items - 1:
                raise ValueError("an item is out of range")
            begins = np.searchsorted(user, user[-1], side="left")
            if user_left is not None and user[0] != user_left:
                yield np.zeros(items_left.sum(), dtype=int), np.flatnonzero(items_left)
                items_left[:] = False
            elif user_left is not None and user[-1] != user_left:
                ends = np.searchsorted(user, user_left, side="right")
                items_left[item[:ends]] = True
                yield np.zeros(items_left.sum(), dtype=int), np.flatnonzero(items_left)
                items_left[:] = False
                user, item, begins = user[ends:], item[ends:], begins - ends
            if begins > 0:
                groups = np.cumsum(np.concatenate([[0], np.diff(user[:begins]) != 0]))
                codes = np.unique(groups * self.n_items + item[:begins])
                yield codes // self.n_items, codes % self.n_items
            user_left = user[-1]
            items_left[item[begins:]] = True
        if user_left is not None:
            yield np.zeros(items_left.sum(), dtype=int), np.flatnonzero(items_left)


def count_interactions(pairs, n_items):
    counts = np.zeros(n_items, dtype=np.int64)
    for _, items in Log(pairs, n_items):
        np.add.at(counts, items, 1)
    return counts.tolist()


def cooccurrence_top_k(pairs, query_item, n_items, k):
    _positive(k)
    if query_item < 0 or query_item >= n_items:
        raise ValueError("query_item is out of range")
    counts, shared = np.zeros(n_items, dtype=np.int64), np.zeros(n_items, dtype=np.int64)
    for groups, items in Log(pairs, n_items):
        np.add.at(counts, items, 1)
        has_query = np.zeros(groups.max() + 1, dtype=bool)
        has_query[groups[items == query_item]] = True
        np.add.at(shared, items[has_query[groups]], 1)
    best = BestSoFar(k)
    items = np.array([item for item in np.flatnonzero(shared) if item != query_item], dtype=int)
    if len(items) == 0:
        return []
    best.update(items, shared[items] / np.sqrt(counts[items].astype(float) * counts[query_item]))
    return list(zip(best.ids, best.similarities))
