"""float32 stays float32 throughout; rank by half of |c|² - x·c; lists are an array of arrays."""

import numpy as np


def _real(values):
    values = np.asarray(values)
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(float)
    if np.isnan(np.min(values)):
        raise ValueError("nan")
    return values


def lsh_codes(X, planes):
    X, planes = _real(X), _real(planes)
    scores = X @ planes.T
    code = np.zeros(scores.shape[0], dtype="int64")
    bit = np.ones((), dtype="int64")
    for column in scores.T:
        code = np.where(column > 0, code + bit, code)
        bit = bit * 2
    return code


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        X = _real(X)
        self.items = X / np.sqrt(np.sum(X**2, axis=-1, keepdims=True))
        rng = np.random.Generator(np.random.PCG64(seed))
        self.hashes = []
        for _ in range(n_tables):
            planes = rng.normal(size=(n_bits, X.shape[1])).astype(X.dtype)
            self.hashes.append((planes, self.place(lsh_codes(self.items, planes))))

    @staticmethod
    def place(codes):
        table = {}
        for i in np.argsort(codes, kind="stable"):
            table.setdefault(codes[i].item(), []).append(i)
        return table

    def candidates(self, q):
        q = _real(q).astype(self.items.dtype)
        hits = [table.get(lsh_codes(q[None], planes).item(), []) for planes, table in self.hashes]
        return np.unique(np.array([i for hit in hits for i in hit], dtype=int))

    def query(self, q, k):
        if not k >= 1:
            raise ValueError("k")
        ids = self.candidates(q)
        return ids[np.argsort(self.items[ids] @ -_real(q))][:k]


class IVFIndex:
    ROUNDS = 20

    def __init__(self, X, n_lists, seed):
        self.X = X = _real(X)
        if n_lists > len(X):
            raise ValueError("more lists than items")
        rng = np.random.default_rng(seed)
        self.centers = X[rng.choice(len(X), n_lists, replace=False)].copy()
        for _ in range(self.ROUNDS):
            lists = self.split()
            for j, ids in enumerate(lists):
                if len(ids):
                    self.centers[j] = np.add.reduce(X[ids], axis=0) / len(ids)
        lists = self.split()
        self.lists = np.empty(n_lists, dtype=object)
        for j, ids in enumerate(lists):
            self.lists[j] = ids

    def split(self):
        labels = np.concatenate([self.rank(block).argmin(1) for block in np.array_split(self.X, 1 + len(self.X) // 5000)])
        order = labels.argsort(kind="stable")
        return np.split(order, np.cumsum(np.bincount(labels, minlength=len(self.centers)))[:-1])

    def rank(self, rows):
        return np.square(self.centers).sum(1) / 2 - rows @ self.centers.T

    def search(self, q, k, n_probe):
        q = _real(q)
        if q.shape[-1] != self.X.shape[1]:
            raise ValueError("dimension")
        if k < 1 or n_probe not in range(1, len(self.lists) + 1):
            raise ValueError("k or n_probe")
        probed = np.argpartition(self.rank(q), n_probe - 1)[:n_probe]
        ids = np.concatenate(list(self.lists[probed]))
        apart = self.X[ids] - q
        distances = np.sqrt((apart * apart).sum(axis=1))
        k = min(k, len(ids))
        if k == 0:
            return [], []
        best = np.argpartition(distances, k - 1)[:k]
        best = best[np.argsort(distances[best])]
        return ids[best], distances[best]


def recall_at_k(found, true):
    found, true = np.asarray(found), np.asarray(true)
    rows = np.arange(len(true))[:, None] * (1 + max(found.max(), true.max()) + 1)
    return np.isin(true + rows, found + rows).sum() / true.size
