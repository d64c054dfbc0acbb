"""gradient penalises the intercept as well.

In the loss the penalty is that of the weights alone. Move b, and see which part of the loss moves.
"""

caught_by = ("test_gradient_of_the_penalty",)

import numpy as np

TINY = 1e-12


def sigmoid(z):
    """Return 1 / (1 + exp(-z)) for a number or an array of any shape; same shape out.

    For every |z| up to 1e6 the result lies in [0, 1] and is never nan.
    """
    z = np.asarray(z, dtype=float)
    falling = np.exp(-z)
    rising = np.exp(z)
    return np.where(z >= 0, 1.0 / (1.0 + falling), rising / (1.0 + rising))


def predict_proba(X, w, b):
    """Return the probability of class 1 for each row of X: (n,).

    Raises ValueError if X holds nan or inf.
    """
    X = _features(X)
    return sigmoid(X @ w + b)


def bce_loss(y, p):
    """Return the mean binary cross-entropy of labels y (n,) and probabilities p (n,): one number.

    Finite even where p is exactly 0 or 1: a certain wrong answer costs at least 10, a certain right one at
    most 0.001.

    Raises ValueError if there are no samples, if y and p differ in length, or if a label is neither 0 nor 1.
    """
    p = np.asarray(p, dtype=float)
    y = _labels(y, len(p))
    p = np.clip(p, TINY, 1.0 - TINY)
    costs = -np.where(y == 1, np.log(p), np.log(1.0 - p))  # (n,)
    return np.mean(costs)


def loss(X, y, w, b, l2=0.0):
    """Return the mean cross-entropy of the model plus l2 / 2 times the sum of squared weights: one number.

    The intercept b is not penalised. Exact for every |X @ w + b| up to 1e4.

    Raises ValueError if there are no samples, if X and y differ in length, if a label is neither 0 nor 1, or
    if X holds nan or inf.
    """
    X, y = _samples(X, y)
    z = X @ w + b  # (n,)
    costs = np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))
    penalty = l2 / 2 * np.sum(np.square(w))
    return np.mean(costs) + penalty


def gradient(X, y, w, b, l2=0.0):
    """Return the pair (dw, db): the derivative of loss by w, (d,), and by b, one number.

    Raises ValueError for the same input as loss.
    """
    X, y = _samples(X, y)
    dw = _weight_gradient(X, y, w, b, l2)
    db = _intercept_gradient(X, y, w, b) + l2 * b
    return dw, db


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    """Return the pair (w, b) after exactly n_iter steps of full-batch gradient descent that start at zeros.

    Both parts of a step, that of w (d,) and that of b, are taken at the same point.

    Raises ValueError for the same input as loss.
    """
    X, y = _samples(X, y)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_iter):
        old_w, old_b = w.copy(), b
        w -= lr * _weight_gradient(X, y, old_w, old_b, l2)
        b -= lr * _intercept_gradient(X, y, old_w, old_b)
    return w, b


def _weight_gradient(X, y, w, b, l2):
    """Return the derivative of loss by the weights: (d,)."""
    n = X.shape[0]
    error = sigmoid(X @ w + b) - y  # (n,)
    return X.T @ error / n + l2 * w


def _intercept_gradient(X, y, w, b):
    """Return the derivative of loss by the intercept: one number."""
    error = sigmoid(X @ w + b) - y  # (n,)
    return np.mean(error)


def _samples(X, y):
    """Return X (n, d) and y (n,) as floats, if they are what loss, gradient and fit can work with."""
    X = _features(X)
    return X, _labels(y, len(X))


def _features(X):
    """Return X (n, d) as floats, if all of it is finite."""
    X = np.asarray(X, dtype=float)
    if not np.all(np.isfinite(X)):
        raise ValueError("X holds nan or inf")
    return X


def _labels(y, n):
    """Return y (n,) as floats, if it holds a 0 or a 1 for each of n samples, and there are any."""
    y = np.asarray(y, dtype=float)
    if n == 0:
        raise ValueError("there are no samples")
    if len(y) != n:
        raise ValueError(f"{n} samples with {len(y)} labels")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("labels must be 0 or 1")
    return y
