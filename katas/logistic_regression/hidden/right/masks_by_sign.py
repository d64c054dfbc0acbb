"""Masks by sign: the sigmoid is filled in two halves, one per sign of z."""
import numpy as np


def _check_labels(y):
    y = np.asarray(y)
    if y.shape[0] == 0:
        raise ValueError("no samples")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("labels must be 0 or 1")
    return y.astype(float)


def _check_X(X):
    X = np.asarray(X)
    if not np.isfinite(X).all():
        raise ValueError("X holds nan or inf")
    return X


def _check(X, y):
    X, y = _check_X(X), _check_labels(y)
    if len(X) != len(y):
        raise ValueError("X and y differ in length")
    return X, y


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    pos = z >= 0
    out[pos] = 1.0 / (1.0 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1.0 + e)
    return out


def predict_proba(X, w, b):
    return sigmoid(_check_X(X) @ w + b)


def bce_loss(y, p):
    y = _check_labels(y)
    p = np.asarray(p, dtype=float)
    if y.shape != p.shape:
        raise ValueError("y and p differ in length")
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def loss(X, y, w, b, l2=0.0):
    X, y = _check(X, y)
    z = X @ w + b
    per_sample = np.empty(len(z))
    pos = z >= 0
    per_sample[pos] = (1 - y[pos]) * z[pos] + np.log1p(np.exp(-z[pos]))
    per_sample[~pos] = -y[~pos] * z[~pos] + np.log1p(np.exp(z[~pos]))
    return per_sample.mean() + 0.5 * l2 * np.sum(np.square(w))


def gradient(X, y, w, b, l2=0.0):
    X, y = _check(X, y)
    err = sigmoid(X @ w + b) - y
    return X.T @ err / len(y) + l2 * w, err.mean()


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X, y = _check(X, y)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_iter):
        dw, db = gradient(X, y, w, b, l2)
        w = w - lr * dw
        b = b - lr * db
    return w, b
