"""the planes are made from rows of X

In another order of the rows the same seed gives other planes. Draw them from the seed alone.
"""

caught_by = ("test_candidates_depend_on_pairs_alone",)

import numpy as np
from scipy.spatial.distance import cdist


def _matrix(X):
    X = np.ascontiguousarray(X, dtype="d")
    if not (X == X).all():
        raise ValueError("nan")
    return X


def lsh_codes(X, planes):
    X, planes = _matrix(X), _matrix(planes)
    if X.shape[-1] != planes.shape[-1]:
        raise ValueError("d")
    codes = np.zeros(len(X), dtype=np.int64)
    for plane in planes[::-1]:  # Horner: the first plane comes last, and is worth 1
        codes = 2 * codes + (np.inner(X, plane) > 0)
    return codes


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        self.X = _matrix(X)
        self.tables = []
        for child in np.random.SeedSequence(seed).spawn(n_tables):
            rows = np.random.default_rng(child).integers(len(self.X), size=(2, n_bits))
            planes = self.X[rows[0]] - self.X[rows[1]] + 1e-9
            codes = lsh_codes(self.X, planes)
            order = np.argsort(codes, kind="stable")
            self.tables.append((planes, codes[order], order))

    def candidates(self, q):
        q = _matrix(q)
        found = [np.zeros(0, dtype=int)]
        for planes, codes, order in self.tables:
            code = lsh_codes(q[None], planes)[0]
            low, high = np.searchsorted(codes, [code, code + 1])
            found.append(order[low:high])
        return np.unique(np.concatenate(found))

    def query(self, q, k):
        if k < 1:
            raise ValueError("k")
        ids = self.candidates(q)
        if len(ids) == 0:
            return []
        apart = cdist(_matrix(q)[None], self.X[ids], "cosine")[0]
        return ids[np.lexsort((ids, apart))[:k]]


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        X = _matrix(X)
        if len(X) < n_lists:
            raise ValueError("n_lists")
        chosen = [int(np.random.default_rng(seed).integers(len(X)))]
        least = cdist(X, X[chosen], "sqeuclidean")[:, 0]
        for _ in range(n_lists - 1):
            chosen.append(int(np.argmax(least)))
            np.minimum(least, cdist(X, X[chosen[-1:]], "sqeuclidean")[:, 0], out=least)
        centers = X[chosen]
        for _ in range(12):
            labels = self._labels(X, centers)
            counts = np.bincount(labels, minlength=n_lists)
            sums = np.column_stack([np.bincount(labels, column, minlength=n_lists) for column in X.T])
            filled = counts > 0
            centers[filled] = sums[filled] / counts[filled][:, None]
        labels = self._labels(X, centers)
        self.X, self.centers = X, centers
        self.lists = [np.nonzero(labels == j)[0].astype(np.int32) for j in range(n_lists)]

    def _labels(self, X, centers):
        blocks = [cdist(X[i : i + 4096], centers).argmin(axis=1) for i in range(0, len(X), 4096)]
        return np.concatenate(blocks)

    def search(self, q, k, n_probe):
        q = _matrix(q)
        if k < 1 or not 1 <= n_probe <= len(self.lists):
            raise ValueError("k, n_probe")
        if q.shape[0] != self.X.shape[1]:
            raise ValueError("d")
        order = np.argsort(cdist(q[None], self.centers)[0])
        ids = np.hstack([self.lists[j] for j in order[:n_probe]])
        apart = cdist(q[None], self.X[ids])[0]
        if len(ids) > k:
            best = np.argpartition(apart, k - 1)[:k]
            ids, apart = ids[best], apart[best]
        order = np.argsort(apart)
        return [ids[order], apart[order]]


def recall_at_k(found, true):
    found, true = np.asarray(found), np.asarray(true)
    hits = 0
    for row in range(true.shape[0]):
        hits += np.intersect1d(found[row], true[row]).size
    return np.float64(hits) / true.size
