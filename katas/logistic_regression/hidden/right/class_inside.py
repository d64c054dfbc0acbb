"""A class holds the model; the module-level functions are thin wrappers."""
from dataclasses import dataclass, field

import numpy as np


@dataclass
class _LogReg:
    w: np.ndarray
    b: float = 0.0
    l2: float = 0.0
    history: list = field(default_factory=list)

    def logits(self, X):
        return X @ self.w + self.b

    def proba(self, X):
        return _stable_sigmoid(self.logits(X))

    def objective(self, X, y):
        z = self.logits(X)
        return np.mean(np.logaddexp(0, z) - np.where(y, z, 0)) + 0.5 * self.l2 * float(self.w @ self.w)

    def grads(self, X, y):
        residual = self.proba(X) - y
        return (X.T @ residual) / X.shape[0] + self.l2 * self.w, residual.mean()

    def step(self, X, y, lr):
        dw, db = self.grads(X, y)
        self.w = self.w - lr * dw
        self.b = self.b - lr * db


class _Data:
    """Checked samples."""

    def __init__(self, X, y):
        self.X = self.features(X)
        self.y = self.labels(y)
        if self.X.shape[0] != self.y.shape[0]:
            raise ValueError("X and y have different lengths")

    @staticmethod
    def features(X):
        X = np.array(X, dtype=np.float64)
        if np.isnan(X).any() or np.isinf(X).any():
            raise ValueError("X contains nan or inf")
        return X

    @staticmethod
    def labels(y):
        y = np.array(y)
        if y.size == 0:
            raise ValueError("no samples")
        if np.any((y != 0) & (y != 1)):
            raise ValueError("labels have to be 0 or 1")
        return y.astype(np.int64)


def _stable_sigmoid(z):
    z = np.asarray(z, dtype=np.float64)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid(z):
    return _stable_sigmoid(z)


def predict_proba(X, w, b):
    return _LogReg(np.array(w), b).proba(_Data.features(X))


def bce_loss(y, p):
    y = _Data.labels(y)
    p = np.array(p, dtype=np.float64)
    if len(p) != len(y):
        raise ValueError("y and p have different lengths")
    chosen = np.where(y == 1, p, 1 - p)
    return float(np.mean(-np.log(np.clip(chosen, 1e-10, None))))


def loss(X, y, w, b, l2=0.0):
    data = _Data(X, y)
    return _LogReg(np.array(w), b, l2).objective(data.X, data.y)


def gradient(X, y, w, b, l2=0.0):
    data = _Data(X, y)
    return _LogReg(np.array(w), b, l2).grads(data.X, data.y)


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    data = _Data(X, y)
    model = _LogReg(np.zeros(data.X.shape[1]), 0.0, l2)
    for _ in range(n_iter):
        model.step(data.X, data.y, lr)
    return model.w, model.b
