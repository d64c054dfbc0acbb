"""init_params takes 2 / d_in for the standard deviation.

It is the variance. NumPy's generators ask for the standard deviation.
"""

caught_by = ("test_init_params_draws_weights_as_he_did",)

import numpy as np


class Dense:
    """One layer; relu says whether its output is rectified."""

    def __init__(self, W, b, relu):
        self.W, self.b, self.relu = np.array(W, dtype=float), np.array(b, dtype=float), relu
        if self.W.shape[1] != self.b.shape[0]:
            raise ValueError("W and b do not fit")

    def forward(self, x):
        if x.shape[1] != self.W.shape[0]:
            raise ValueError("layer gets the wrong number of features")
        self.x = x
        self.z = x @ self.W + self.b
        return np.where(self.z > 0, self.z, 0.0) if self.relu else self.z

    def backward(self, grad):
        if self.relu:
            grad = grad * (self.z > 0)
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T

    def step(self, lr):
        self.W = self.W - lr * self.dW
        self.b = self.b - lr * self.db


class Net:
    def __init__(self, params):
        last = len(params) - 1
        self.layers = [Dense(W, b, relu=i < last) for i, (W, b) in enumerate(params)]
        for below, above in zip(self.layers, self.layers[1:]):
            if below.W.shape[1] != above.W.shape[0]:
                raise ValueError("layers do not fit")

    def forward(self, X):
        out = np.asarray(X, dtype=float)
        for layer in self.layers:
            out = layer.forward(out)
        return out

    def check(self, X, y):
        classes = self.layers[-1].W.shape[1]
        if X.shape[0] == 0 or X.shape[0] != y.shape[0]:
            raise ValueError("X and y must have the same, positive length")
        if X.shape[1] != self.layers[0].W.shape[0]:
            raise ValueError("X has the wrong number of features")
        if not np.isin(y, np.arange(classes)).all():
            raise ValueError("labels out of range")

    def backward(self, X, y):
        probs = softmax(self.forward(X))
        one_hot = np.zeros(probs.shape)
        one_hot[np.arange(len(y)), y] = 1.0
        grad = (probs - one_hot) / len(y)
        for layer in reversed(self.layers):
            grad = layer.backward(grad)

    def params(self):
        return [(layer.W, layer.b) for layer in self.layers]


def init_params(sizes, seed):
    rng = np.random.RandomState(seed)
    return [
        (rng.normal(scale=2.0 / sizes[i], size=(sizes[i], sizes[i + 1])), np.zeros(sizes[i + 1]))
        for i in range(len(sizes) - 1)
    ]


def forward(params, X):
    return Net(params).forward(X)


def softmax(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - np.max(logits, axis=1)[:, None]
    exps = np.exp(shifted)
    return exps / np.sum(exps, axis=1)[:, None]


def loss(params, X, y, l2=0.0):
    net = Net(params)
    net.check(X, y)
    logits = net.forward(X)
    top = logits.max(axis=1)
    lse = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    data = np.mean(lse - logits[np.arange(len(y)), y])
    penalty = sum(float(np.sum(layer.W * layer.W)) for layer in net.layers)
    return data + l2 / 2 * penalty


def gradients(params, X, y, l2=0.0):
    net = Net(params)
    net.check(X, y)
    net.backward(X, y)
    return [(layer.dW + l2 * layer.W, layer.db) for layer in net.layers]


def train(params, X, y, lr, n_epochs, batch_size, seed):
    net = Net(params)
    net.check(X, y)
    if batch_size <= 0:
        raise ValueError("batch_size must be positive")
    rng = np.random.RandomState(seed)
    for epoch in range(n_epochs):
        order = rng.permutation(len(y))
        X_epoch, y_epoch = X[order], y[order]
        for i in range(0, len(y), batch_size):
            net.backward(X_epoch[i:i + batch_size], y_epoch[i:i + batch_size])
            for layer in net.layers:
                layer.step(lr)
    return net.params()


def predict(params, X):
    return forward(params, X).argmax(axis=1)
