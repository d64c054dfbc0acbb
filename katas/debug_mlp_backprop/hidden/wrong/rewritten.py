"""the program was written anew.

It is right, but nobody can see any more what was wrong. Change the lines with the faults, and leave the others.
"""

caught_by = ("test_most_of_the_program_is_kept",)

import numpy as np


class _Layer:
    def __init__(self, W, b):
        self.W, self.b = np.array(W, dtype=np.float64), np.array(b, dtype=np.float64)

    def up(self, h):
        if h.shape[1] != len(self.W) or self.b.shape != self.W.shape[1:]:
            raise ValueError("shapes do not fit one another")
        self.entered = h
        return h @ self.W + self.b

    def down(self, delta, l2):
        self.dW, self.db = np.dot(self.entered.T, delta) + l2 * self.W, np.sum(delta, axis=0)
        return np.dot(delta, self.W.T)


class _Net:
    def __init__(self, params):
        self.layers = [_Layer(W, b) for W, b in params]

    def logits(self, X):
        z = self.layers[0].up(np.array(X, dtype=np.float64))
        for layer in self.layers[1:]:
            z = layer.up(z.clip(min=0))
        return z

    def samples(self, X, y):
        logits = self.logits(X)
        if not 0 < len(X) == len(y):
            raise ValueError("one label for each of at least one sample")
        if np.any(np.asarray(y) < 0) or np.any(np.asarray(y) >= logits.shape[1]):
            raise ValueError("there is no such class")
        return logits, (np.arange(len(y)), y)

    def slopes(self, X, y, l2):
        logits, own = self.samples(X, y)
        delta = softmax(logits) / len(y)
        delta[own] -= 1 / len(y)
        for layer in self.layers[::-1]:
            delta = layer.down(delta, l2) * (layer.entered != 0)
        return [(layer.dW, layer.db) for layer in self.layers]


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    return [(rng.normal(scale=(2 / a) ** 0.5, size=(a, z)), np.zeros(z)) for a, z in zip(sizes, sizes[1:])]


def forward(params, X):
    return _Net(params).logits(X)


def softmax(logits):
    return np.exp(_log_softmax(np.array(logits, dtype=np.float64)))


def _log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def loss(params, X, y, l2=0.0):
    net = _Net(params)
    logits, own = net.samples(X, y)
    return l2 * sum((layer.W**2).sum() for layer in net.layers) / 2 - _log_softmax(logits)[own].mean()


def gradients(params, X, y, l2=0.0):
    return _Net(params).slopes(X, y, l2)


def train(params, X, y, lr, n_epochs, batch_size, seed):
    net = _Net(params)
    net.samples(X, y)
    if batch_size <= 0:
        raise ValueError("a batch has at least one sample")
    rng = np.random.default_rng(seed)
    for _ in range(n_epochs):
        for rows in np.split(rng.permutation(len(y)), range(batch_size, len(y), batch_size)):
            for layer, (dW, db) in zip(net.layers, net.slopes(X[rows], y[rows], 0.0)):
                layer.W, layer.b = layer.W - lr * dW, layer.b - lr * db
    return [(layer.W, layer.b) for layer in net.layers]


def predict(params, X):
    return forward(params, X).argmax(axis=1)
