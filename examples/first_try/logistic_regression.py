"""A first try at the kata `logistic_regression`: what a hurried candidate hands in, with two mistakes in it."""

import numpy as np


def sigmoid(z):
    z = np.clip(np.asarray(z, dtype=float), -700, 700)
    return 1 / (1 + np.exp(-z))


def predict_proba(X, w, b):
    if not np.isfinite(X).all():
        raise ValueError("X must be finite")
    return sigmoid(np.asarray(X, dtype=float) @ w + b)


def bce_loss(y, p):
    y, p = _checked_labels(y, p), np.clip(np.asarray(p, dtype=float), 1e-9, 1 - 1e-9)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


def loss(X, y, w, b, l2=0.0):
    return bce_loss(y, predict_proba(X, w, b)) + l2 / 2 * np.sum(w**2)


def gradient(X, y, w, b, l2=0.0):
    y = _checked_labels(y, X)
    error = predict_proba(X, w, b) - y
    return X.T @ error / len(y) + l2 * w, error.mean()


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    X = np.asarray(X, dtype=float)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_iter):
        w = w - lr * gradient(X, y, w, b, l2)[0]
        b = b - lr * gradient(X, y, w, b, l2)[1]
    return w, b


def _checked_labels(y, samples):
    y = np.asarray(y, dtype=float)
    if len(y) == 0 or len(y) != len(samples):
        raise ValueError("there must be a label for each sample, and at least one")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("labels must be 0 or 1")
    return y
