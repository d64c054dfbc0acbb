"""search looks into all lists, whatever n_probe is

It is exact, and as slow as without an index.
"""

caught_by = ("test_search_probes_so_many_lists",)
group = "more lists are searched than n_probe"

import heapq
import math

import numpy as np


def clean(array, width=None):
    array = np.array(array, dtype=np.float64)
    if np.isnan(array.sum()):
        raise ValueError("nan")
    if width is not None and array.shape[-1] != width:
        raise ValueError(f"{array.shape[-1]} features, expected {width}")
    return array


def bits_of(X, planes):
    return [tuple(row) for row in (np.dot(X, planes.T) > 0).tolist()]


def lsh_codes(X, planes):
    planes = clean(planes)
    X = clean(X, planes.shape[1])
    return [sum(2**j for j, bit in enumerate(bits) if bit) for bits in bits_of(X, planes)]


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        self.X = clean(X)
        self.d = self.X.shape[1]
        rng = np.random.default_rng(seed)
        self.tables = []
        for _ in range(n_tables):
            planes = rng.standard_normal((n_bits, self.d))
            buckets = {}
            for i, bits in enumerate(bits_of(self.X, planes)):
                buckets.setdefault(bits, []).append(i)
            self.tables.append((planes, buckets))

    def query(self, q, k):
        if k <= 0:
            raise ValueError("k")
        found = self.candidates(q)
        q = clean(q)
        length = math.sqrt(q @ q)

        def cosine(i):
            row = self.X[i]
            return float(row @ q) / (math.sqrt(row @ row) * length)

        return heapq.nlargest(k, found, key=cosine)

    def candidates(self, q):
        q = clean(q, self.d)
        found = []
        for planes, buckets in self.tables:
            found += buckets.get(bits_of(q[None, :], planes)[0], [])
        return sorted(set(found))


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        X = clean(X)
        n = len(X)
        if n < n_lists:
            raise ValueError("more lists than items")
        order = np.random.RandomState(seed).permutation(n)
        centers = X[order[:n_lists]]
        for _ in range(6):
            labels = self.labels(X, centers)
            for j in range(n_lists):
                mine = labels == j
                if mine.any():
                    centers[j] = X[mine].mean(0)
        self.X, self.centers = X, centers
        self.lists = [[] for _ in range(n_lists)]
        for i, j in enumerate(self.labels(X, centers).tolist()):
            self.lists[j].append(i)

    @staticmethod
    def labels(X, centers):
        squares = np.einsum("ij,ij->i", centers, centers)
        return np.argmin(squares - 2 * X.dot(centers.T), axis=1)

    def search(self, q, k, n_probe):
        if k < 1 or n_probe < 1 or n_probe > len(self.lists):
            raise ValueError("k or n_probe")
        q = clean(q, self.X.shape[1])
        squares = ((self.centers - q) ** 2).sum(axis=1).tolist()
        nearest = sorted(range(len(squares)), key=squares.__getitem__)
        ids = [i for j in nearest for i in self.lists[j]]
        distances = np.sqrt(((self.X[ids] - q) ** 2).sum(axis=1)).tolist() if ids else []
        best = sorted(zip(distances, ids))[:k]
        return [i for _, i in best], [distance for distance, _ in best]


def recall_at_k(found, true):
    found, true = np.asarray(found).tolist(), np.asarray(true).tolist()
    hits = sum(len(set(a).intersection(b)) for a, b in zip(found, true))
    return hits / sum(map(len, true))
