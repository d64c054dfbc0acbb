"""applies the rules with masks over whole arrays"""

import numpy as np
from typing import NamedTuple
from functools import partial

class Bad(ValueError): pass
def need(c):
    if not c: raise Bad("bad")

def in_batch_softmax_loss(U, V, temperature=0.05):
    need(U.shape == V.shape); need(temperature > 0); need(not np.isnan(U).any()); need(not np.isnan(V).any())
    U = np.asarray(U, np.float64) ; V = np.asarray(V, np.float64)
    with np.errstate(all="ignore"):
        A = (U / temperature).dot(V.T)
        A -= np.max(A, 1)[:, None]
        E = np.exp(A)
        P = E / np.sum(E, 1)[:, None]
        loss = np.average(np.log(np.sum(E, 1)) - np.diagonal(A))
    Y = np.identity(len(U))
    G = (P - Y) / temperature / len(U)
    return np.float64(loss), np.tensordot(G, V, 1), np.tensordot(G, U, (0, 0))

def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    need(k >= 1); need(user_vecs.shape[1] == item_vecs.shape[1]); need(not np.isnan(user_vecs).any()); need(not np.isnan(item_vecs).any())
    n = len(item_vecs)
    def one(batch):
        s = batch @ item_vecs.T
        kk = min(k, n - 1)
        part = np.argpartition(-s, kk, axis=1)[:, :k] if kk < n and n > 1 else np.zeros((len(batch), 1), int)
        t = np.take_along_axis(s, part, 1).min(1, keepdims=True)
        out = np.empty((len(batch), k), int)
        for r in range(len(batch)):
            cand = np.nonzero(s[r] >= t[r])[0]
            out[r] = cand[np.lexsort((cand, -s[r, cand]))][:k]
        return out
    return np.concatenate([one(user_vecs[i:i + batch_size]) for i in range(0, len(user_vecs), batch_size)])

class E(NamedTuple):
    t: float
    vec: np.ndarray
    cand: np.ndarray

class Recommender:
    __slots__ = ("X", "cat", "pop", "w", "ttl", "users", "pop_order", "logp")
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        need(item_vecs.shape[:1] == item_category.shape == popularity.shape); need(not np.isnan(item_vecs).any())
        self.X = np.ascontiguousarray(item_vecs, dtype=float)
        self.cat = np.ascontiguousarray(item_category)
        self.pop = np.ascontiguousarray(popularity, dtype=float)
        self.w = np.asarray(weights, float)
        self.ttl = ttl
        self.users = {}
        self._reindex()
    def _reindex(self):
        self.logp = np.log1p(self.pop)
        self.pop_order = np.lexsort((np.arange(self.pop.size), -self.pop))
    def refresh(self, user_ids, user_vecs, candidates, now):
        need(user_ids.shape[0] == user_vecs.shape[0] and user_ids.shape[0] == candidates.shape[0])
        need(user_vecs.shape[1] == self.X.shape[1]); need(not np.isnan(user_vecs).any())
        need(np.all((0 <= candidates) & (candidates < self.X.shape[0])))
        for u, v, c in zip(user_ids, user_vecs, candidates):
            u = int(u)
            if u not in self.users or self.users[u].t <= now:
                self.users[u] = E(now, v.astype(float), np.sort(c))
    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        need(k >= 1); need(context.shape == self.X.shape[1:]); need(not np.isnan(context).any())
        ban = list(seen) + list(blocked)
        e = self.users.get(user_id)
        res = np.empty(0, int)
        if e is not None and not (now - e.t > self.ttl):
            c = np.setdiff1d(e.cand, ban)
            Z = np.column_stack([self.X[c] @ e.vec, self.X[c] @ context, self.logp[c]])
            res = self._cap(c[np.argsort(-(Z @ self.w), kind="stable")], res, max_per_category)[:k]
        if len(res) < k:
            mask = np.isin(self.pop_order, np.concatenate([res, np.array(ban, int)]), invert=True)
            res = self._cap(self.pop_order[mask], res, max_per_category)[:k]
        return res
    def _cap(self, items, before, m):
        allofthem = np.concatenate([before, items]).astype(int)
        if m is None: return allofthem
        keep = np.zeros(len(allofthem), bool)
        kinds = self.cat[allofthem]
        for kind in np.unique(kinds):
            keep[np.flatnonzero(kinds == kind)[:m]] = True
        return allofthem[keep]
    def add_item(self, vec, category, popularity):
        need(vec.shape == self.X.shape[1:]); need(not np.isnan(vec).any())
        self.X = np.r_[self.X, vec[None]]; self.cat = np.r_[self.cat, category]; self.pop = np.r_[self.pop, popularity]
        self._reindex()
        return self.pop.size - 1

def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    rps = daily_users * requests_per_user * peak_factor / (60 * 60 * 24)
    return {"in_flight": rps * latency_ms / 1000, "peak_qps": rps, "index_bytes": np.prod([n_items, dim, bytes_per_value], dtype=float)}
