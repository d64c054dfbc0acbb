"""recommend sorts candidates by a sort that is not stable

A fast sort may turn equal scores around as soon as there are more than a few of them. By default it is not stable.
"""

caught_by = ("test_recommend_gives_ties_to_the_lower_index",)

from collections import Counter

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    _require(U.shape == V.shape, "U and V must be of one shape")
    _require(temperature > 0, "temperature must be positive")
    _require_numbers(U, V)
    logits = U @ V.T / temperature  # row i: user i with every item
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    errors = (np.exp(log_p) - np.eye(len(U))) / (len(U) * temperature)
    return -np.diag(log_p).mean(), errors @ V, errors.T @ U


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    _require(k >= 1, "k must be at least 1")
    _require(user_vecs.shape[1] == item_vecs.shape[1], "users and items must have embeddings of one length")
    _require_numbers(user_vecs, item_vecs)
    best = np.empty((len(user_vecs), k), dtype=int)
    for start in range(0, len(user_vecs), batch_size):
        rows = slice(start, start + batch_size)
        scores = user_vecs[rows] @ item_vecs.T
        best[rows] = np.argsort(-scores, axis=1, kind="stable")[:, :k]  # copied: a view would keep the whole table
    return best


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        _require(len(item_vecs) == len(item_category) == len(popularity), "items must have a category and a popularity")
        _require_numbers(item_vecs)
        self.vecs, self.category, self.popularity = item_vecs, item_category, popularity
        self.weights, self.ttl = weights, ttl
        self.entries = {}
        self._rank()

    def _rank(self):
        """Sort the catalogue, when it changes and not when somebody asks."""
        self.by_popularity = np.argsort(-self.popularity, kind="stable")

    def refresh(self, user_ids, user_vecs, candidates, now):
        _require(len(user_ids) == len(user_vecs) == len(candidates), "each user must have a vector and candidates")
        _require(user_vecs.shape[1] == self.vecs.shape[1], "users and items must have embeddings of one length")
        _require(((candidates >= 0) & (candidates < len(self.vecs))).all(), "candidates must be items")
        _require_numbers(user_vecs)
        for user, vec, pool in zip(user_ids.tolist(), user_vecs, candidates, strict=True):
            if user not in self.entries or now >= self.entries[user][2]:
                self.entries[user] = vec, np.sort(pool), now

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        _require(k >= 1, "k must be at least 1")
        _require(context.shape == self.vecs.shape[1:], "the context must be as long as an item's embedding")
        _require_numbers(context)
        out = {*seen, *blocked}
        chosen, taken = [], Counter()
        for item in self._in_order(user_id, context, now):
            category = self.category[item]
            if item not in out and taken[category] != max_per_category:
                chosen.append(item)
                out.add(item)
                taken[category] += 1
                if len(chosen) == k:
                    break
        return chosen

    def _in_order(self, user_id, context, now):
        """Go through the pool, best first, and then through the catalogue, which is reached only if it is needed."""
        if user_id in self.entries:
            vec, pool, then = self.entries[user_id]
            if now - then <= self.ttl:
                similarity, fit, liked = self.weights
                mixed = similarity * vec + fit * context
                scores = self.vecs[pool] @ mixed + liked * np.log1p(self.popularity[pool])
                yield from pool[np.argsort(-scores)]
        yield from self.by_popularity

    def add_item(self, vec, category, popularity):
        _require(vec.shape == self.vecs.shape[1:], "an item must have an embedding as long as the others")
        _require_numbers(vec)
        self.vecs = np.vstack([self.vecs, vec])
        self.category = np.append(self.category, category)
        self.popularity = np.append(self.popularity, popularity)
        self._rank()
        return len(self.vecs) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    peak_qps = daily_users * requests_per_user * peak_factor / 86_400  # seconds of a day
    return {
        "peak_qps": peak_qps,
        "in_flight": peak_qps * latency_ms / 1000,
        "index_bytes": n_items * dim * bytes_per_value,
    }


def _require(condition, message):
    if not condition:
        raise ValueError(message)


def _require_numbers(*arrays):
    for array in arrays:
        _require(not np.isnan(array).any(), "nan in an embedding")
