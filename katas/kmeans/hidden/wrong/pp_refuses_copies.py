"""kmeans_plus_plus refuses X with fewer different rows than k

Only k < 1 and k > n are bad input. Copies are points, too.
"""

caught_by = ("test_kmeans_plus_plus_fills_up_with_copies",)
group = "kmeans_plus_plus fails where X has fewer different rows than k"

import numpy as np


def _as_floats(array):
    array = np.array(array, dtype=np.float64)
    if np.any(np.isnan(array)):
        raise ValueError("nan")
    return array


def _same_width(X, centers):
    if X.shape[1] != centers.shape[1]:
        raise ValueError(f"{X.shape[1]} features, but centers of {centers.shape[1]}")


def _sq_dists(X, C):
    """|x|^2 - 2xc + |c|^2, (n, k)."""
    d2 = (X * X).sum(1)[:, None] - 2 * (X @ C.T) + (C * C).sum(1)[None, :]
    return np.maximum(d2, 0)


def kmeans_plus_plus(X, k, seed):
    values = _as_floats(X)
    if not 0 < k <= len(np.unique(values, axis=0)):
        raise ValueError("k out of range")
    rs = np.random.default_rng(seed)
    chosen = [rs.integers(len(values))]
    closest = np.square(values - values[chosen[0]]).sum(1)
    while len(chosen) < k:
        if closest.max() > 0:
            pick = rs.choice(len(values), p=closest / closest.sum())
        else:
            pick = rs.integers(len(values))
        chosen.append(pick)
        closest = np.minimum(closest, np.square(values - values[pick]).sum(1))
    return values[chosen]


def assign(X, centers):
    X, C = _as_floats(X), _as_floats(centers)
    _same_width(X, C)
    return _sq_dists(X, C).argmin(axis=1)


def update(X, labels, centers):
    X, C = _as_floats(X), _as_floats(centers)
    _same_width(X, C)
    onehot = np.asarray(labels)[:, None] == np.arange(len(C))
    counts = onehot.sum(axis=0)
    sums = onehot.T.astype(float) @ X
    filled = counts > 0
    C[filled] = sums[filled] / counts[filled, None]
    return C


def kmeans(X, centers, n_iter=100):
    X, C = _as_floats(X), _as_floats(centers)
    _same_width(X, C)
    if len(C) > len(X):
        raise ValueError("too many centers")
    previous = None
    labels = assign(X, C)
    steps = 0
    while steps < n_iter and (previous is None or (labels != previous).any()):
        previous = labels
        C = update(X, labels, C)
        labels = assign(X, C)
        steps += 1
    return C, labels, float(((X - C[labels]) ** 2).sum())
