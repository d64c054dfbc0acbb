"""loss is a sum over the samples.

It is to be a mean: twice the same data cost what they cost once. With one sample the two agree.
"""

caught_by = ("test_loss_of_zero_weights_is_ln_2", "test_loss_agrees_on_any_data")

import numpy as np


def check_X(X):
    X = np.asarray(X)
    if not np.isfinite(X).all():
        raise ValueError("X contains nan or inf")
    return X


def check_y(y):
    y = np.asarray(y)
    if len(y) == 0:
        raise ValueError("no samples")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("labels must be 0 or 1")
    return y.astype(float)


def check_Xy(X, y):
    X, y = check_X(X), check_y(y)
    if len(X) != len(y):
        raise ValueError("X and y have different lengths")
    return X, y


def sigmoid(z):
    """Stable: the exponent is never positive."""
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def predict_proba(X, w, b):
    X = check_X(X)
    return sigmoid(X @ w + b)


def bce_loss(y, p):
    y = check_y(y)
    p = np.asarray(p, dtype=float)
    if len(p) != len(y):
        raise ValueError("y and p have different lengths")
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def loss(X, y, w, b, l2=0.0):
    X, y = check_Xy(X, y)
    z = X @ w + b
    bce = np.sum(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))
    return bce + l2 / 2 * np.sum(w ** 2)


def gradient(X, y, w, b, l2=0.0):
    X, y = check_Xy(X, y)
    n = X.shape[0]
    error = sigmoid(X @ w + b) - y
    dw = X.T @ error / n + l2 * w
    db = np.sum(error) / n
    return dw, db


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X, y = check_Xy(X, y)
    w = np.zeros(X.shape[1])
    b = 0.0
    for _ in range(n_iter):
        dw, db = gradient(X, y, w, b, l2)
        w = w - lr * dw
        b = b - lr * db
    return w, b
