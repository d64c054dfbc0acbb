"""The gradient penalises the intercept.

The penalty has no part in db. Look at an intercept other than 0 with l2 > 0; in fit it shows from the second step on.
"""

caught_by = ("test_gradient_of_the_penalty", "test_gradient_is_the_derivative_of_the_loss")

import numpy as np


def _design(X):
    X = np.array(X, dtype=np.float64)
    if not np.isfinite(X).all():
        raise ValueError("X has nan or inf")
    return np.column_stack([np.ones(len(X)), X])


def _target(y, n):
    if n == 0 or len(y) == 0:
        raise ValueError("empty data set")
    if len(y) != n:
        raise ValueError("length mismatch")
    if np.any((y != 0) & (y != 1)):
        raise ValueError("labels must be binary")
    return np.array(y, dtype=np.float64)


def _theta(w, b):
    return np.concatenate([[b], w])


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=np.float64)))


def predict_proba(X, w, b):
    return sigmoid(_design(X) @ _theta(w, b))


def bce_loss(y, p):
    t = _target(y, len(p))
    p = np.array(p, dtype=np.float64)
    tiny = 1e-15
    return (-t * np.log(p + tiny) - (1 - t) * np.log((1 - p) + tiny)).mean()


def loss(X, y, w, b, l2=0.0):
    A = _design(X)
    t = _target(y, len(A))
    z = A @ _theta(w, b)
    return (t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)).mean() + l2 * np.sum(np.square(w)) / 2


def _grad(A, t, theta, l2):
    g = A.T @ (sigmoid(A @ theta) - t) / len(A)
    g += l2 * theta
    return g


def gradient(X, y, w, b, l2=0.0):
    A = _design(X)
    g = _grad(A, _target(y, len(A)), _theta(w, b), l2)
    return g[1:], g[0]


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    A = _design(X)
    t = _target(y, len(A))
    theta = np.zeros(A.shape[1])
    for _ in range(n_iter):
        theta = theta - lr * _grad(A, t, theta, l2)
    return theta[1:], theta[0]
