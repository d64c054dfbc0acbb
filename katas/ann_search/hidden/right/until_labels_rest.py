"""Lloyd goes on until the labels rest, centre by centre over differences; the slow way, but a legitimate one."""

from collections import defaultdict

import numpy as np


def checked(array, what):
    array = np.asarray(array, dtype=float)
    if np.isnan(array).any():
        raise ValueError(f"{what} holds nan")
    return array


def lsh_codes(X, planes):
    X, planes = checked(X, "X"), checked(planes, "planes")
    if X.shape[1] != planes.shape[1]:
        raise ValueError("dimensions")
    codes = []
    for x in X:
        code = 0
        for j, plane in enumerate(planes):
            if float(np.dot(x, plane)) > 0.0:
                code += 1 << j
        codes.append(code)
    return np.array(codes)


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        self._X = checked(X, "X").copy()
        self._planes = np.random.default_rng(seed).uniform(-1, 1, size=(n_tables, n_bits, self._X.shape[1]))
        self._buckets = defaultdict(list)
        for t in range(n_tables):
            for i, code in enumerate(lsh_codes(self._X, self._planes[t])):
                self._buckets[t, int(code)].append(i)

    def _vector(self, q):
        q = checked(q, "q")
        if len(q) != self._X.shape[1]:
            raise ValueError("dimension of q")
        return q

    def candidates(self, q):
        q = self._vector(q)
        seen = np.zeros(len(self._X), dtype=bool)
        for t, planes in enumerate(self._planes):
            key = t, int(lsh_codes(q[np.newaxis], planes)[0])
            if key in self._buckets:
                seen[self._buckets[key]] = True
        return np.nonzero(seen)[0]

    def query(self, q, k):
        if k < 1:
            raise ValueError("k < 1")
        q = self._vector(q)
        ranked = []
        for i in self.candidates(q):
            x = self._X[i]
            ranked.append((-np.dot(x, q) / np.linalg.norm(x) / np.linalg.norm(q), i))
        return [i for _, i in sorted(ranked)][:k]


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        X = checked(X, "X").copy()
        if n_lists > len(X):
            raise ValueError("n_lists > n")
        rng = np.random.default_rng(seed)
        centers = X[rng.permutation(len(X))[:n_lists]].copy()
        before = None
        for _ in range(100):
            least = np.full(len(X), np.inf)
            labels = np.zeros(len(X), dtype=int)
            for j, center in enumerate(centers):
                squares = np.sum((X - center) ** 2, axis=1)
                nearer = squares < least
                labels[nearer] = j
                least[nearer] = squares[nearer]
            if before is not None and (labels == before).all():
                break
            before = labels
            for j in range(n_lists):
                members = X[labels == j]
                if len(members):
                    centers[j] = np.mean(members, axis=0)
        else:
            labels = np.array([np.argmin(((centers - x) ** 2).sum(1)) for x in X])
        self._X = X
        self._centers = centers
        self.lists = tuple(np.where(labels == j)[0] for j in range(n_lists))

    def search(self, q, k, n_probe):
        q = checked(q, "q")
        if len(q) != self._X.shape[1]:
            raise ValueError("dimension of q")
        if k < 1 or n_probe < 1 or n_probe > len(self.lists):
            raise ValueError("k or n_probe")
        to_centers = np.sum((self._centers - q) ** 2, axis=1)
        ids, distances = [], []
        for j in np.argsort(to_centers)[:n_probe]:
            mine = self.lists[j]
            ids.extend(mine)
            distances.extend(np.sqrt(np.sum((self._X[mine] - q) ** 2, axis=1)))
        order = np.argsort(distances)[:k]
        return np.array(ids, dtype=int)[order], np.array(distances, dtype=float)[order]


def recall_at_k(found, true):
    shares = []
    for got, wanted in zip(found, true):
        shares.append(sum(1 for i in wanted if i in got) / len(wanted))
    return sum(shares) / len(shares)
