"""refresh keeps times in float32

A time of today has ten digits before the point, and float32 has seven: it is off by up to a minute.
"""

caught_by = ("test_recommender_keeps_all_digits",)

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    if U.shape != V.shape:
        raise ValueError("shapes")
    if not temperature > 0:
        raise ValueError("temperature")
    if np.isnan(np.sum(U)) or np.isnan(np.sum(V)):
        raise ValueError("nan")
    B = U.shape[0]
    S = np.einsum("id,jd->ij", U, V) / temperature
    log_norm = np.logaddexp.reduce(S, axis=1)
    P = np.exp(S - log_norm[:, None])
    dU = (np.einsum("ij,jd->id", P, V) - V) / (B * temperature)
    dV = (np.einsum("ij,id->jd", P, U) - U) / (B * temperature)
    return float((log_norm - np.trace(S) / B).mean()), dU, dV


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    if k < 1:
        raise ValueError("k")
    if user_vecs.shape[1] != item_vecs.shape[1]:
        raise ValueError("d")
    if np.isnan(user_vecs).any() or np.isnan(item_vecs).any():
        raise ValueError("nan")
    parts = []
    for start in range(0, len(user_vecs), batch_size):
        scores = np.dot(user_vecs[start : start + batch_size], item_vecs.T)
        rows = np.arange(len(scores))
        found = np.empty((k, len(scores)), dtype=np.intp)
        for place in range(k):
            found[place] = scores.argmax(axis=1)
            scores[rows, found[place]] = -np.inf
        parts.append(found.T)
    return np.vstack(parts)


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        n = len(item_vecs)
        if len(item_category) != n or len(popularity) != n:
            raise ValueError("lengths")
        if np.isnan(item_vecs).any():
            raise ValueError("nan")
        self.item_vecs = np.array(item_vecs, dtype=np.float64)
        self.category = np.array(item_category)
        self.popularity = np.array(popularity, dtype=np.float64)
        self.liked = weights[2] * np.log1p(self.popularity)
        self.order = np.lexsort((np.arange(n), -self.popularity))
        self.weights, self.ttl = weights, ttl
        self.vec_of, self.items_of, self.time_of = {}, {}, {}

    def refresh(self, user_ids, user_vecs, candidates, now):
        if not len(user_ids) == len(user_vecs) == len(candidates):
            raise ValueError("lengths")
        if user_vecs.shape[1] != self.item_vecs.shape[1]:
            raise ValueError("d")
        if np.isnan(user_vecs).any():
            raise ValueError("nan")
        if np.any(candidates < 0) or np.any(candidates >= len(self.item_vecs)):
            raise ValueError("candidates")
        for i, user in enumerate(user_ids.tolist()):
            if self.time_of.get(user, now) <= now:
                self.vec_of[user], self.items_of[user], self.time_of[user] = user_vecs[i], candidates[i], float(np.float32(now))

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k < 1:
            raise ValueError("k")
        if context.shape != (self.item_vecs.shape[1],):
            raise ValueError("d")
        if np.isnan(context).any():
            raise ValueError("nan")
        out = set(seen).union(blocked)
        chosen = []
        counts = {}

        def full(item):
            return max_per_category is not None and counts.get(self.category[item], 0) >= max_per_category

        def take(item):
            chosen.append(int(item))
            out.add(int(item))
            counts[self.category[item]] = counts.get(self.category[item], 0) + 1

        if user_id in self.time_of and now - self.time_of[user_id] <= self.ttl:
            items = np.sort(self.items_of[user_id])
            matrix = self.item_vecs[items]
            score = self.weights[0] * matrix.dot(self.vec_of[user_id]) + self.weights[1] * matrix.dot(context)
            score += self.liked[items]
            score[np.isin(items, list(out))] = -np.inf
            while len(chosen) < k:
                best = score.argmax()
                if score[best] == -np.inf:
                    break
                score[best] = -np.inf
                if not full(items[best]):
                    take(items[best])
        for item in self.order if len(chosen) < k else ():
            if len(chosen) == k:
                break
            if int(item) not in out and not full(item):
                take(item)
        return np.array(chosen, dtype=int)

    def add_item(self, vec, category, popularity):
        if vec.shape != (self.item_vecs.shape[1],) or np.isnan(vec).any():
            raise ValueError("vec")
        index = len(self.item_vecs)
        place = np.searchsorted(-self.popularity[self.order], -popularity, side="right")
        self.order = np.insert(self.order, place, index)
        self.item_vecs = np.concatenate([self.item_vecs, vec[None]])
        self.category = np.append(self.category, category)
        self.popularity = np.append(self.popularity, popularity)
        self.liked = np.append(self.liked, self.weights[2] * np.log1p(popularity))
        return index


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    peak_qps = daily_users / 86400 * requests_per_user * peak_factor
    return {
        "peak_qps": np.float64(peak_qps),
        "in_flight": np.float64(peak_qps * latency_ms * 0.001),
        "index_bytes": float(n_items) * dim * bytes_per_value,
        "index_gb": n_items * dim * bytes_per_value / 1e9,
    }
