"""scipy.special: expit, log_expit and xlogy."""
import numpy as np
from scipy.special import expit, log_expit, xlogy


def _finite(X):
    if not np.all(np.isfinite(X)):
        raise ValueError("X contains nan or inf")


def _binary(y, n):
    if n == 0 or len(y) == 0:
        raise ValueError("empty input")
    if len(y) != n:
        raise ValueError("length mismatch")
    if np.setdiff1d(y, [0, 1]).size:
        raise ValueError("labels outside {0, 1}")


def sigmoid(z):
    return expit(z)


def predict_proba(X, w, b):
    _finite(X)
    return expit(X @ w + b)


def bce_loss(y, p):
    _binary(y, len(p))
    y = y.astype(np.float64)
    p = p.astype(np.float64)
    tiny = np.finfo(np.float64).tiny
    return -(xlogy(y, p + tiny) + xlogy(1 - y, 1 - p + tiny)).mean()


def loss(X, y, w, b, l2=0.0):
    _binary(y, len(X))
    _finite(X)
    z = X @ w + b
    ll = np.where(y == 1, log_expit(z), log_expit(-z))
    return -ll.mean(dtype=np.float64) + l2 / 2 * (w @ w)


def gradient(X, y, w, b, l2=0.0):
    _binary(y, len(X))
    _finite(X)
    delta = expit(X @ w + b) - y.astype(np.float64)
    return X.T @ delta / len(X) + l2 * w, delta.mean()


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    _binary(y, len(X))
    _finite(X)
    X = np.ascontiguousarray(X, dtype=np.float64)
    t = y.astype(np.float64)
    w = np.zeros(X.shape[1])
    b = 0.0
    for _ in range(n_iter):
        delta = expit(X @ w + b) - t
        w, b = w - lr * (X.T @ delta / len(X) + l2 * w), b - lr * delta.mean()
    return w, b
