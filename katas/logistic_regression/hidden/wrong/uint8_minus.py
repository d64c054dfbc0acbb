"""Unary minus on unsigned labels: -y is 255 for y = 1.

-y is 255 for y = 1 in uint8, and bool has no minus. Labels that are int or float are right.
"""

caught_by = ("test_bce_loss_takes_arrays_of_any_form",)

import numpy as np
from scipy.special import expit


def _validate(X=None, y=None, p=None):
    if X is not None and not np.all(np.isfinite(X)):
        raise ValueError("X must be finite")
    if y is not None:
        n = len(X) if X is not None else len(p)
        if n == 0 or len(y) == 0:
            raise ValueError("need at least one sample")
        if len(y) != n:
            raise ValueError(f"got {n} rows and {len(y)} labels")
        if not np.isin(y, [0, 1]).all():
            raise ValueError("y may only hold 0 and 1")


def sigmoid(z):
    return expit(z)


def predict_proba(X, w, b):
    _validate(X=X)
    return sigmoid(np.dot(X, w) + b)


def bce_loss(y, p):
    _validate(y=y, p=p)
    p = np.asarray(p, dtype=float)
    return float(np.mean(-y * np.log(p + 1e-20) - (1 - y) * np.log((1 - p) + 1e-20)))


def loss(X, y, w, b, l2=0.0):
    _validate(X=X, y=y)
    z = np.dot(X, w) + b
    nll = np.logaddexp(0.0, np.where(y == 1, -z, z))
    return float(nll.mean() + 0.5 * l2 * np.dot(w, w))


def gradient(X, y, w, b, l2=0.0):
    _validate(X=X, y=y)
    residual = sigmoid(np.dot(X, w) + b) - y
    return np.dot(X.T, residual) / len(X) + l2 * w, float(residual.mean())


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    _validate(X=X, y=y)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_iter):
        residual = sigmoid(np.dot(X, w) + b) - y
        grad_w = np.dot(X.T, residual) / len(X) + l2 * w
        grad_b = residual.mean()
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b
