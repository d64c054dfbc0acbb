"""A solution of the kata `logistic_regression`, as a careful candidate might write it in 40 minutes."""

import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    # exp of a non-positive number never overflows.
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def predict_proba(X, w, b):
    X = np.asarray(X, dtype=float)
    if not np.all(np.isfinite(X)):
        raise ValueError("X contains nan or inf")
    return sigmoid(X @ np.asarray(w, dtype=float) + b)


def bce_loss(y, p):
    y = _labels(y)
    p = np.asarray(p, dtype=float)
    if len(y) != len(p):
        raise ValueError("y and p differ in length")
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def loss(X, y, w, b, l2=0.0):
    X, y = _problem(X, y)
    w = np.asarray(w, dtype=float)
    z = X @ w + b
    # -y ln p - (1 - y) ln(1 - p) with p = 1 / (1 + exp(-z)) is ln(1 + exp(z)) - y z.
    return np.mean(np.logaddexp(0, z) - y * z) + l2 / 2 * np.sum(w**2)


def gradient(X, y, w, b, l2=0.0):
    X, y = _problem(X, y)
    w = np.asarray(w, dtype=float)
    error = sigmoid(X @ w + b) - y
    return X.T @ error / len(y) + l2 * w, error.mean()


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X, y = _problem(X, y)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_iter):
        dw, db = gradient(X, y, w, b, l2)
        w, b = w - lr * dw, b - lr * db
    return w, b


def _problem(X, y):
    X, y = np.asarray(X, dtype=float), _labels(y)
    if len(X) != len(y):
        raise ValueError("X and y differ in length")
    if not np.all(np.isfinite(X)):
        raise ValueError("X contains nan or inf")
    return X, y


def _labels(y):
    y = np.asarray(y, dtype=float)
    if len(y) == 0:
        raise ValueError("there are no samples")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("labels must be 0 or 1")
    return y
