"""top_candidates scores item by item

A Python loop over the catalogue, for each user. One product scores all items.
"""

caught_by = ("test_top_candidates_is_vectorized",)

import math

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    U, V = np.asarray(U, dtype=float), np.asarray(V, dtype=float)
    if U.shape != V.shape:
        raise ValueError("U and V do not belong together")
    if temperature <= 0:
        raise ValueError("temperature")
    if np.isnan(U).any() or np.isnan(V).any():
        raise ValueError("nan")
    B = len(U)
    total = 0.0
    dU, dV = np.zeros(U.shape), np.zeros(V.shape)
    for i in range(B):
        logits = [float(U[i] @ V[j]) / temperature for j in range(B)]
        top = max(logits)
        powers = [math.exp(each - top) for each in logits]
        norm = sum(powers)
        total += top + math.log(norm) - logits[i]
        for j in range(B):
            slope = (powers[j] / norm - (i == j)) / B / temperature
            dU[i] += slope * V[j]
            dV[j] += slope * U[i]
    return total / B, dU, dV


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    if k < 1:
        raise ValueError("k")
    if user_vecs.shape[1] != item_vecs.shape[1]:
        raise ValueError("embeddings of different lengths")
    if np.isnan(user_vecs).any() or np.isnan(item_vecs).any():
        raise ValueError("nan")
    best = []
    for user in user_vecs:
        scores = [-float(vec @ user) for vec in item_vecs]
        best.append(np.argsort(scores, kind="stable")[:k].tolist())
    return best


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        if len({len(item_vecs), len(item_category), len(popularity)}) > 1:
            raise ValueError("different numbers of items")
        if np.isnan(item_vecs).any():
            raise ValueError("nan")
        self.vecs = [row for row in item_vecs]
        self.categories = item_category.tolist()
        self.popularity = popularity.tolist()
        self.weights = weights
        self.ttl = ttl
        self.users = {}
        self.hits = None

    def refresh(self, user_ids, user_vecs, candidates, now):
        if len(user_ids) != len(user_vecs) or len(user_ids) != len(candidates):
            raise ValueError("different numbers of users")
        if user_vecs.shape[1] != len(self.vecs[0]):
            raise ValueError("embeddings of different lengths")
        if np.isnan(user_vecs).any():
            raise ValueError("nan")
        for row in candidates:
            for item in row:
                if not 0 <= item < len(self.vecs):
                    raise ValueError(f"no item {item}")
        for i in range(len(user_ids)):
            user = int(user_ids[i])
            if user in self.users and self.users[user]["now"] > now:
                continue
            self.users[user] = {"vec": user_vecs[i].copy(), "items": candidates[i].tolist(), "now": now}

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k < 1:
            raise ValueError("k")
        if len(context) != len(self.vecs[0]) or np.isnan(context).any():
            raise ValueError("context")
        result, used = [], {}

        def offer(item):
            if len(result) >= k or item in seen or item in blocked or item in result:
                return
            category = self.categories[item]
            if max_per_category is not None and used.get(category, 0) >= max_per_category:
                return
            used[category] = used.get(category, 0) + 1
            result.append(item)

        user = self.users.get(user_id)
        if user is not None and now - user["now"] <= self.ttl:
            scored = []
            for item in user["items"]:
                vec = self.vecs[item]
                score = self.weights[0] * float(user["vec"] @ vec)
                score += self.weights[1] * float(context @ vec)
                score += self.weights[2] * math.log1p(self.popularity[item])
                scored.append((-score, item))
            for _, item in sorted(scored):
                offer(item)
        if len(result) < k:
            if self.hits is None:
                self.hits = sorted(range(len(self.vecs)), key=lambda item: (-self.popularity[item], item))
            for item in self.hits:
                offer(item)
        return result

    def add_item(self, vec, category, popularity):
        if len(vec) != len(self.vecs[0]) or np.isnan(vec).any():
            raise ValueError("vec")
        self.vecs.append(vec)
        self.categories.append(category)
        self.popularity.append(popularity)
        self.hits = None
        return len(self.vecs) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    per_second = daily_users * requests_per_user / (24 * 60 * 60)
    peak = per_second * peak_factor
    return {"peak_qps": peak, "in_flight": peak * latency_ms / 1e3, "index_bytes": n_items * dim * bytes_per_value}
