"""np.logaddexp as softplus everywhere, the sigmoid as exp(-softplus(-z))."""
import numpy as np


def softplus(t):
    return np.logaddexp(0, t)


def sigmoid(z):
    return np.exp(-softplus(-np.asarray(z, dtype=np.float64)))


def _validated(X, y):
    X = np.asarray(X, dtype=np.float64)
    y = np.asarray(y)
    if X.shape[0] != y.shape[0]:
        raise ValueError(f"{X.shape[0]} rows but {y.shape[0]} labels")
    if y.size == 0:
        raise ValueError("need at least one sample")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("y must only contain 0 and 1")
    if not np.isfinite(X).all():
        raise ValueError("X must be finite")
    return X, y.astype(np.float64)


def predict_proba(X, w, b):
    X = np.asarray(X, dtype=np.float64)
    if not np.isfinite(X).all():
        raise ValueError("X must be finite")
    return sigmoid(X.dot(w) + b)


def bce_loss(y, p):
    p = np.asarray(p, dtype=np.float64)
    _, y = _validated(np.zeros((len(p), 1)), y)
    floor = 1e-300
    return float(-np.mean(y * np.log(np.maximum(p, floor)) + (1 - y) * np.log(np.maximum(1 - p, floor))))


def loss(X, y, w, b, l2=0.0):
    X, y = _validated(X, y)
    z = X.dot(w) + b
    data = np.mean(y * softplus(-z) + (1 - y) * softplus(z))
    return float(data + l2 / 2 * np.dot(w, w))


def gradient(X, y, w, b, l2=0.0):
    X, y = _validated(X, y)
    r = sigmoid(X.dot(w) + b) - y
    return r.dot(X) / len(r) + l2 * np.asarray(w), float(r.mean())


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X, y = _validated(X, y)
    n, d = X.shape
    w = np.zeros(d)
    b = 0.0
    for step in range(n_iter):
        r = sigmoid(X.dot(w) + b) - y
        grad_w = r.dot(X) / n + l2 * w
        grad_b = r.sum() / n
        w -= lr * grad_w
        b -= lr * grad_b
    return w, float(b)
