"""the program was written anew.

It is right, but nobody can see any more what was wrong. Change the lines with the faults, and leave the others.
"""

caught_by = ("test_most_of_the_program_is_kept",)

import numpy as np


class _Data:
    def __init__(self, X=None, y=None, n=None):
        if X is not None:
            self.X = np.array(X, dtype=np.float64)
            if np.isnan(self.X).any() or np.isinf(self.X).any():
                raise ValueError("features must be finite")
            n = self.X.shape[0]
        if y is not None:
            self.y = np.array(y, dtype=np.float64)
            if n < 1 or self.y.shape != (n,):
                raise ValueError("one label a sample, and at least one sample")
            if not np.isin(self.y, (0.0, 1.0)).all():
                raise ValueError("only labels 0 and 1 are known")


def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(np.asarray(z, dtype=np.float64) / 2)


def predict_proba(X, w, b):
    return sigmoid(b + _Data(X).X.dot(w))


def bce_loss(y, p):
    labels = _Data(y=y, n=len(p)).y
    happened = np.where(labels > 0, p, 1 - np.array(p, dtype=np.float64))
    return float(-np.log(np.maximum(happened, 1e-13)).mean())


def loss(X, y, w, b, l2=0.0):
    data = _Data(X, y)
    margins = (2 * data.y - 1) * (data.X.dot(w) + b)
    return float(np.logaddexp(0, -margins).mean() + l2 * np.dot(w, w) / 2)


def gradient(X, y, w, b, l2=0.0):
    return _slopes(_Data(X, y), np.array(w, dtype=np.float64), b, l2)


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    data = _Data(X, y)
    point = np.zeros(data.X.shape[1]), 0.0
    for _ in range(n_iter):
        point = tuple(at - lr * slope for at, slope in zip(point, _slopes(data, *point, l2)))
    return point


def _slopes(data, w, b, l2):
    off = (sigmoid(data.X.dot(w) + b) - data.y) / data.y.size
    return off.dot(data.X) + l2 * w, off.sum()
