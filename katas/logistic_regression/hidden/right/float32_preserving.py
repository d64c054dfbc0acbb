"""Float32 in, float32 out: nothing is promoted when all arrays are float32."""
import numpy as np


def _as_float(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def _need(X, y):
    X = _as_float(X)
    y = np.asarray(y)
    if len(X) == 0 or len(y) == 0:
        raise ValueError("no samples")
    if len(X) != len(y):
        raise ValueError("different lengths")
    if not np.isin(y, [0, 1]).all():
        raise ValueError("labels must be 0/1")
    if not np.isfinite(X).all():
        raise ValueError("nan or inf in X")
    return X, y.astype(X.dtype)


def sigmoid(z):
    z = _as_float(z)
    one = z.dtype.type(1)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, one, e) / (one + e)


def predict_proba(X, w, b):
    X = _as_float(X)
    if not np.isfinite(X).all():
        raise ValueError("nan or inf in X")
    return sigmoid(X @ w + b)


def bce_loss(y, p):
    p = _as_float(p)
    y = np.asarray(y)
    if len(y) == 0:
        raise ValueError("no samples")
    if len(y) != len(p):
        raise ValueError("different lengths")
    if not np.isin(y, [0, 1]).all():
        raise ValueError("labels must be 0/1")
    y = y.astype(p.dtype)
    tiny = np.finfo(p.dtype).tiny
    one = p.dtype.type(1)
    return -np.mean(y * np.log(np.maximum(p, tiny)) + (one - y) * np.log(np.maximum(one - p, tiny)))


def loss(X, y, w, b, l2=0.0):
    X, y = _need(X, y)
    z = X @ w + b
    terms = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return terms.mean() + l2 / 2 * np.sum(w * w)


def gradient(X, y, w, b, l2=0.0):
    X, y = _need(X, y)
    r = sigmoid(X @ w + b) - y
    return X.T @ r / X.dtype.type(len(r)) + l2 * w, r.mean()


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X, y = _need(X, y)
    kind = X.dtype.type
    w = np.zeros(X.shape[1], dtype=X.dtype)
    b = kind(0)
    lr, l2, n = kind(lr), kind(l2), kind(len(y))
    for _ in range(n_iter):
        r = sigmoid(X @ w + b) - y
        dw = X.T @ r / n + l2 * w
        db = r.mean()
        w -= lr * dw
        b -= lr * db
    return w, b
