"""A multilayer perceptron, and its gradients by backpropagation.

The loss of a sample is -log_softmax(logits)[y], and its derivative by the logits is softmax(logits) minus the one-hot
label. From there the chain rule goes down, layer by layer. With delta the derivative of the loss by what a layer gives
out, entered @ W + b, that by W is entered.T @ delta, that by b the sum of delta over the samples, and that by what
entered delta @ W.T, which passes the ReLU below only where it was open.
"""

from itertools import pairwise

import numpy as np


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    # He et al., "Delving Deep into Rectifiers" (2015): a ReLU passes half of the variance on, so it is doubled.
    return [(rng.normal(0.0, np.sqrt(2 / d_in), (d_in, d_out)), np.zeros(d_out)) for d_in, d_out in pairwise(sizes)]


def forward(params, X):
    return _through(*_chained(params, X))[-1]


def softmax(logits):
    return np.exp(_log_softmax(np.asarray(logits, dtype=float)))


def loss(params, X, y, l2=0.0):
    params, X, y = _data(params, X, y)
    chances = _log_softmax(_through(params, X)[-1])
    return -chances[np.arange(len(y)), y].mean() + l2 / 2 * sum(np.square(W).sum() for W, _ in params)


def gradients(params, X, y, l2=0.0):
    return _gradients(*_data(params, X, y), l2)


def train(params, X, y, lr, n_epochs, batch_size, seed):
    params, X, y = _data(params, X, y)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    rng = np.random.default_rng(seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            batch = order[start : start + batch_size]
            slopes = _gradients(params, X[batch], y[batch], 0.0)  # all at one point, before any layer moves
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes, strict=True)]
    return params


def predict(params, X):
    return forward(params, X).argmax(axis=1)


def _gradients(params, X, y, l2):
    *inputs, logits = _through(params, X)
    delta = softmax(logits)
    delta[np.arange(len(y)), y] -= 1
    delta /= len(y)  # the loss is a mean
    slopes = []
    for (W, _), entered in zip(reversed(params), reversed(inputs), strict=True):
        slopes.append((entered.T @ delta + l2 * W, delta.sum(axis=0)))
        delta = delta @ W.T * (entered > 0)  # what entered is above 0 exactly where the ReLU below was open
    return slopes[::-1]


def _through(params, X):
    """Return what enters each layer, the first one first, and at the end the logits."""
    passed = [X]
    for W, b in params[:-1]:
        passed.append(np.maximum(passed[-1] @ W + b, 0))
    W, b = params[-1]
    return [*passed, passed[-1] @ W + b]


def _log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)  # the largest exponential is 1, so nothing overflows
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _chained(params, X):
    params = [(np.asarray(W, dtype=float), np.asarray(b, dtype=float)) for W, b in params]
    X = np.asarray(X, dtype=float)
    width = X.shape[1]
    for W, b in params:
        if W.shape != (width, len(b)):  # b too: one of length 1 would go with any W
            raise ValueError(f"W of shape {W.shape} with {len(b)} biases, after a layer of {width}")
        width = len(b)
    return params, X


def _data(params, X, y):
    params, X = _chained(params, X)
    y = np.asarray(y)
    if len(y) == 0 or len(y) != len(X):
        raise ValueError(f"{len(X)} samples with {len(y)} labels")
    classes = len(params[-1][1])
    if y.min() < 0 or y.max() >= classes:  # -1 would quietly count from the end
        raise ValueError(f"labels must be 0 to {classes - 1}")
    return params, X, y
