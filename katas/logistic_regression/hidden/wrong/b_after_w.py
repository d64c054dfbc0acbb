"""fit moves the weights first and takes the intercept's gradient at the new weights.

Both gradients belong to the same point. After one step w is right and b is not; it ends up in the same place, by
another path.
"""

caught_by = ("test_fit_makes_the_first_steps_right", "test_fit_follows_the_path_on_any_data")

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
    p_true = np.where(y == 1, p, 1.0 - p)
    return float(np.mean(-np.log(p_true + 1e-20)))


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
        w = w - lr * gradient(X, y, w, b, l2)[0]
        b = b - lr * gradient(X, y, w, b, l2)[1]
    return w, b
