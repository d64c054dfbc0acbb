"""keeps items as columns, and counts by a stable sort how many of a category come before each item"""

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    X = np.asfortranarray(U, dtype=np.double).T
    Y = np.asfortranarray(V, dtype=np.double).T
    if X.shape != Y.shape or temperature <= 0 or np.isnan(X).any() or np.isnan(Y).any():
        raise ValueError("bad input")
    n = X.shape[1]
    L = X.T.dot(Y) / temperature
    D = L - np.diag(L).reshape(-1, 1)                       # differences to the own item
    m = np.amax(D, 1)
    S = np.exp(D - m[:, np.newaxis])
    loss = np.sum(m + np.log(np.sum(S, 1))) / n
    W = S / np.sum(S, 1)[:, np.newaxis]
    dU = (W.dot(Y.T) - Y.T) / (n * temperature)
    dV = (W.T.dot(X.T) - X.T) / (n * temperature)
    return loss, dU, dV


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    if k < 1:
        raise ValueError("k")
    if np.size(user_vecs, 1) != np.size(item_vecs, 1):
        raise ValueError("sizes")
    if np.isnan(np.sum(user_vecs)) or np.isnan(np.sum(item_vecs)):
        raise ValueError("nan")
    chunks = np.split(user_vecs, np.arange(batch_size, len(user_vecs), batch_size))
    return np.vstack([np.array(np.argsort(-(c @ np.transpose(item_vecs)), axis=1, kind="stable")[:, 0:k]) for c in chunks])


def rank_within(groups):
    """For each entry how many equal ones come before it."""
    order = np.argsort(groups, kind="stable")
    g = groups[order]
    first = np.r_[True, g[1:] != g[:-1]]
    start = np.maximum.accumulate(np.where(first, np.arange(g.size), 0))
    rank = np.empty(g.size, dtype=int)
    rank[order] = np.arange(g.size) - start
    return rank


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        if not np.size(item_vecs, 0) == np.size(item_category) == np.size(popularity):
            raise ValueError("lengths")
        if np.isnan(item_vecs).any():
            raise ValueError("nan")
        self.E = np.array(item_vecs, dtype=np.double).T.copy()
        self.cat = np.array(item_category).ravel()
        self.pop = np.array(popularity, dtype=np.double).ravel()
        self.w = weights
        self.ttl = ttl
        self.where = {}

    def refresh(self, user_ids, user_vecs, candidates, now):
        u = np.size(user_ids)
        if np.shape(user_vecs) != (u, np.size(self.E, 0)) or np.size(candidates, 0) != u:
            raise ValueError("sizes")
        if np.isnan(user_vecs).any() or not np.all(np.isin(candidates, np.arange(np.size(self.E, 1)))):
            raise ValueError("values")
        table = (now, np.array(user_vecs, dtype=np.double), np.array(candidates))
        for row, key in enumerate(np.asarray(user_ids).tolist()):
            if key in self.where and self.where[key][0][0] > now:
                continue
            self.where[key] = (table, row)

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        if k < 1 or np.ndim(context) != 1 or np.size(context) != np.size(self.E, 0) or np.isnan(context).any():
            raise ValueError("bad request")
        ban = np.array(sorted(set(seen) | set(blocked)), dtype=int)
        table, row = self.where.get(int(user_id), ((-np.inf, None, None), 0))
        pool = np.zeros(0, dtype=int)
        if now - table[0] <= self.ttl:
            pool = table[2][row].astype(int)
            Q = np.column_stack([table[1][row], context])
            T = Q.T @ self.E[:, pool]
            s = self.w[0] * T[0] + self.w[1] * T[1] + self.w[2] * np.log(1 + self.pop[pool])
            by_index = np.argsort(pool)
            pool = pool[by_index][np.argsort(-s[by_index], kind="stable")]
        chosen = self._rules(pool, ban, max_per_category)
        if chosen.size < k:
            rest = np.argsort(-self.pop, kind="stable")
            line = np.concatenate([pool, rest[~np.isin(rest, pool)]])
            chosen = self._rules(line, ban, max_per_category)
        return chosen[:k].tolist()

    def _rules(self, line, ban, cap):
        line = line[~np.isin(line, ban)]
        if cap is not None and line.size:
            line = line[rank_within(self.cat[line]) < cap]
        return line

    def add_item(self, vec, category, popularity):
        if np.ndim(vec) != 1 or np.size(vec) != np.size(self.E, 0) or np.isnan(vec).any():
            raise ValueError("vec")
        self.E = np.c_[self.E, vec]
        self.cat = np.r_[self.cat, category]
        self.pop = np.r_[self.pop, popularity]
        return np.size(self.E, 1) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    load = np.array([daily_users, requests_per_user, peak_factor, 1 / 86400]).prod()
    return {"peak_qps": load, "in_flight": load * latency_ms / 1000, "index_bytes": np.array(n_items * dim * bytes_per_value)}
