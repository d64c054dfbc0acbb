"""Logistic regression by gradient descent.

With z = Xw + b and p = sigmoid(z), a sample costs -ln p where y = 1 and -ln(1 - p) where y = 0. Written with z that is
ln(1 + e^-z) and ln(1 + e^z), and the derivative of either by z is p - y. All else is the chain rule: z depends on w
through X, and on b directly.
"""

import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))  # the exponent is never positive, so nothing overflows
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def predict_proba(X, w, b):
    return sigmoid(_samples(X) @ w + b)


def bce_loss(y, p):
    y = _labels(y, np.shape(p))
    p = np.clip(np.asarray(p, dtype=float), 1e-12, 1 - 1e-12)  # float64 first: in float32 the upper end would be 1
    return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


def loss(X, y, w, b, l2=0.0):
    X, y = _data(X, y)
    z = X @ w + b
    # From the logits: by the time a probability has been rounded to 0 or 1, how wrong it was is lost.
    return np.mean(np.logaddexp(0.0, np.where(y == 1, -z, z))) + l2 / 2 * np.square(w, dtype=float).sum()


def gradient(X, y, w, b, l2=0.0):
    X, y = _data(X, y)
    return _gradient(X, y, np.asarray(w, dtype=float), b, l2)


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X, y = _data(X, y)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_iter):
        dw, db = _gradient(X, y, w, b, l2)  # both at the same point, before either moves
        w, b = w - lr * dw, b - lr * db
    return w, b


def _gradient(X, y, w, b, l2):
    error = sigmoid(X @ w + b) - y
    return X.T @ error / len(y) + l2 * w, error.mean()


def _data(X, y):
    X = _samples(X)
    return X, _labels(y, X.shape[:1])


def _samples(X):
    X = np.asarray(X, dtype=float)
    if not np.isfinite(X).all():
        raise ValueError("X holds nan or inf")
    return X


def _labels(y, shape):
    y = np.asarray(y, dtype=float)  # floats: unsigned labels would wrap below zero, bools know no minus
    if y.shape != shape:
        raise ValueError(f"labels have shape {y.shape} where {shape} is needed")
    if y.size == 0:
        raise ValueError("there are no samples")
    if not ((y == 0) | (y == 1)).all():
        raise ValueError("labels must be 0 or 1")
    return y
