"""recommend lists all that could fill up before it knows whether it has to

The list of what remains is as long as the catalogue, and most requests never need it.
"""

caught_by = ("test_recommend_does_not_grow_with_the_catalogue",)

import bisect

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    _same(U.shape, V.shape)
    _numbers(U, V)
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    n = len(U)
    scores = np.matmul(U, V.transpose()) / temperature
    shifted = scores - np.amax(scores, axis=-1)[:, np.newaxis]
    weights = np.exp(shifted)
    sums = weights.sum(axis=-1)
    loss = (np.log(sums) - shifted.diagonal()).sum() / n
    probabilities = weights / sums[:, np.newaxis]
    # (sum of p times the items) minus the own item
    pull_users = probabilities.dot(V) - V
    pull_items = probabilities.T.dot(U) - U
    return [loss, pull_users / n / temperature, pull_items / n / temperature]


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    _numbers(user_vecs, item_vecs)
    _same(user_vecs.shape[1:], item_vecs.shape[1:])
    if k <= 0:
        raise ValueError("k must be positive")
    last = len(item_vecs) - 1
    answer = []
    for start in range(0, len(user_vecs), batch_size):
        # Backwards twice: ascending and stable on the mirrored row is descending and stable.
        mirrored = (user_vecs[start : start + batch_size] @ item_vecs.T)[:, ::-1]
        order = last - np.argsort(mirrored, axis=1, kind="mergesort")[:, ::-1]
        answer += order[:, :k].tolist()
    return answer


def _same(one, other):
    if one != other:
        raise ValueError(f"{one} is not {other}")


def _numbers(*arrays):
    if any((array != array).any() for array in arrays):
        raise ValueError("nan")


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        _same(len(item_vecs), len(item_category))
        _same(len(item_vecs), len(popularity))
        _numbers(item_vecs)
        self.base, self.added = item_vecs, []
        self.categories = dict(enumerate(item_category.tolist()))
        self.popularity = dict(enumerate(popularity.tolist()))
        self.ranking = sorted((-liked, item) for item, liked in self.popularity.items())
        self.weights = weights
        self.ttl = ttl
        self.entries = {}

    def _vec(self, item):
        return self.base[item] if item < len(self.base) else self.added[item - len(self.base)]

    def refresh(self, user_ids, user_vecs, candidates, now):
        _same(len(user_ids), len(user_vecs))
        _same(len(user_ids), len(candidates))
        _same(user_vecs.shape[1:], self.base.shape[1:])
        _numbers(user_vecs)
        if not all(item in self.popularity for item in np.unique(candidates).tolist()):
            raise ValueError("candidates that are no items")
        for user, vec, pool in zip(user_ids.tolist(), user_vecs, candidates.tolist(), strict=True):
            if user in self.entries:
                if self.entries[user][-1] > now:
                    continue
            self.entries[user] = (vec, pool, now)

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k <= 0:
            raise ValueError("k must be positive")
        _same(context.shape, self.base.shape[1:])
        _numbers(context)
        ranked = []
        if user_id in self.entries and not now - self.entries[user_id][2] > self.ttl:
            vec, pool, _ = self.entries[user_id]
            rows = np.stack([self._vec(item) for item in pool])
            liked = np.log1p([self.popularity[item] for item in pool])
            terms = np.column_stack([rows @ vec, rows @ context, liked])
            ranked = sorted(zip((terms * -np.array(self.weights)).sum(axis=1).tolist(), pool, strict=True))
        forbidden = {*seen, *blocked}
        result, count = [], {}
        pool = {item for _, item in ranked}
        rest = [pair for pair in self.ranking if pair[1] not in pool and pair[1] not in forbidden]
        for source in (ranked, rest):
            for _, item in source:
                if len(result) == k:
                    break
                category = self.categories[item]
                if item in forbidden or count.get(category, 0) == max_per_category:
                    continue
                count[category] = count.get(category, 0) + 1
                forbidden.add(item)
                result.append(item)
        return tuple(result)

    def add_item(self, vec, category, popularity):
        _same(vec.shape, self.base.shape[1:])
        _numbers(vec)
        item = len(self.base) + len(self.added)
        self.added.append(vec)
        self.categories[item] = category
        self.popularity[item] = popularity
        bisect.insort(self.ranking, (-popularity, item))
        return np.int32(item)


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    answer = {"index_bytes": n_items * dim * bytes_per_value}
    answer["peak_qps"] = daily_users * requests_per_user * peak_factor / 86_400
    answer["in_flight"] = answer["peak_qps"] * latency_ms / 1000
    return answer
