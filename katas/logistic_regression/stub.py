"""Logistic regression by gradient descent, in NumPy.

n samples, d features: X is (n, d), y (n,) holds 0 and 1, w is (d,), b is one number.
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z)) for a number or an array of any shape; same shape out.

    For every |z| up to 1e6 the result lies in [0, 1] and is never nan.
    """
    raise NotImplementedError


def predict_proba(X, w, b):
    """Return the probability of class 1 for each row of X: (n,).

    Raises ValueError if X holds nan or inf.
    """
    raise NotImplementedError


def bce_loss(y, p):
    """Return the mean binary cross-entropy of labels y (n,) and probabilities p (n,): one number.

    Finite even where p is exactly 0 or 1: a certain wrong answer costs at least 10, a certain right one at
    most 0.001.

    Raises ValueError if there are no samples, if y and p differ in length, or if a label is neither 0 nor 1.
    """
    raise NotImplementedError


def loss(X, y, w, b, l2=0.0):
    """Return the mean cross-entropy of the model plus l2 / 2 times the sum of squared weights: one number.

    The intercept b is not penalised. Exact for every |X @ w + b| up to 1e4.

    Raises ValueError if there are no samples, if X and y differ in length, if a label is neither 0 nor 1, or
    if X holds nan or inf.
    """
    raise NotImplementedError


def gradient(X, y, w, b, l2=0.0):
    """Return the pair (dw, db): the derivative of loss by w, (d,), and by b, one number.

    Raises ValueError for the same input as loss.
    """
    raise NotImplementedError


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    """Return the pair (w, b) after exactly n_iter steps of full-batch gradient descent that start at zeros.

    Raises ValueError for the same input as loss.
    """
    raise NotImplementedError
