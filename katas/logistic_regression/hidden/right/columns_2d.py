"""Column vectors inside (n,1), flattened on the way out, one checker for all arguments."""
import numpy as np


def _col(v):
    return np.asarray(v, dtype=np.float64).reshape(-1, 1)


def _check(y=None, X=None, p=None):
    if X is not None and (np.isnan(X).any() or np.isinf(X).any()):
        raise ValueError("X must not contain nan or inf")
    if y is not None:
        rows = np.shape(X)[0] if X is not None else np.shape(p)[0]
        if rows == 0:
            raise ValueError("no samples")
        if np.shape(y)[0] != rows:
            raise ValueError("different lengths")
        if not set(np.unique(y).tolist()).issubset({0, 1}):
            raise ValueError("labels must be 0 or 1")


def sigmoid(z):
    z = np.asarray(z, dtype=np.float64)
    flat = z.reshape(-1)
    big = flat > 0
    e = np.exp(np.where(big, -flat, flat))
    return (np.where(big, 1.0, e) / (1.0 + e)).reshape(z.shape)


def predict_proba(X, w, b):
    _check(X=X)
    return sigmoid(np.asarray(X) @ _col(w) + b).ravel()


def bce_loss(y, p):
    _check(y=y, p=p)
    Y, P = _col(y), _col(p)
    Q = np.concatenate([np.log(P + 1e-15), np.log(1 - P + 1e-15)], axis=1)
    T = np.concatenate([Y, 1 - Y], axis=1)
    return -(T * Q).sum(axis=1).mean()


def loss(X, y, w, b, l2=0.0):
    _check(y=y, X=X)
    Z, Y, W = np.asarray(X) @ _col(w) + b, _col(y), _col(w)
    data = Y * np.logaddexp(0, -Z) + (1 - Y) * np.logaddexp(0, Z)
    return (data.sum() / len(Y) + l2 / 2 * (W.T @ W)).item()


def gradient(X, y, w, b, l2=0.0):
    _check(y=y, X=X)
    W = _col(w)
    E = sigmoid(np.asarray(X) @ W + b) - _col(y)
    return (np.asarray(X).T @ E / len(E) + l2 * W).ravel(), E.mean().item()


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    _check(y=y, X=X)
    X, Y = np.asarray(X), _col(y)
    n, d = X.shape
    W, b = np.zeros((d, 1)), 0.0
    for _ in range(n_iter):
        E = sigmoid(X @ W + b) - Y
        dW = X.T @ E / n + l2 * W
        db = E.mean()
        W -= lr * dW
        b -= lr * db
    return W[:, 0], b
