"""recommend returns what the pool has, and no more

Two candidates for a page of five leave three holes. What else may be shown?
"""

caught_by = ("test_recommend_fills_by_popularity",)

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np


def _matrix(values, name):
    array = np.array(values, dtype=np.float64, copy=True)
    if array.ndim != 2:
        raise ValueError(f"{name} must have two dimensions")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array


def in_batch_softmax_loss(U, V, temperature=0.05):
    U, V = _matrix(U, "U"), _matrix(V, "V")
    if U.shape != V.shape:
        raise ValueError(f"U {U.shape} and V {V.shape} must have the same shape")
    temperature = float(temperature)
    if not temperature > 0:
        raise ValueError("temperature must be positive")
    B = U.shape[0]
    logits = (U / temperature) @ V.T
    gaps = logits - np.diag(logits)[:, None]  # 0 on the diagonal
    top = gaps.max(axis=1)
    norm = np.exp(gaps - top[:, None]).sum(axis=1)
    loss = math.fsum(top + np.log(norm)) / B
    P = np.exp(gaps - top[:, None]) / norm[:, None]
    P[np.arange(B), np.arange(B)] -= 1
    return loss, (P @ V) / (B * temperature), (P.T @ U) / (B * temperature)


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    users, items = _matrix(user_vecs, "user_vecs"), _matrix(item_vecs, "item_vecs")
    if users.shape[1] != items.shape[1]:
        raise ValueError("embeddings of different lengths")
    k, batch_size = int(k), int(batch_size)
    if not 1 <= k <= len(items):
        raise ValueError("k must be between 1 and the number of items")
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    result = np.full((len(users), k), -1, dtype=np.int64)
    ids = np.arange(len(items))
    for start in range(0, len(users), batch_size):
        block = users[start : start + batch_size] @ items.T
        order = np.lexsort((np.broadcast_to(ids, block.shape), -block), axis=1)
        result[start : start + len(block)] = order[:, :k]
    return result


@dataclass
class _Entry:
    vec: np.ndarray
    items: np.ndarray
    time: float


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        self._vecs = _matrix(item_vecs, "item_vecs")
        self._category = [int(each) for each in np.asarray(item_category)]
        self._popularity = np.array(popularity, dtype=np.float64)
        if not len(self._vecs) == len(self._category) == len(self._popularity):
            raise ValueError("item_vecs, item_category and popularity must have the same length")
        if (self._popularity < 0).any():
            raise ValueError("popularity must not be negative")
        if len(weights) != 3:
            raise ValueError("three weights are needed")
        self._weights = tuple(float(w) for w in weights)
        self._ttl = float(ttl)
        self._entries: dict[int, _Entry] = {}
        self._ranking: list[int] | None = None

    def _checked(self, vec, name):
        vec = np.array(vec, dtype=np.float64)
        if vec.shape != (self._vecs.shape[1],):
            raise ValueError(f"{name} has shape {vec.shape}")
        if not np.isfinite(vec).all():
            raise ValueError(f"{name} must be finite")
        return vec

    def refresh(self, user_ids, user_vecs, candidates, now):
        ids = [int(each) for each in user_ids]
        vecs, pools = _matrix(user_vecs, "user_vecs"), np.array(candidates)
        if not len(ids) == len(vecs) == len(pools):
            raise ValueError("user_ids, user_vecs and candidates must have the same length")
        if pools.ndim != 2 or not np.issubdtype(pools.dtype, np.integer):
            raise ValueError("candidates must be a table of indices")
        if ((pools < 0) | (pools >= len(self._vecs))).any():
            raise ValueError("candidates out of range")
        vecs = [self._checked(vec, "a user's vector") for vec in vecs]
        for user, vec, pool in zip(ids, vecs, pools, strict=True):
            known = self._entries.get(user)
            if known is None or known.time <= now:
                self._entries[user] = _Entry(vec, pool.copy(), now)

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k < 1:
            raise ValueError("k must be at least 1")
        context = self._checked(context, "context")
        if max_per_category is not None and max_per_category < 1:
            raise ValueError("max_per_category must be at least 1")
        excluded = frozenset(map(int, seen)) | frozenset(map(int, blocked))
        entry = self._entries.get(user_id)
        if entry is not None and now - entry.time > self._ttl:
            del self._entries[user_id]
            entry = None
        picked: dict[int, None] = {}
        room = defaultdict(lambda: math.inf if max_per_category is None else max_per_category)
        if entry is not None:
            self._walk(self._scored(entry, context), k, excluded, room, picked)
        if entry is None:
            if self._ranking is None:
                self._ranking = np.argsort(-self._popularity, kind="stable").tolist()
            self._walk(self._ranking, k, excluded, room, picked)
        return list(picked)

    def _scored(self, entry, context):
        pool = entry.items
        rows = self._vecs[pool]
        w0, w1, w2 = self._weights
        score = w0 * (rows * entry.vec).sum(axis=1) + w1 * (rows * context).sum(axis=1)
        score = score + w2 * np.log1p(self._popularity[pool])
        return pool[np.lexsort((pool, -score))].tolist()

    def _walk(self, items, k, excluded, room, picked):
        for item in items:
            if len(picked) >= k:
                return
            category = self._category[item]
            if item in excluded or item in picked or room[category] <= 0:
                continue
            room[category] -= 1
            picked[item] = None

    def add_item(self, vec, category, popularity):
        vec = self._checked(vec, "vec")
        self._vecs = np.vstack((self._vecs, vec[None, :]))
        self._category.append(int(category))
        self._popularity = np.concatenate((self._popularity, [float(popularity)]))
        self._ranking = None
        return len(self._category) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    seconds_per_day = 24 * 3600
    peak_qps = daily_users * requests_per_user * peak_factor / seconds_per_day
    return {"peak_qps": peak_qps, "in_flight": peak_qps * latency_ms / 1000.0, "index_bytes": n_items * dim * bytes_per_value}
