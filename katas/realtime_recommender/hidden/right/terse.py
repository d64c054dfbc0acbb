"""says it in as few lines as it can"""

import numpy as np


def ok(good, *arrays):
    if not good or any(np.isnan(a).any() for a in arrays):
        raise ValueError("bad input")


def in_batch_softmax_loss(U, V, temperature=0.05):
    ok(np.shape(U) == np.shape(V) and temperature > 0, U, V)
    S = U @ V.T / temperature
    L = S - np.logaddexp.reduce(S, 1, keepdims=True)
    G = (np.exp(L) - np.eye(len(L))) / len(L) / temperature
    return -np.trace(L) / len(L), G @ V, G.T @ U


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    ok(k > 0 and user_vecs.shape[1] == item_vecs.shape[1], user_vecs, item_vecs)
    batches = np.split(user_vecs, range(batch_size, len(user_vecs), batch_size))
    return np.vstack([np.argsort(-(b @ item_vecs.T), 1, "stable")[:, :k].copy() for b in batches])


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        ok(len(item_vecs) == len(item_category) == len(popularity), item_vecs)
        self.X, self.c, self.p, self.w, self.ttl, self.users = item_vecs, item_category, popularity, weights, ttl, {}
        self.hits = np.argsort(-self.p, kind="stable")

    def refresh(self, user_ids, user_vecs, candidates, now):
        ok(len({len(user_ids), len(user_vecs), len(candidates)}) == 1 and user_vecs.shape[1] == self.X.shape[1], user_vecs)
        ok(candidates.min() >= 0 and candidates.max() < len(self.X))
        for u, v, c in zip(user_ids, user_vecs, candidates):
            if self.users.get(u, (now,))[0] <= now:
                self.users[u] = now, v, c

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        ok(k > 0 and context.shape == self.X[0].shape, context)
        then, v, c = self.users.get(user_id, (-np.inf, 0, ()))
        c = np.sort(c) if now - then <= self.ttl else np.array([], dtype=int)
        s = self.X[c] @ (self.w[0] * v + self.w[1] * context) + self.w[2] * np.log1p(self.p[c])
        got, kinds = [], []
        for pool in (c[np.argsort(-s, kind="stable")], self.hits):
            for i in pool:
                if len(got) == k:
                    return got
                if i in seen or i in blocked or i in got or max_per_category and kinds.count(self.c[i]) >= max_per_category:
                    continue
                got.append(i)
                kinds.append(self.c[i])
        return got

    def add_item(self, vec, category, popularity):
        ok(vec.shape == self.X[0].shape, vec)
        self.X, self.c, self.p = np.vstack([self.X, vec]), np.r_[self.c, category], np.r_[self.p, popularity]
        self.hits = np.argsort(-self.p, kind="stable")
        return len(self.X) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    q = daily_users * requests_per_user * peak_factor / 86400
    return {"peak_qps": q, "in_flight": q * latency_ms / 1e3, "index_bytes": n_items * dim * bytes_per_value}
