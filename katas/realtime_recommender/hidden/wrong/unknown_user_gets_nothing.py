"""recommend returns an empty list for a user who is unknown or whose entry is too old

An empty page sells nothing. Popular items are better than none.
"""

caught_by = ("test_recommend_starts_cold_by_popularity", "test_refresh_ends_after_ttl",)

from operator import itemgetter

import numpy as np


def _demand(**conditions):
    for name, holds in conditions.items():
        if not holds:
            raise ValueError(name)


def in_batch_softmax_loss(U, V, temperature=0.05):
    _demand(shapes=U.shape == V.shape, temperature=temperature > 0)
    _demand(numbers=not (np.isnan(U).any() or np.isnan(V).any()))
    kind = np.result_type(U, V)
    t = kind.type(temperature)
    logits = U.astype(kind) @ V.astype(kind).T / t
    rows = range(len(U))
    loss = kind.type(0)
    weights = np.empty_like(logits)
    for i in rows:
        top = logits[i].max()
        e = np.exp(logits[i] - top)
        loss += np.log(e.sum()) + top - logits[i, i]
        weights[i] = e / e.sum()
        weights[i, i] -= 1
    weights /= t * len(U)
    return loss / len(U), weights @ V, np.transpose(np.transpose(U) @ weights)


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    _demand(k=k >= 1, lengths=user_vecs.shape[1] == item_vecs.shape[1])
    _demand(numbers=not (np.isnan(user_vecs).any() or np.isnan(item_vecs).any()))
    n = len(item_vecs)
    result = np.empty((len(user_vecs), k), dtype=np.int32)
    start = 0
    while start < len(user_vecs):
        scores = user_vecs[start : start + batch_size].dot(item_vecs.T)
        for row in scores:
            # Everything as good as the k-th best, in the order of indices; then the best k of it.
            near = np.flatnonzero(row >= np.partition(row, n - k)[n - k])
            result[start] = near[np.argsort(-row[near], kind="stable")[:k]]
            start += 1
    return result


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        _demand(items=item_vecs.shape[0] == item_category.shape[0] == popularity.shape[0])
        _demand(numbers=not np.isnan(item_vecs).any())
        self.items = item_vecs
        self.about = list(zip(item_category.tolist(), popularity.tolist()))
        self.boost = weights[2] * np.log1p(popularity.astype(float))
        self.weights, self.ttl = weights, ttl
        self.known = {}
        self.fallback = list(map(int, np.argsort(-popularity.astype(float), kind="stable")))

    def refresh(self, user_ids, user_vecs, candidates, now):
        u, d = user_vecs.shape
        _demand(users=u == len(user_ids) == len(candidates), lengths=d == self.items.shape[1])
        _demand(numbers=not np.isnan(user_vecs).any())
        _demand(items=(candidates > -1).all() and (candidates < len(self.about)).all())
        fresh = {int(user): (now, user_vecs[i], candidates[i]) for i, user in enumerate(user_ids)}
        for user in [user for user in fresh if user in self.known and self.known[user][0] > now]:
            del fresh[user]
        self.known.update(fresh)

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        _demand(k=k >= 1, lengths=context.shape == self.items.shape[1:])
        _demand(numbers=not np.isnan(context).any())
        queue = iter(())
        if user_id in self.known and now - self.known[user_id][0] <= self.ttl:
            queue = self._first_the_pool(*self.known[user_id][1:], context)
        left = k
        taken, page = set(seen).union(blocked), []
        per_category = {}
        while left:
            item = next(queue, None)
            if item is None:
                break
            category = self.about[item][0]
            if item in taken or per_category.get(category, 0) == max_per_category:
                continue
            per_category[category] = 1 + per_category.get(category, 0)
            taken.add(item)
            page.append(item)
            left -= 1
        return page

    def _first_the_pool(self, vec, pool, context):
        rows = self.items[pool]
        w0, w1, _ = self.weights
        score = w0 * rows.dot(vec) + w1 * rows.dot(context) + self.boost[pool]
        pairs = sorted(zip(pool.tolist(), score.tolist()))
        pairs.sort(key=itemgetter(1), reverse=True)  # stable, backwards too
        for item, _ in pairs:
            yield item
        yield from self.fallback

    def add_item(self, vec, category, popularity):
        _demand(lengths=vec.shape == self.items.shape[1:], numbers=not np.isnan(vec).any())
        self.items = np.concatenate((self.items, np.atleast_2d(vec)))
        self.about.append((category, popularity))
        self.boost = np.append(self.boost, self.weights[2] * np.log1p(popularity))
        new = len(self.about) - 1
        place = next((i for i, item in enumerate(self.fallback) if self.about[item][1] < popularity), new)
        self.fallback.insert(place, new)
        return new


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    peak_qps = peak_factor * daily_users * requests_per_user / 86_400
    return {
        "peak_qps": peak_qps,
        "in_flight": peak_qps * latency_ms / 1_000,
        "index_bytes": n_items * dim * bytes_per_value,
    }
