"""every search makes the lists anew

What every search needs is to be prepared once, when the index is made.
"""

caught_by = ("test_search_is_faster_than_looking_at_everything",)

import numpy as np


def num(a):
    if np.isnan(np.sum(a)):
        raise ValueError("nan")
    return np.array(a, float)


def lsh_codes(X, planes):
    return (num(X) @ num(planes).T > 0).dot(2 ** np.arange(len(planes)))


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        self.X = num(X)
        self.P = np.random.default_rng(seed).normal(0, 1, (n_tables, n_bits, self.X.shape[1]))
        self.C = [lsh_codes(self.X, P) for P in self.P]

    def candidates(self, q):
        return np.flatnonzero(sum(C == lsh_codes(np.reshape(q, (1, -1)), P) for C, P in zip(self.C, self.P)))

    def query(self, q, k):
        if k < 1:
            raise ValueError(k)
        return sorted(self.candidates(q), key=lambda i: -self.X[i] @ num(q) / np.linalg.norm(self.X[i]))[:k]


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        self.X = X = num(X)
        self.C = C = X[np.random.default_rng(seed).choice(len(X), n_lists, False)]
        for step in range(9):
            labels = np.argmin((C**2).sum(1) - 2 * X @ C.T, 1)
            self.lists = [np.flatnonzero(labels == j) for j in range(n_lists)]
            for j, ids in enumerate(self.lists):
                if len(ids) and step < 8:
                    C[j] = X[ids].mean(0)

    def search(self, q, k, n_probe):
        if k < 1 or n_probe < 1 or n_probe > len(self.lists) or len(q) != self.X.shape[1]:
            raise ValueError("no")
        labels = np.argmin((self.C**2).sum(1) - 2 * self.X @ self.C.T, 1)
        self.lists = [np.flatnonzero(labels == j) for j in range(len(self.C))]
        nearest = np.argsort(np.linalg.norm(self.C - num(q), axis=1))[:n_probe]
        ids = np.concatenate([self.lists[j] for j in nearest])
        d = np.linalg.norm(self.X[ids] - num(q), axis=1)
        return ids[d.argsort()][:k], np.sort(d)[:k]


def recall_at_k(found, true):
    return np.mean([i in row for row, ids in zip(np.asarray(found).tolist(), true) for i in ids])
