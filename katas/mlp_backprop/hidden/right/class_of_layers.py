"""layers are objects that keep what went through them"""

import numpy as np


class Linear:
    def __init__(self, W, b):
        self.W = np.array(W, dtype=np.float64)
        self.b = np.array(b, dtype=np.float64)
        if self.b.shape != self.W.shape[1:]:
            raise ValueError("W and b do not belong together")

    def __call__(self, x):
        if x.shape[-1] != self.W.shape[0]:
            raise ValueError(f"{x.shape[-1]} features for {self.W.shape[0]} inputs")
        self.x = x
        return x @ self.W + self.b

    def back(self, d):
        self.dW, self.db = self.x.T @ d, d.sum(0)
        return d @ self.W.T


class ReLU:
    def __call__(self, x):
        self.open = x > 0
        return np.where(self.open, x, 0)

    def back(self, d):
        return np.where(self.open, d, 0)


class MLP:
    def __init__(self, params):
        self.linears = [Linear(W, b) for W, b in params]
        self.chain = []
        for linear in self.linears:
            self.chain += [linear, ReLU()]
        self.chain.pop()

    def __call__(self, X):
        out = np.asarray(X, dtype=np.float64)
        for step in self.chain:
            out = step(out)
        return out

    def check(self, X, y):
        if len(X) == 0:
            raise ValueError("no samples")
        if len(X) != len(y):
            raise ValueError("X and y differ in length")
        if not ((y >= 0) & (y < len(self.linears[-1].b))).all():
            raise ValueError("a label is out of range")

    def back(self, X, y):
        d = softmax(self(X))
        d[np.arange(len(y)), y] -= 1
        d /= len(y)
        for step in self.chain[::-1]:
            d = step.back(d)


def init_params(sizes, seed):
    generator = np.random.Generator(np.random.PCG64(seed))
    return [
        [generator.normal(0, (2 / sizes[k]) ** 0.5, (sizes[k], sizes[k + 1])), np.zeros(sizes[k + 1])]
        for k in range(len(sizes) - 1)
    ]


def forward(params, X):
    return MLP(params)(X)


def softmax(logits):
    e = np.exp(logits - np.amax(logits, 1)[:, None])
    return e / e.sum(1)[:, None]


def loss(params, X, y, l2=0.0):
    net = MLP(params)
    z = net(X)
    net.check(X, y)
    z -= z.max(axis=1, keepdims=True)
    cost = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]
    return cost.mean() + l2 / 2 * sum((linear.W**2).sum() for linear in net.linears)


def gradients(params, X, y, l2=0.0):
    net = MLP(params)
    net.check(X, y)
    net.back(X, y)
    return [[linear.dW + l2 * linear.W, linear.db] for linear in net.linears]


def train(params, X, y, lr, n_epochs, batch_size, seed):
    if batch_size < 1:
        raise ValueError("batch_size")
    net = MLP(params)
    net(X[:1])
    net.check(X, y)
    generator = np.random.Generator(np.random.PCG64(seed))
    for _ in range(n_epochs):
        order = generator.permutation(len(y))
        Xs, ys = X[order], y[order]
        for k in range(0, len(y), batch_size):
            net.back(Xs[k : k + batch_size], ys[k : k + batch_size])
            for linear in net.linears:
                linear.W -= lr * linear.dW
                linear.b -= lr * linear.db
    return [(linear.W, linear.b) for linear in net.linears]


def predict(params, X):
    return forward(params, X).argmax(1)
