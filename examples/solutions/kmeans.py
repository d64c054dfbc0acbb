"""k-means: seeding, and Lloyd's iterations."""

import numpy as np


def squared_distances(X, centers):
    """Return the table (n, k); a loop over the centres, since a table of differences would be d times as large."""
    X, centers = np.asarray(X, dtype=float), np.asarray(centers, dtype=float)
    if X.shape[1] != centers.shape[1]:
        raise ValueError(f"points have {X.shape[1]} features, and centres {centers.shape[1]}")
    if np.isnan(X).any() or np.isnan(centers).any():
        raise ValueError("there are nans among the points or the centres")
    return np.stack([np.square(X - center).sum(axis=1) for center in centers], axis=1)


def kmeans_plus_plus(X, k, seed):
    rng = np.random.default_rng(seed)
    if not 1 <= k <= len(X):
        raise ValueError(f"{k} centres cannot be drawn from {len(X)} points")
    drawn = [rng.integers(len(X))]
    nearest = squared_distances(X, X[drawn])[:, 0]
    while len(drawn) < k:
        # Where every point lies on a centre, no distance tells which to draw.
        chance = nearest / nearest.sum() if nearest.any() else None
        drawn.append(rng.choice(len(X), p=chance))
        nearest = np.minimum(nearest, squared_distances(X, X[drawn[-1:]])[:, 0])
    return X[drawn]


def assign(X, centers):
    return squared_distances(X, centers).argmin(axis=1)


def update(X, labels, centers):
    moved = np.array(centers, dtype=float)
    squared_distances(X, centers)  # refuses what does not fit
    for label in np.unique(labels):
        moved[label] = X[labels == label].mean(axis=0, dtype=float)
    return moved


def kmeans(X, centers, n_iter=100):
    if len(centers) > len(X):
        raise ValueError(f"there are {len(centers)} centres for {len(X)} points")
    labels = assign(X, centers)
    for _ in range(n_iter):
        centers = update(X, labels, centers)
        before, labels = labels, assign(X, centers)
        if np.array_equal(labels, before):
            break
    inertia = squared_distances(X, centers).min(axis=1).sum()
    return centers, labels, inertia
