"""shuffles a list of row numbers with Python's random, and answers with lists"""
import math
import random
from dataclasses import dataclass

import numpy as np


class BadInput(ValueError):
    """What the caller gave is not a network, or not data for it."""


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    last: bool
    x: np.ndarray = None
    z: np.ndarray = None
    dW: np.ndarray = None
    db: np.ndarray = None

    def __call__(self, x):
        self.x = x
        self.z = np.matmul(x, self.W) + self.b
        return self.z if self.last else self.z.clip(min=0)

    def back(self, upstream):
        dz = upstream if self.last else np.where(self.z > 0, upstream, 0.0)
        self.dW = np.matmul(self.x.T, dz)
        self.db = np.ones(len(dz)) @ dz
        return np.matmul(dz, self.W.T)


class Net:
    def __init__(self, params):
        m = len(params)
        self.layers = [Layer(np.array(W, dtype=np.float64), np.array(b, dtype=np.float64), i == m - 1) for i, (W, b) in enumerate(params)]
        for left, right in zip(self.layers, self.layers[1:]):
            if left.W.shape[1] != right.W.shape[0]:
                raise BadInput("neighbouring layers do not fit")
        for layer in self.layers:
            if len(layer.b) != layer.W.shape[1]:
                raise BadInput("bias does not fit")

    @property
    def classes(self):
        return self.layers[-1].W.shape[1]

    def data(self, X, y=None):
        X = np.asarray(X, dtype=np.float64)
        if X.shape[1] != self.layers[0].W.shape[0]:
            raise BadInput("X does not fit the first layer")
        if y is None:
            return X
        if not len(X):
            raise BadInput("no samples")
        if len(X) != len(y):
            raise BadInput("X and y differ in length")
        y = np.asarray(y, dtype=np.int64)
        if set(np.unique(y).tolist()) - set(range(self.classes)):
            raise BadInput("unknown label")
        return X, y

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, X, y):
        p = softmax(self(X))
        onehot = np.zeros(p.shape)
        onehot[range(len(y)), y] = 1.0
        up = (p - onehot) / len(y)
        for layer in self.layers[::-1]:
            up = layer.back(up)

    def step(self, lr):
        for layer in self.layers:
            layer.W = layer.W - lr * layer.dW
            layer.b = layer.b - lr * layer.db

    def out(self):
        return [[layer.W.tolist(), layer.b.tolist()] for layer in self.layers]


def init_params(sizes, seed):
    params = []
    for i, (d_in, d_out) in enumerate(zip(sizes, sizes[1:])):
        r = random.Random(seed + 1000 * i)
        sd = math.sqrt(2 / d_in)
        params.append(([[r.gauss(0, sd) for _ in range(d_out)] for _ in range(d_in)], [0.0] * d_out))
    return params


def forward(params, X):
    net = Net(params)
    return net(net.data(X)).tolist()


def softmax(logits):
    z = np.asarray(logits, dtype=np.float64)
    z = z - np.amax(z, axis=1)[:, np.newaxis]
    return np.exp(z) / np.exp(z).sum(1)[:, np.newaxis]


def loss(params, X, y, l2=0.0):
    net = Net(params)
    X, y = net.data(X, y)
    z = net(X)
    lse = np.logaddexp.reduce(z, axis=1)
    correct = z[np.arange(len(y)), y]
    return math.fsum([float(np.average(lse - correct))] + [l2 / 2 * float(np.linalg.norm(layer.W) ** 2) for layer in net.layers])


def gradients(params, X, y, l2=0.0):
    net = Net(params)
    net.backward(*net.data(X, y))
    return [((layer.dW + l2 * layer.W).tolist(), layer.db.tolist()) for layer in net.layers]


def train(params, X, y, lr, n_epochs, batch_size, seed):
    if batch_size < 1:
        raise BadInput("batch_size")
    net = Net(params)
    X, y = net.data(X, y)
    r = random.Random(seed)
    order = list(range(len(X)))
    for _epoch in range(n_epochs):
        r.shuffle(order)
        for start in range(0, len(order), batch_size):
            chosen = order[start:start + batch_size]
            net.backward(X[chosen], y[chosen])
            net.step(lr)
    return net.out()


def predict(params, X):
    net = Net(params)
    return net(net.data(X)).argmax(1).tolist()
