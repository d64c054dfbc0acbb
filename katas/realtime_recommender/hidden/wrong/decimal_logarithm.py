"""recommend takes the decimal logarithm of popularity

The natural one is meant: it is 2.3 times as large.
"""

caught_by = ("test_recommend_weighs_three_terms",)

import numpy as np

BLOCK = 256


def _check(condition, what):
    if not condition:
        raise ValueError(what)


def in_batch_softmax_loss(U, V, temperature=0.05):
    _check(U.shape == V.shape, "shapes")
    _check(temperature > 0, "temperature")
    _check(np.isfinite(U).all() and np.isfinite(V).all(), "numbers")
    size = len(U)
    own = np.einsum("ij,ij->i", U, V)
    # Differences to the own logit: the loss is the softplus of all others.
    margins = (U @ V.T - own[:, None]) / temperature
    np.fill_diagonal(margins, 0.0)
    norms = np.logaddexp.reduce(margins, axis=1)
    shares = np.exp(margins - norms[:, None])
    np.fill_diagonal(shares, np.diag(shares) - 1.0)
    shares = shares / (size * temperature)
    return norms.mean(), np.dot(shares, V), np.dot(shares.T, U)


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    _check(k >= 1, "k")
    _check(user_vecs.shape[1] == item_vecs.shape[1], "lengths")
    _check(np.isfinite(user_vecs).all() and np.isfinite(item_vecs).all(), "numbers")
    out = np.empty((len(user_vecs), k), dtype=np.int64)
    for a in range(0, len(user_vecs), batch_size):
        users = user_vecs[a : a + batch_size]
        scores = np.empty((len(users), 0))
        ids = np.empty((len(users), 0), dtype=np.int64)
        for b in range(0, len(item_vecs), BLOCK):
            block = users @ item_vecs[b : b + BLOCK].T
            scores = np.concatenate([scores, block], axis=1)
            ids = np.concatenate([ids, np.broadcast_to(np.arange(b, b + block.shape[1]), block.shape)], axis=1)
            best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
            scores = np.take_along_axis(scores, best, axis=1)
            ids = np.take_along_axis(ids, best, axis=1)
        out[a : a + batch_size] = ids
    return out


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        _check(len(item_vecs) == len(item_category), "categories")
        _check(len(item_vecs) == len(popularity), "popularity")
        _check(np.isfinite(item_vecs).all(), "numbers")
        self.d = item_vecs.shape[1]
        self.vecs = item_vecs
        self.kinds, self.kind_of = [], {}
        self.category = np.array([self._kind(each) for each in item_category.tolist()])
        self.popularity = popularity.astype(float)
        self.w = np.array(weights, dtype=float)
        self.ttl = ttl
        self.memory = {}
        self.order = None

    def _kind(self, category):
        return self.kind_of.setdefault(category, len(self.kind_of))

    def refresh(self, user_ids, user_vecs, candidates, now):
        _check(user_ids.shape == user_vecs.shape[:1] == candidates.shape[:1], "users")
        _check(user_vecs.shape[1:] == (self.d,), "lengths")
        _check(np.isfinite(user_vecs).all(), "numbers")
        _check(np.isin(candidates, np.arange(len(self.vecs))).all(), "items")
        for row, user in enumerate(user_ids):
            key = int(user)
            later = key in self.memory and self.memory[key][0] > now
            if not later:
                self.memory[key] = now, np.array(user_vecs[row]), np.array(candidates[row])

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        _check(k >= 1, "k")
        _check(context.shape == (self.d,), "lengths")
        _check(np.isfinite(context).all(), "numbers")
        banned = np.array(sorted({*seen, *blocked}), dtype=int)
        limit = len(self.vecs) if max_per_category is None else max_per_category
        used = np.zeros(len(self.kind_of), dtype=int)
        chosen = []
        entry = self.memory.get(user_id)
        if entry is not None and now - entry[0] <= self.ttl:
            _, vec, pool = entry
            pool = pool[~np.isin(pool, banned)]
            terms = np.stack([self.vecs[pool] @ vec, self.vecs[pool] @ context, np.log10(1 + self.popularity[pool])])
            score = self.w @ terms if len(pool) else np.zeros(0)
            self._take(pool[np.lexsort((pool, -score))], k, limit, used, chosen)
        if len(chosen) < k:
            if self.order is None or len(self.order) < len(self.vecs):
                self.order = np.lexsort((np.arange(len(self.vecs)), -self.popularity))
            free = np.ones(len(self.vecs), dtype=bool)
            free[banned] = False
            free[chosen] = False
            self._take(self.order[free[self.order]], k, limit, used, chosen)
        return chosen

    def _take(self, items, k, limit, used, chosen):
        for item in items.tolist():
            if len(chosen) == k:
                break
            kind = self.category[item]
            if used[kind] < limit:
                used[kind] += 1
                chosen.append(item)

    def add_item(self, vec, category, popularity):
        _check(vec.shape == (self.d,), "lengths")
        _check(np.isfinite(vec).all(), "numbers")
        self.vecs = np.append(self.vecs, vec[None], axis=0)
        self.category = np.append(self.category, self._kind(category))
        self.popularity = np.append(self.popularity, popularity)
        return len(self.vecs) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    a_day = daily_users * requests_per_user
    peak = a_day * peak_factor / 86400.0
    return {"peak_qps": peak, "in_flight": latency_ms * peak / 1000, "index_bytes": n_items * (dim * bytes_per_value)}
