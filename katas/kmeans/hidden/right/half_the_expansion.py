"""Leaves |x|² out of the distances, updates by sums of the points that changed sides."""

import numpy as np


def _clean(X):
    X = np.asarray(X, dtype=np.double)
    if not np.isfinite(X).all():
        raise ValueError("not finite")
    return X


def _matching(X, centers):
    X, centers = _clean(X), _clean(centers)
    if X.shape[1] != centers.shape[1]:
        raise ValueError("features")
    return X, centers


def kmeans_plus_plus(X, k, seed):
    X = _clean(X)
    if k <= 0 or len(X) < k:
        raise ValueError("k")
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    picked = [generator.integers(0, len(X) - 1, endpoint=True)]
    d2 = ((X - X[picked]) ** 2).sum(-1)
    for u in generator.random(k - 1):
        cdf = np.cumsum(d2)
        picked.append(min(int(np.sum(cdf <= u * cdf[-1])), len(X) - 1))
        d2 = np.minimum(d2, ((X - X[picked[-1]]) ** 2).sum(-1))
    return X[picked]


def assign(X, centers):
    X, centers = _matching(X, centers)
    return (0.5 * np.einsum("kd,kd->k", centers, centers) - X @ centers.T).argmin(-1)


def _sums(X, labels, k):
    sums = np.zeros((k, X.shape[1]))
    np.add.at(sums, labels, X)
    return sums, np.bincount(labels, minlength=k)


def _means(sums, counts, centers):
    return np.where(counts[:, None], sums / np.clip(counts, 1, None)[:, None], centers)


def update(X, labels, centers):
    X, centers = _matching(X, centers)
    return _means(*_sums(X, labels, len(centers)), centers)


def kmeans(X, centers, n_iter=100):
    X, centers = _matching(X, centers)
    k = len(centers)
    if k > len(X):
        raise ValueError("k")
    labels = assign(X, centers)
    sums, counts = _sums(X, labels, k)
    for _ in range(n_iter):
        centers = _means(sums, counts, centers)
        now = assign(X, centers)
        changed = now != labels
        if not changed.any():
            break
        gained, more = _sums(X[changed], now[changed], k)
        lost, fewer = _sums(X[changed], labels[changed], k)
        sums, counts, labels = sums + gained - lost, counts + more - fewer, now
    return centers, labels, ((X - centers[labels]) ** 2).sum()
