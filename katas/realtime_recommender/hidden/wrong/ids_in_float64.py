"""refresh keeps ids of users as float64

In one array with embeddings an id becomes float64, and above 2**53 that has no room for every whole number: some users
get what belongs to others.
"""

caught_by = ("test_recommender_keeps_all_digits",)

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    U, V = np.asarray(U, dtype=np.float64), np.asarray(V, dtype=np.float64)
    if U.shape != V.shape or U.ndim != 2:
        raise ValueError("U and V must have the same shape")
    if not temperature > 0:
        raise ValueError("temperature must be positive")
    if np.isnan(U).any() or np.isnan(V).any():
        raise ValueError("nan")
    B = len(U)
    logits = U @ V.T / temperature
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.trace(logp) / B
    G = (np.exp(logp) - np.eye(B)) / (B * temperature)
    return loss, G @ V, G.T @ U


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    user_vecs, item_vecs = np.asarray(user_vecs), np.asarray(item_vecs)
    if k < 1:
        raise ValueError("k < 1")
    if user_vecs.shape[1] != item_vecs.shape[1]:
        raise ValueError("lengths differ")
    if np.isnan(user_vecs).any() or np.isnan(item_vecs).any():
        raise ValueError("nan")
    out = np.empty((len(user_vecs), k), dtype=np.int64)
    for start in range(0, len(user_vecs), batch_size):
        scores = user_vecs[start : start + batch_size] @ item_vecs.T
        out[start : start + batch_size] = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return out


class Recommender:
    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        self.vecs = np.array(item_vecs, dtype=np.float64)
        self.cats = np.array(item_category, dtype=np.int64)
        self.pop = np.array(popularity, dtype=np.float64)
        if not len(self.vecs) == len(self.cats) == len(self.pop):
            raise ValueError("lengths differ")
        if np.isnan(self.vecs).any():
            raise ValueError("nan")
        self.weights, self.ttl = tuple(weights), ttl
        self.entries = {}

    def refresh(self, user_ids, user_vecs, candidates, now):
        user_ids = np.asarray(user_ids)
        vecs = np.array(user_vecs, dtype=np.float64)
        cands = np.array(candidates, dtype=np.int64)
        if vecs.ndim != 2 or vecs.shape[1] != self.vecs.shape[1] or cands.ndim != 2:
            raise ValueError("shape")
        if not len(user_ids) == len(vecs) == len(cands):
            raise ValueError("numbers differ")
        if np.isnan(vecs).any():
            raise ValueError("nan")
        if ((cands < 0) | (cands >= len(self.vecs))).any():
            raise ValueError("candidate out of range")
        table = np.column_stack([user_ids, vecs])
        for row, cand in zip(table, cands):
            uid, vec = row[0], row[1:]
            if uid in self.entries and self.entries[uid][2] > now:
                continue
            self.entries[uid] = (vec, cand, now)

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        context = np.asarray(context, dtype=np.float64)
        if k < 1:
            raise ValueError("k < 1")
        if context.shape != (self.vecs.shape[1],) or np.isnan(context).any():
            raise ValueError("context")
        banned = set(seen) | set(blocked)
        counts, out = {}, []

        def take(order):
            for i in order:
                if len(out) == k:
                    return
                i = int(i)
                c = int(self.cats[i])
                if i in banned or (max_per_category is not None and counts.get(c, 0) >= max_per_category):
                    continue
                banned.add(i)
                counts[c] = counts.get(c, 0) + 1
                out.append(i)

        entry = self.entries.get(float(user_id))
        if entry is not None and now - entry[2] <= self.ttl:
            vec, cand, _ = entry
            w0, w1, w2 = self.weights
            V = self.vecs[cand]
            score = w0 * (V @ vec) + w1 * (V @ context) + w2 * np.log1p(self.pop[cand])
            take(cand[np.lexsort((cand, -score))])
        if len(out) < k:
            take(np.argsort(-self.pop, kind="stable"))
        return out

    def add_item(self, vec, category, popularity):
        vec = np.asarray(vec, dtype=np.float64)
        if vec.shape != (self.vecs.shape[1],) or np.isnan(vec).any():
            raise ValueError("vec")
        self.vecs = np.vstack([self.vecs, vec])
        self.cats = np.append(self.cats, category)
        self.pop = np.append(self.pop, popularity)
        return len(self.vecs) - 1


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    qps = daily_users * requests_per_user / 86_400 * peak_factor
    return {"peak_qps": qps, "in_flight": qps * latency_ms / 1000, "index_bytes": n_items * dim * bytes_per_value}
