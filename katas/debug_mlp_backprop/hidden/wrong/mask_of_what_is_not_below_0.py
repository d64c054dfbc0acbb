"""gradients passes everything down.

What comes out of a ReLU is never below 0. So which numbers does the mask shut out?
"""

caught_by = ("test_gradients_has_known_values",)

from itertools import pairwise

import numpy as np


def init_params(sizes, seed):
    """Return params for layers of these sizes, the d features first and the C classes last: a list of pairs (W, b).

    W (d_in, d_out) is drawn from a normal distribution of mean 0 and variance 2 / d_in, for each layer anew; b (d_out,)
    is zero. The same seed, a whole number, gives the same params.
    """
    rng = np.random.default_rng(seed)
    params = []
    for d_in, d_out in pairwise(sizes):
        W = rng.standard_normal((d_in, d_out))
        W *= np.sqrt(2.0 / W.shape[0])
        b = np.zeros(d_out)
        params.append((W, b))
    return params


def forward(params, X):
    """Return the logits (n, C): ReLU between layers, none after the last.

    Raises ValueError if shapes do not chain: those of neighbouring layers, of W and b in a layer, of X and the first W.
    """
    params, X = _checked(params, X)
    return _activations(params, X)[-1]


def softmax(logits):
    """Return for each row of logits (n, C) the probabilities of the classes: (n, C). Stable for logits up to 1e4."""
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)


def loss(params, X, y, l2=0.0):
    """Return the mean cross-entropy plus l2 / 2 times the sum of all squared weights: one number.

    The biases b are not penalised. Right for every logit up to 1e4.

    Raises ValueError where forward does, and if there are no samples, if X and y differ in length, or if a label is
    not one of 0 to C - 1.
    """
    params, X = _checked(params, X)
    y = _labels(y, params, X)
    logits = _activations(params, X)[-1]
    top = logits.max(axis=1)  # (n,)
    log_sums = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))  # (n,)
    costs = log_sums - logits[np.arange(len(y)), y]  # (n,)
    penalty = l2 / 2 * sum(np.sum(np.square(W)) for W, _ in params)
    return np.mean(costs) + penalty


def gradients(params, X, y, l2=0.0):
    """Return the derivative of loss by all params: a list with a pair (dW, db) for each layer, shaped as params are.

    Raises ValueError for the same input as loss.
    """
    params, X = _checked(params, X)
    y = _labels(y, params, X)
    return _backward(params, X, y, l2)


def train(params, X, y, lr, n_epochs, batch_size, seed):
    """Return the params after n_epochs of minibatch gradient descent on the mean cross-entropy, shaped as they came in.

    Every epoch goes through all samples once, in a new random order, batch_size at a time; the last batch may be
    shorter. The params passed in stay as they are.

    Raises ValueError for the same input as loss, and if batch_size is below 1.
    """
    params, X = _checked(params, X)
    y = _labels(y, params, X)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    rng = np.random.default_rng(seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            slopes = _backward(params, X[rows], y[rows], 0.0)
            for i, (dW, db) in enumerate(slopes):
                W, b = params[i]
                W -= lr * dW
                b -= lr * db
    return params


def predict(params, X):
    """Return the class of the largest logit for each row of X: (n,).

    Raises ValueError where forward does.
    """
    return np.argmax(forward(params, X), axis=1)


def _activations(params, X):
    """Return what enters each layer, X (n, d) first, and at the end the logits (n, C)."""
    passed = [X]
    for W, b in params[:-1]:
        passed.append(np.maximum(passed[-1] @ W + b, 0.0))
    W, b = params[-1]
    passed.append(passed[-1] @ W + b)
    return passed


def _backward(params, X, y, l2):
    """Return a pair (dW (d_in, d_out), db (d_out,)) for each layer, the first layer first."""
    *entered, logits = _activations(params, X)
    n = len(y)
    delta = softmax(logits)  # (n, C)
    delta[np.arange(n), y] -= 1.0
    delta /= n
    slopes = []
    for (W, _), h in zip(reversed(params), reversed(entered), strict=True):  # h is (n, d_in), delta (n, d_out)
        slopes.append((h.T @ delta + l2 * W, delta.sum(axis=0)))
        delta = delta @ W.T  # (n, d_in)
        delta = np.where(h >= 0, delta, 0.0)
    return slopes[::-1]


def _checked(params, X):
    """Return params and X (n, d) as floats, if their shapes chain."""
    params = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in params]
    X = np.asarray(X, dtype=float)
    width = X.shape[1]
    for W, b in params:
        if W.shape[0] != width or b.shape != (W.shape[1],):
            raise ValueError(f"W of shape {W.shape} with b of shape {b.shape}, after a layer of {width}")
        width = W.shape[1]
    return params, X


def _labels(y, params, X):
    """Return y (n,), if it holds a class for each row of X, and there are any."""
    y = np.asarray(y)
    if len(y) == 0 or len(y) != len(X):
        raise ValueError(f"{len(X)} samples with {len(y)} labels")
    classes = len(params[-1][1])
    if y.min() < 0 or y.max() >= classes:
        raise ValueError(f"labels must be 0 to {classes - 1}, got {y.min()} to {y.max()}")
    return y
