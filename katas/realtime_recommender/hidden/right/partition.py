"""partitions rows instead of sorting them, and keeps the catalogue in arrays that grow"""

import heapq
import itertools

import numpy as np
from scipy.special import logsumexp, softmax


def in_batch_softmax_loss(U, V, temperature=0.05):
    if U.shape != V.shape or temperature <= 0 or np.isnan(U).any() or np.isnan(V).any():
        raise ValueError("bad batch")
    logits = (U @ V.T) / temperature
    loss = np.mean(logsumexp(logits, axis=1) - np.diagonal(logits))
    grad = softmax(logits, axis=1)
    grad[np.diag_indices(len(U))] -= 1.0
    grad /= len(U)
    return loss, grad @ V / temperature, grad.T @ U / temperature


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    if k < 1 or user_vecs.shape[1] != item_vecs.shape[1]:
        raise ValueError("k or d")
    if np.isnan(user_vecs).any() or np.isnan(item_vecs).any():
        raise ValueError("nan")
    n = len(item_vecs)
    out = np.zeros((len(user_vecs), k), dtype=np.int64)
    for start in range(0, len(user_vecs), batch_size):
        scores = user_vecs[start : start + batch_size] @ item_vecs.T
        border = np.partition(scores, n - k, axis=1)[:, n - k]
        for row, (mine, least) in enumerate(zip(scores, border)):
            above = np.flatnonzero(mine > least)
            level = np.flatnonzero(mine == least)[: k - len(above)]
            above = above[np.argsort(-mine[above], kind="stable")]
            out[start + row] = np.concatenate([above, level])
    return out


class _Column:
    """An array with room at its end."""

    def __init__(self, values, dtype):
        self.data = np.array(values, dtype=dtype)
        self.size = len(self.data)

    def __getitem__(self, index):
        return self.data[index]

    def push(self, value):
        if self.size == len(self.data):
            room = np.zeros((max(2 * self.size, 8), *self.data.shape[1:]), dtype=self.data.dtype)
            room[: self.size] = self.data
            self.data = room
        self.data[self.size] = value
        self.size += 1


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        if not (item_vecs.shape[0] == item_category.shape[0] == popularity.shape[0]):
            raise ValueError("catalogue")
        if np.isnan(item_vecs).any():
            raise ValueError("nan in item_vecs")
        self._d = item_vecs.shape[1]
        self._vecs = _Column(item_vecs, np.float64)
        self._category = _Column(item_category, np.int64)
        self._popularity = _Column(popularity, np.float64)
        self._weights, self._ttl = weights, ttl
        self._entries = {}
        self._old = np.argsort(-self._popularity.data, kind="stable")
        self._new = []

    def _vector(self, vec):
        if vec.shape != (self._d,) or np.isnan(vec).any():
            raise ValueError("an embedding of another length, or with nan")
        return vec

    def refresh(self, user_ids, user_vecs, candidates, now):
        if not (user_ids.shape[0] == user_vecs.shape[0] == candidates.shape[0]):
            raise ValueError("users")
        if candidates.min() < 0 or candidates.max() >= self._vecs.size:
            raise ValueError("unknown items")
        for vec in user_vecs:
            self._vector(vec)
        for user, vec, items in zip(user_ids, user_vecs, candidates):
            entry = self._entries.get(int(user))
            if entry is None or not now < entry[0]:
                self._entries[int(user)] = (now, vec, items)

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        self._vector(context)
        if k < 1:
            raise ValueError("k")
        forbidden = set(seen) | set(blocked)
        cap = max_per_category if max_per_category is not None else float("inf")
        counts, answer = {}, []
        for item in itertools.chain(self._pool(user_id, context, now), self._popular()):
            if item in forbidden:
                continue
            kind = int(self._category[item])
            if counts.get(kind, 0) < cap:
                counts[kind] = counts.get(kind, 0) + 1
                forbidden.add(item)
                answer.append(item)
            if len(answer) == k:
                return answer
        return answer

    def _pool(self, user_id, context, now):
        then, vec, items = self._entries.get(user_id, (-np.inf, None, None))
        if now - then > self._ttl:
            return
        w = self._weights
        rows = self._vecs[items]
        score = w[0] * (rows @ vec) + w[1] * (rows @ context) + w[2] * np.log1p(self._popularity[items])
        heap = list(zip((-score).tolist(), items.tolist()))
        heapq.heapify(heap)
        while heap:
            yield heapq.heappop(heap)[1]

    def _popular(self):
        old = ((-self._popularity[i], int(i)) for i in self._old)
        return (i for _, i in heapq.merge(old, self._new))

    def add_item(self, vec, category, popularity):
        self._vecs.push(self._vector(vec))
        self._category.push(category)
        self._popularity.push(popularity)
        index = self._vecs.size - 1
        self._new = sorted([*self._new, (-float(popularity), index)])
        return index


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    qps = peak_factor * (daily_users * requests_per_user) / 86400
    return dict(peak_qps=qps, in_flight=qps * (latency_ms / 1000), index_bytes=bytes_per_value * dim * n_items)
