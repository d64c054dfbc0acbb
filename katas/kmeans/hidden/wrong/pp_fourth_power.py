"""kmeans_plus_plus squares twice

The distances are squared already, and squared once more before the draw. Far rows come too often.
"""

caught_by = ("test_kmeans_plus_plus_draws_by_squared_distance",)

import numpy as np


class Points:
    """Data that have been looked at."""

    def __init__(self, X):
        self.X = np.asarray(X).astype("float64")
        if not (self.X == self.X).all():
            raise ValueError("nan in the data")

    def __len__(self):
        return self.X.shape[0]

    @property
    def width(self):
        return self.X.shape[1]

    def squared_distance_to(self, point):
        difference = self.X - point
        return np.einsum("ij,ij->i", difference, difference)


def _both(X, centers):
    data, means = Points(X), Points(centers)
    if data.width != means.width:
        raise ValueError("widths differ")
    return data, means


def kmeans_plus_plus(X, k, seed):
    data = Points(X)
    n = len(data)
    if k <= 0 or k > n:
        raise ValueError("cannot draw that many rows")
    rng = np.random.default_rng(seed)
    order = [int(rng.integers(n))]
    d2 = data.squared_distance_to(data.X[order[0]])
    for _ in range(k - 1):
        total = np.cumsum(d2**2)
        if total[-1] > 0:
            i = int(np.searchsorted(total, rng.random() * total[-1], side="right"))
        else:
            i = int(rng.integers(n))
        order.append(i)
        d2 = np.minimum(d2, data.squared_distance_to(data.X[i]))
    return data.X[order]


def assign(X, centers):
    data, means = _both(X, centers)
    best = np.full(len(data), np.inf)
    labels = np.zeros(len(data), dtype=int)
    for j, mean in enumerate(means.X):
        distance = data.squared_distance_to(mean)
        closer = distance < best
        labels[closer] = j
        best[closer] = distance[closer]
    return labels


def update(X, labels, centers):
    data, means = _both(X, centers)
    labels = np.asarray(labels).astype(np.int64)
    k = len(means)
    counts = np.bincount(labels, minlength=k)
    columns = [np.bincount(labels, weights=column, minlength=k) for column in data.X.T]
    sums = np.stack(columns, axis=1)
    return np.where(counts[:, None] == 0, means.X, sums / np.where(counts == 0, 1, counts)[:, None])


def kmeans(X, centers, n_iter=100):
    data, means = _both(X, centers)
    if len(means) > len(data):
        raise ValueError("fewer points than centers")
    current = means.X
    labels = assign(data.X, current)
    for _ in range(n_iter):
        before = labels
        current = update(data.X, before, current)
        labels = assign(data.X, current)
        if not np.any(labels != before):
            break
    inertia = sum(data.squared_distance_to(current[j])[labels == j].sum() for j in range(len(current)))
    return current, labels, inertia
