"""k above the number of items is refused

All items are an answer.
"""

caught_by = ("test_search_is_exact_on_any_items", "test_search_takes_few_items",)

import numpy as np


def _float(a):
    a = np.asarray(a)
    if a.dtype.kind != "f":
        a = a.astype(np.float64)
    if np.any(a != a):
        raise ValueError("nan in the input")
    return a


def _sq(A, B):
    out = (A * A).sum(axis=1)[:, None] - 2.0 * (A @ B.T) + (B * B).sum(axis=1)[None, :]
    return np.clip(out, 0.0, None)


def lsh_codes(X, planes):
    X, planes = _float(X), _float(planes)
    if X.shape[1] != planes.shape[1]:
        raise ValueError("X and planes differ in d")
    codes = np.zeros(X.shape[0], dtype=np.uint64)
    for j, plane in enumerate(planes):
        codes |= (X @ plane > 0).astype(np.uint64) << np.uint64(j)
    return codes


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        X = _float(X).astype(np.float64)
        self.unit = X / np.sqrt((X * X).sum(axis=1))[:, None]
        rng = np.random.default_rng(seed)
        planes = rng.normal(size=(n_tables * n_bits, X.shape[1]))
        self.planes = planes / np.linalg.norm(planes, axis=1)[:, None]
        self.shape = n_tables, n_bits
        self.codes = np.stack([lsh_codes(self.unit, p) for p in self._per_table()])

    def _per_table(self):
        return self.planes.reshape(*self.shape, -1)

    def candidates(self, q):
        q = _float(q)
        if q.shape != (self.unit.shape[1],):
            raise ValueError("q has another dimension")
        q = q.astype(np.float64)
        mine = np.array([lsh_codes(q[None] / np.linalg.norm(q), p)[0] for p in self._per_table()])
        return np.flatnonzero((self.codes == mine[:, None]).any(axis=0))

    def query(self, q, k):
        if k < 1:
            raise ValueError("k must be at least 1")
        ids = self.candidates(q)
        q = np.asarray(q, dtype=np.float64)
        return ids[np.argsort(-(self.unit[ids] @ (q / np.linalg.norm(q))), kind="stable")][:k]


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        X = _float(X)
        n = X.shape[0]
        if n_lists > n:
            raise ValueError("n_lists > n")
        rng = np.random.default_rng(seed)
        centers = X[[rng.integers(n)]]
        nearest = _sq(X, centers)[:, 0]
        while len(centers) < n_lists:
            total = nearest.sum(dtype=float)
            p = nearest.astype(float) / total if total > 0 else None
            new = X[[rng.choice(n, p=p)]]
            centers = np.concatenate([centers, new])
            nearest = np.minimum(nearest, _sq(X, new)[:, 0])
        for _ in range(15):
            labels = _sq(X, centers).argmin(axis=1)
            one_hot_sums = np.zeros(centers.shape)
            np.add.at(one_hot_sums, labels, X)
            counts = np.bincount(labels, minlength=n_lists)
            moved = np.where(counts[:, None] > 0, one_hot_sums / np.maximum(counts, 1)[:, None], centers)
            if np.array_equal(moved, centers):
                break
            centers = moved
        labels = _sq(X, centers).argmin(axis=1)
        self.order = np.argsort(labels, kind="stable")
        self.bounds = np.searchsorted(labels[self.order], np.arange(n_lists + 1))
        self.stored = X[self.order]
        self.squares = (self.stored**2).sum(axis=1)
        self.centers = centers

    @property
    def lists(self):
        return np.split(self.order, self.bounds[1:-1])

    def search(self, q, k, n_probe):
        q = _float(q)
        if q.shape[0] != self.stored.shape[1]:
            raise ValueError("q has another dimension")
        if k < 1 or k > len(self.stored) or not 0 < n_probe <= len(self.centers):
            raise ValueError("k, n_probe")
        probe = np.argsort(_sq(q[None], self.centers)[0])[:n_probe]
        rows = np.concatenate([np.arange(self.bounds[j], self.bounds[j + 1]) for j in probe])
        squared = self.squares[rows] - 2 * (self.stored[rows] @ q) + q @ q
        distances = np.sqrt(np.maximum(squared, 0))
        best = np.argsort(distances)[:k]
        return self.order[rows[best]], distances[best]


def recall_at_k(found, true):
    return (np.asarray(true)[:, :, None] == np.asarray(found)[:, None, :]).any(axis=2).mean()
