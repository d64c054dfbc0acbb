"""The tanh form of the sigmoid; the loss from |z| and the labels as signs."""
import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z)))


def _assert_ok(cond, text):
    if not cond:
        raise ValueError(text)


def _xy(X, y):
    _assert_ok(X.shape[0] == y.shape[0], "X and y must match")
    _assert_ok(y.shape[0] > 0, "no samples")
    _assert_ok(np.array_equal(y, y.astype(bool)), "labels are 0/1 only")
    _assert_ok(np.isfinite(X).all(), "X must be finite")


def predict_proba(X, w, b):
    _assert_ok(np.isfinite(X).all(), "X must be finite")
    return sigmoid(X @ w + b)


def bce_loss(y, p):
    _assert_ok(y.shape == p.shape, "y and p must match")
    _assert_ok(y.size > 0, "no samples")
    _assert_ok(np.array_equal(y, y.astype(bool)), "labels are 0/1 only")
    y = y.astype(bool)
    p = p.astype(np.float64)
    tiny = 1e-20
    costs = np.log(p[y] + tiny).sum() + np.log((1 - p[~y]) + tiny).sum()
    return -costs / y.size


def loss(X, y, w, b, l2=0.0):
    _xy(X, y)
    z = X @ w + b
    s = np.where(y == 1, 1.0, -1.0)
    m = s * z
    return np.mean(np.log1p(np.exp(-np.abs(m))) + np.maximum(-m, 0.0)) + l2 * np.dot(w, w) / 2


def gradient(X, y, w, b, l2=0.0):
    _xy(X, y)
    e = sigmoid(X @ w + b) - y
    return [(X * e[:, np.newaxis]).mean(axis=0) + l2 * w, e.mean()]


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    _xy(X, y)
    X = X.astype(np.float64)
    w = np.zeros(X.shape[1])
    b = 0.0
    while n_iter > 0:
        dw, db = gradient(X, y, w, b, l2)
        w = w - lr * dw
        b = b - lr * db
        n_iter -= 1
    return [w, b]
