"""All differences at a time, but of a thousand points only; dataclass for the state."""

from dataclasses import dataclass

import numpy as np

BLOCK = 1000


@dataclass
class State:
    X: np.ndarray
    centers: np.ndarray
    labels: np.ndarray | None = None

    def nearest(self):
        least, labels = [np.zeros(0)], [np.zeros(0, dtype=int)]
        for start in range(0, len(self.X), BLOCK):
            differences = self.X[start : start + BLOCK, None] - self.centers
            squares = (differences**2).sum(axis=-1)
            labels.append(squares.argmin(axis=1))
            least.append(squares.min(axis=1))
        return np.concatenate(labels), np.concatenate(least)

    def move(self):
        hits = [self.labels == j for j in range(len(self.centers))]
        rows = [np.average(self.X[hit], axis=0) if np.any(hit) else old for hit, old in zip(hits, self.centers)]
        self.centers = np.vstack(rows)


def _state(X, centers):
    X, centers = np.asarray(X) * 1.0, np.asarray(centers) * 1.0
    if X.shape[1] != centers.shape[1] or np.isnan(X).any() or np.isnan(centers).any():
        raise ValueError("bad input")
    return State(X.astype(float), centers.astype(float))


def kmeans_plus_plus(X, k, seed):
    if k < 1 or k > len(X) or np.isnan(X).any():
        raise ValueError("bad input")
    rng = np.random.default_rng(seed)
    values = np.asarray(X).astype(float)
    indices = [rng.choice(len(X))]
    for _ in range(k - 1):
        _, weights = State(values, values[indices]).nearest()
        if weights.max() == 0:
            left = np.setdiff1d(np.arange(len(X)), indices)
            indices.append(rng.choice(left))
        else:
            indices.append(rng.choice(len(X), p=weights / np.sum(weights)))
    return np.asarray(X)[indices]


def assign(X, centers):
    return _state(X, centers).nearest()[0]


def update(X, labels, centers):
    state = _state(X, centers)
    state.labels = np.asarray(labels)
    state.move()
    return state.centers


def kmeans(X, centers, n_iter=100):
    state = _state(X, centers)
    if len(state.centers) > len(state.X):
        raise ValueError("bad input")
    state.labels, inertia = state.nearest()
    for _ in range(n_iter):
        state.move()
        labels, inertia = state.nearest()
        same = (labels == state.labels).all()
        state.labels = labels
        if same:
            break
    return tuple([state.centers, state.labels, inertia.sum()])
