"""A k-d tree of the centres assigns, and each list has a tree of its own; planes are orthogonal to each other."""

import numpy as np
from scipy.spatial import KDTree


def prepared(values):
    values = np.asarray(values, dtype=float)
    if np.isnan(values).any():
        raise ValueError("nan")
    return values


def lsh_codes(X, planes):
    X, planes = prepared(X), prepared(planes)
    if X.shape[1] != planes.shape[1]:
        raise ValueError("different dimensions")
    positive = np.einsum("nd,bd->nb", X, planes) > 0
    words = np.zeros((len(X), 64), dtype=bool)
    words[:, : len(planes)] = positive
    return np.packbits(words, axis=1, bitorder="little").view("<u8")[:, 0]


def directions(rng, n_bits, d):
    """At most d at a time can be orthogonal; the signs make them lie in all directions."""
    blocks = []
    for _ in range(-(-n_bits // d)):
        q, r = np.linalg.qr(rng.normal(size=(d, d)))
        blocks.append((q * np.sign(np.diag(r))).T)
    return np.concatenate(blocks)[:n_bits]


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        X = prepared(X)
        rng = np.random.default_rng([seed, 17])
        self.units = X / np.linalg.norm(X, axis=1)[:, None]
        self.tables = [self._table(directions(rng, n_bits, X.shape[1])) for _ in range(n_tables)]

    def _table(self, planes):
        codes = lsh_codes(self.units, planes)
        values, inverse = np.unique(codes, return_inverse=True)
        members = [np.flatnonzero(inverse == v) for v in range(len(values))]
        return planes, dict(zip(values.tolist(), members))

    def candidates(self, q):
        q = prepared(q)
        if q.size != self.units.shape[1]:
            raise ValueError("different dimensions")
        found = set()
        for planes, buckets in self.tables:
            found |= set(buckets.get(int(lsh_codes(q[None], planes)[0]), ()))
        return sorted(int(i) for i in found)

    def query(self, q, k):
        ids = self.candidates(q)
        if k < 1:
            raise ValueError("k")
        if not ids:
            return np.array([], dtype=int)
        q = prepared(q)
        tree = KDTree(self.units[ids])  # on the unit sphere, near is what has a high cosine
        _, places = tree.query(q / np.linalg.norm(q), k=list(range(1, min(k, len(ids)) + 1)))
        return np.array(ids)[places]


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        X = prepared(X)
        if n_lists > len(X):
            raise ValueError("too many lists")
        centers = np.array(np.random.default_rng(seed).permutation(X)[:n_lists])
        for _ in range(5):
            labels = KDTree(centers).query(X)[1]
            for j in set(labels.tolist()):
                centers[j] = X[labels == j].mean(axis=0)
        self.centers = KDTree(centers)
        labels = self.centers.query(X)[1]
        self.lists = [np.flatnonzero(labels == j) for j in range(n_lists)]
        self.trees = [KDTree(X[ids]) if len(ids) else None for ids in self.lists]
        self.d = X.shape[1]

    def search(self, q, k, n_probe):
        q = prepared(q)
        if q.shape != (self.d,) or k < 1 or n_probe < 1 or n_probe > len(self.lists):
            raise ValueError("bad query")
        pairs = []
        for j in np.atleast_1d(self.centers.query(q, k=n_probe)[1]):
            if self.trees[j] is not None:
                count = min(k, len(self.lists[j]))
                distances, places = self.trees[j].query(q, k=list(range(1, count + 1)))
                pairs += zip(distances.tolist(), self.lists[j][places].tolist())
        pairs.sort()
        return [i for _, i in pairs[:k]], [distance for distance, _ in pairs[:k]]


def recall_at_k(found, true):
    found, true = np.sort(found, axis=1), np.asarray(true)
    hits = 0
    for got, wanted in zip(found, true):
        places = np.clip(np.searchsorted(got, wanted), 0, len(got) - 1)
        hits += np.count_nonzero(got[places] == wanted)
    return hits / true.size
