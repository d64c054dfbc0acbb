"""Loops over features (allowed), w handed back as a list of Python floats."""
import numpy as np


def _ok(X, y):
    n = X.shape[0]
    if n == 0 or y.shape[0] == 0:
        raise ValueError("there are no samples")
    if y.shape[0] != n:
        raise ValueError("lengths differ")
    if not ((y == 0) + (y == 1)).all():
        raise ValueError("a label is neither 0 nor 1")
    _ok_x(X)


def _ok_x(X):
    finite = np.isfinite(X).all(axis=0)
    for j, good in enumerate(finite):
        if not good:
            raise ValueError(f"column {j} holds nan or inf")


def _scores(X, w, b):
    z = np.full(X.shape[0], float(b))
    for j in range(X.shape[1]):
        z += X[:, j] * float(w[j])
    return z


def sigmoid(z):
    return np.reciprocal(1.0 + np.exp(-np.clip(np.asarray(z, dtype=float), -700, 700)))


def predict_proba(X, w, b):
    _ok_x(X)
    return sigmoid(_scores(X, w, b))


def bce_loss(y, p):
    if len(y) == 0:
        raise ValueError("there are no samples")
    if len(y) != len(p):
        raise ValueError("lengths differ")
    if not ((y == 0) + (y == 1)).all():
        raise ValueError("a label is neither 0 nor 1")
    pos = y == 1
    cost = -np.log(np.fmax(p[pos].astype(float), 1e-200)).sum() - np.log(np.fmax(1 - p[~pos].astype(float), 1e-200)).sum()
    return float(cost / len(y))


def loss(X, y, w, b, l2=0.0):
    _ok(X, y)
    z = _scores(X, w, b)
    penalty = 0.0
    for value in w:
        penalty += float(value) ** 2
    return float(np.logaddexp(0, np.where(y == 1, -z, z)).mean()) + 0.5 * l2 * penalty


def gradient(X, y, w, b, l2=0.0):
    _ok(X, y)
    r = sigmoid(_scores(X, w, b)) - y
    dw = [float(X[:, j] @ r / len(r) + l2 * w[j]) for j in range(X.shape[1])]
    return dw, float(r.mean())


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    _ok(X, y)
    XT = np.ascontiguousarray(X.T, dtype=float)
    y = y.astype(float)
    d, n = XT.shape
    w = [0.0] * d
    b = 0.0
    for _ in range(n_iter):
        r = sigmoid(np.asarray(w) @ XT + b) - y
        new = []
        for j in range(d):
            new.append(w[j] - lr * (float(XT[j] @ r) / n + l2 * w[j]))
        b = b - lr * float(r.sum()) / n
        w = new
    return w, b
