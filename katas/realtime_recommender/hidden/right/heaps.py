"""keeps heaps of scores, in the pool and in the catalogue"""

import heapq
import numpy as np
from scipy.special import log_softmax

def chk(*a):
    if any(np.isnan(x).any() for x in a): raise ValueError("nan")

def in_batch_softmax_loss(U, V, temperature=0.05):
    if temperature <= 0 or U.shape[0] != V.shape[0] or U.shape[1] != V.shape[1]: raise ValueError("x")
    chk(U, V)
    S = np.array([[np.dot(a, b) for b in V] for a in U]) / temperature
    ls = log_softmax(S, axis=1)
    n = U.shape[0]
    loss = -sum(ls[i, i] for i in range(n)) / n
    P = np.exp(ls)
    dU = np.zeros_like(U, dtype=float); dV = np.zeros_like(V, dtype=float)
    for i in range(n):
        dU[i] = (P[i] @ V - V[i]) / n / temperature
        dV[i] = (P[:, i] @ U - U[i]) / n / temperature
    return (loss, dU, dV)

def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    if k < 1: raise ValueError("k")
    if user_vecs.shape[1] != item_vecs.shape[1]: raise ValueError("d")
    chk(user_vecs, item_vecs)
    res = np.zeros((len(user_vecs), k), dtype=np.uint32)
    it = np.array(item_vecs.T, order="C", copy=True)
    for b in np.array_split(np.arange(len(user_vecs)), -(-len(user_vecs) // batch_size)):
        sc = np.matmul(user_vecs[b], it)
        np.negative(sc, out=sc)
        res[b] = sc.argsort(axis=-1, kind="stable")[..., :k]
    return res

class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        if len(set(map(len, (item_vecs, item_category, popularity)))) != 1: raise ValueError("len")
        chk(item_vecs)
        self.items = {i: (v, int(c), float(p)) for i, (v, c, p) in enumerate(zip(item_vecs, item_category, popularity))}
        self.d = item_vecs.shape[1]
        self.heap = [(-p, i) for i, (_, _, p) in self.items.items()]
        heapq.heapify(self.heap)
        self.weights, self.ttl, self.store = weights, ttl, {}
    def refresh(self, user_ids, user_vecs, candidates, now):
        m = len(user_ids)
        if len(user_vecs) != m or len(candidates) != m or user_vecs.shape[1] != self.d: raise ValueError("shape")
        chk(user_vecs)
        if not set(candidates.ravel().tolist()) <= self.items.keys(): raise ValueError("idx")
        for i in range(m):
            u = user_ids[i].item()
            t = self.store.get(u, {}).get("t", now)
            if not t > now:
                self.store[u] = dict(t=now, v=user_vecs[i], c=candidates[i])
    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k < 1 or context.shape != (self.d,): raise ValueError("k")
        chk(context)
        banned = frozenset(seen) | frozenset(blocked)
        got = []
        def ok(i):
            cap = max_per_category is None or sum(self.items[j][1] == self.items[i][1] for j in got) < max_per_category
            return cap and i not in banned and i not in got
        st = self.store.get(user_id)
        if st and now - st["t"] <= self.ttl:
            a, b, c = self.weights
            h = []
            for i in st["c"].tolist():
                vec, _, p = self.items[i]
                heapq.heappush(h, (-(a * np.dot(st["v"], vec) + b * np.dot(context, vec) + c * np.log1p(p)), i))
            while h and len(got) < k:
                i = heapq.heappop(h)[1]
                if ok(i): got.append(i)
        if len(got) < k:
            for _, i in sorted(self.heap):
                if ok(i): got.append(i)
                if len(got) == k: break
        return got
    def add_item(self, vec, category, popularity):
        if vec.shape != (self.d,): raise ValueError("vec")
        chk(vec)
        i = len(self.items)
        self.items[i] = (np.array(vec), category, popularity)
        heapq.heappush(self.heap, (-popularity, i))
        return i

def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    per_day = daily_users * requests_per_user
    return dict(peak_qps=per_day / 86400 * peak_factor, in_flight=per_day / 86400 * peak_factor * latency_ms / 1000, index_bytes=n_items * dim * bytes_per_value)
