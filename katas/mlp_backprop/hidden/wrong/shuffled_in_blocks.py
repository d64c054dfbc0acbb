"""train shuffles the rows of a block among themselves, and takes the blocks in turn.

Sorted data stay nearly sorted: what comes late in X comes late in every epoch.
"""

caught_by = ("test_train_mixes_all_samples",)

import numpy as np


def check(params, X):
    X = np.asarray(X)
    width = X.shape[1]
    layers = []
    for W, b in params:
        W, b = np.asarray(W), np.asarray(b)
        if W.ndim != 2 or W.shape[0] != width or b.shape != (W.shape[1],):
            raise ValueError("shapes do not chain")
        width = W.shape[1]
        layers.append((W.astype(float), b.astype(float)))
    return layers, X.astype(float)


def check_labels(layers, X, y):
    y = np.asarray(y)
    if len(y) != len(X):
        raise ValueError("X and y differ in length")
    if len(y) == 0:
        raise ValueError("no samples")
    if (y < 0).any() or (y >= layers[-1][0].shape[1]).any():
        raise ValueError("label out of range")
    return y.astype(np.intp)


def activations(layers, X):
    kept = [X]
    for number, (W, b) in enumerate(layers, 1):
        Z = kept[-1] @ W + b
        kept.append(Z if number == len(layers) else np.maximum(Z, 0.0))
    return kept


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    params = []
    for d_in, d_out in zip(sizes[:-1], sizes[1:]):
        W = rng.standard_normal((d_in, d_out)) * np.sqrt(2.0 / d_in)
        params.append((W, np.zeros(d_out)))
    return params


def forward(params, X):
    layers, X = check(params, X)
    return activations(layers, X)[-1]


def softmax(logits):
    Z = np.asarray(logits).astype(float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_softmax(Z):
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


def loss(params, X, y, l2=0.0):
    layers, X = check(params, X)
    y = check_labels(layers, X, y)
    L = log_softmax(activations(layers, X)[-1])
    data = -L[np.arange(len(y)), y].mean()
    return data + l2 / 2 * sum((W * W).sum() for W, _ in layers)


def backprop(layers, X, y, l2):
    kept = activations(layers, X)
    D = softmax(kept[-1])
    D[np.arange(len(y)), y] -= 1.0
    D /= len(y)
    grads = []
    for number in range(len(layers) - 1, -1, -1):
        W, _ = layers[number]
        grads.insert(0, (kept[number].T @ D + l2 * W, D.sum(axis=0)))
        if number:
            D = (D @ W.T) * (kept[number] > 0)
    return grads


def gradients(params, X, y, l2=0.0):
    layers, X = check(params, X)
    y = check_labels(layers, X, y)
    return backprop(layers, X, y, l2)


def train(params, X, y, lr, n_epochs, batch_size, seed):
    layers, X = check(params, X)
    y = check_labels(layers, X, y)
    if batch_size < 1:
        raise ValueError("batch_size < 1")
    rng = np.random.default_rng(seed)
    n = len(y)
    for _ in range(n_epochs):
        order = np.concatenate([at + rng.permutation(min(64, n - at)) for at in range(0, n, 64)])
        for start in range(0, n, batch_size):
            rows = order[start : start + batch_size]
            grads = backprop(layers, X[rows], y[rows], 0.0)
            layers = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(layers, grads)]
    return layers


def predict(params, X):
    return forward(params, X).argmax(axis=1)
