"""k below 1 is let through where there are no candidates

Nothing is returned before k is looked at. An error of the caller is one whatever the buckets hold.
"""

caught_by = ("test_query_refuses_bad_input",)

import numpy as np

ROUNDS = 10


def lsh_codes(X, planes):
    bits = _numbers(X) @ _numbers(planes).T > 0  # numbers of features that differ are refused here
    return bits @ (1 << np.arange(len(planes), dtype=np.int64))


class LSHIndex:
    def __init__(self, X, n_tables, n_bits, seed):
        every_plane = np.random.default_rng(seed).normal(size=(n_tables, n_bits, X.shape[1]))
        self._tables = [(planes, _buckets(lsh_codes(X, planes))) for planes in every_plane]
        self._units = X / np.linalg.norm(X, axis=1, keepdims=True)

    def query(self, q, k):
        ids = self.candidates(q)
        if not ids:
            return []
        _require_positive(k)
        cosines = self._units[ids] @ q  # times |q|, which is the same for all
        return [ids[place] for place in np.argsort(-cosines)[:k]]

    def candidates(self, q):
        found = set()
        for planes, buckets in self._tables:
            found.update(buckets.get(lsh_codes([q], planes)[0], ()))
        return sorted(found)


class IVFIndex:
    def __init__(self, X, n_lists, seed):
        X = _numbers(X)
        centers = np.random.default_rng(seed).choice(X, n_lists, replace=False)  # refuses more lists than rows
        for _ in range(ROUNDS):
            labels = _distances_to(centers, X).argmin(axis=1)
            for j in np.unique(labels):  # a centre without items stays where it is
                centers[j] = X[labels == j].mean(axis=0)
        self._X, self._centers = X, centers
        labels = _distances_to(centers, X).argmin(axis=1)  # of the centres that searches will ask
        self.lists = [np.flatnonzero(labels == j) for j in range(n_lists)]

    def search(self, q, k, n_probe):
        _require_positive(k)
        if not 1 <= n_probe <= len(self.lists):
            raise ValueError(f"there are {len(self.lists)} lists, so {n_probe} of them cannot be probed")
        q = _numbers(q)
        probed = _distances_to(self._centers, q[None]).argsort()[0, :n_probe]
        ids = np.concatenate([self.lists[j] for j in probed])
        places, distances = exact_search(self._X[ids], q, k)
        return ids[places], distances


def exact_search(X, q, k):
    """All distances, and the k smallest: what an index must beat, so only these are put in order."""
    squares = ((X - q) ** 2).sum(axis=1)
    nearest = np.arange(len(X)) if k >= len(X) else squares.argpartition(k)[:k]
    nearest = nearest[squares[nearest].argsort()]
    return nearest, np.sqrt(squares[nearest])


def recall_at_k(found, true):
    return (true[:, :, None] == found[:, None, :]).any(axis=2).mean()  # a table of k times k for each query


def _distances_to(centers, X):
    """|x - c|² without |x|², which is the same for all centres: a matrix product. It refuses features that differ."""
    return np.square(centers).sum(axis=1) - 2 * X @ centers.T


def _buckets(codes):
    buckets = {}
    for i, code in enumerate(codes):
        buckets.setdefault(code, []).append(i)
    return buckets


def _numbers(array):
    array = np.asarray(array, dtype=float)  # in uint8, differences would wrap
    if np.isnan(array).any():
        raise ValueError("nan is no place")
    return array


def _require_positive(k):
    if k < 1:
        raise ValueError(f"{k} items cannot be searched for")
