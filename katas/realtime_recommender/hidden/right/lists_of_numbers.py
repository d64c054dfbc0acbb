"""keeps everything in lists of Python's numbers"""

import math
import numpy as np
import heapq

def _finite(*xs):
    for x in xs:
        if np.isnan(np.asarray(x, dtype=float)).any():
            raise ValueError("nan")

def in_batch_softmax_loss(U, V, temperature=0.05):
    if U.shape != V.shape: raise ValueError
    if temperature <= 0: raise ValueError
    _finite(U, V)
    u, v = U.tolist(), V.tolist()
    B, d = len(u), len(u[0])
    L = [[sum(a * b for a, b in zip(x, y)) / temperature for y in v] for x in u]
    tot = 0
    dU = [[0.0] * d for _ in range(B)]
    dV = [[0.0] * d for _ in range(B)]
    for i, row in enumerate(L):
        m = max(row)
        z = sum(math.exp(r - m) for r in row)
        tot -= row[i] - m - math.log(z)
        for j, r in enumerate(row):
            g = (math.exp(r - m) / z - (1 if i == j else 0)) / (B * temperature)
            for f in range(d):
                dU[i][f] += g * v[j][f]
                dV[j][f] += g * u[i][f]
    return tot / B, dU, dV

def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    if k < 1: raise ValueError
    if user_vecs.shape[-1] != item_vecs.shape[-1]: raise ValueError
    _finite(user_vecs, item_vecs)
    idx = np.arange(item_vecs.shape[0])
    res = []
    for i in range(0, user_vecs.shape[0], batch_size):
        S = np.inner(user_vecs[i:i+batch_size], item_vecs)
        for s in S:
            o = np.lexsort([idx, -s])
            res.append([int(x) for x in o[:k]])
    return res

class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        if not (len(item_vecs) == len(item_category) == len(popularity)): raise ValueError
        _finite(item_vecs)
        self.v = item_vecs.tolist(); self.c = item_category.tolist(); self.p = popularity.tolist()
        self.w = weights; self.ttl = ttl; self.cache = {}
        self.d = item_vecs.shape[1]
        self.top = sorted(range(len(self.v)), key=lambda i: -self.p[i])
    def refresh(self, user_ids, user_vecs, candidates, now):
        if not (len(user_ids) == len(user_vecs) == len(candidates)): raise ValueError
        _finite(user_vecs)
        if user_vecs.shape[1] != self.d: raise ValueError
        for r in candidates:
            for c in r:
                if c < 0 or c >= len(self.v): raise ValueError
        for u, v, c in zip(user_ids, user_vecs, candidates):
            old = self.cache.get(int(u))
            if old and old[0] > now: continue
            self.cache[int(u)] = (now, v.tolist(), c.tolist())
    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k < 1: raise ValueError
        if len(context) != self.d: raise ValueError
        _finite(context)
        ctx = context.tolist()
        e = self.cache.get(user_id)
        lists = [self.top]
        if e and now - e[0] <= self.ttl:
            s = {}
            for c in e[2]:
                iv = self.v[c]
                s[c] = self.w[0]*sum(a*b for a, b in zip(e[1], iv)) + self.w[1]*sum(a*b for a, b in zip(ctx, iv)) + self.w[2]*math.log1p(self.p[c])
            lists.insert(0, sorted(s, key=lambda c: (-s[c], c)))
        got = []
        cnt = {}
        for l in lists:
            for i in l:
                if len(got) >= k: return got
                if i in got or i in seen or i in blocked: continue
                if max_per_category and cnt.get(self.c[i], 0) >= max_per_category: continue
                got.append(i); cnt[self.c[i]] = cnt.get(self.c[i], 0) + 1
        return got
    def add_item(self, vec, category, popularity):
        if len(vec) != self.d: raise ValueError
        _finite(vec)
        self.v.append(vec.tolist()); self.c.append(category); self.p.append(popularity)
        self.top = sorted(range(len(self.v)), key=lambda i: -self.p[i])
        return len(self.v) - 1

def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    q = daily_users * requests_per_user / 86400 * peak_factor
    return {'peak_qps': q, 'in_flight': q * latency_ms / 1000, 'index_bytes': n_items * dim * bytes_per_value}
