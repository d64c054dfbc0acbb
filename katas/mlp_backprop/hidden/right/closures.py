"""the forward pass returns functions that go back"""

import numpy as np


def _chain_or_raise(params, X):
    shapes = [X.shape] + [np.shape(W) for W, _ in params]
    if any(before[1] != after[0] for before, after in zip(shapes, shapes[1:])):
        raise ValueError("the shapes do not chain")
    if any(np.shape(b) != (np.shape(W)[1],) for W, b in params):
        raise ValueError("each unit needs one bias")


def _samples_or_raise(params, X, y):
    _chain_or_raise(params, X)
    classes = np.shape(params[-1][0])[1]
    if len(X) == 0 or len(X) != len(y):
        raise ValueError("as many labels as samples, and at least one")
    if not np.isin(y, range(classes)).all():
        raise ValueError("a label is no class")


def init_params(sizes, seed):
    seeds = np.random.SeedSequence(seed).spawn(len(sizes) - 1)

    def layer(d_in, d_out, own):
        return np.random.default_rng(own).normal(size=(d_in, d_out)) / np.sqrt(d_in / 2), np.zeros((d_out,))

    return tuple(map(layer, sizes[:-1], sizes[1:], seeds))


def _linear(x, W, b):
    def back(d):
        return d @ W.T, (x.T @ d, np.ones(len(d)) @ d)

    return np.dot(x, W) + b, back


def _relu(x):
    return np.fmax(x, 0), lambda d: d * (x > 0)


def _forward(params, X):
    out, backs = X, []
    for i, (W, b) in enumerate(params):
        if i:
            out, back = _relu(out)
            backs.append(("relu", back))
        out, back = _linear(out, np.asarray(W, dtype=float), np.asarray(b, dtype=float))
        backs.append(("linear", back))
    return out, backs


def forward(params, X):
    _chain_or_raise(params, X)
    return _forward(params, X)[0]


def _log_sum_exp(z):
    top = z.max(axis=1, keepdims=True)
    return top + np.log(np.sum(np.exp(z - top), axis=1, keepdims=True))


def softmax(logits):
    logits = np.asarray(logits, dtype=np.float64)
    return np.exp(logits - _log_sum_exp(logits)).tolist()


def loss(params, X, y, l2=0.0):
    _samples_or_raise(params, X, y)
    z, _ = _forward(params, X)
    right = np.equal.outer(np.asarray(y), np.arange(z.shape[1]))
    costs = _log_sum_exp(z)[:, 0] - z[right]
    weights = np.concatenate([np.ravel(W) for W, _ in params]).astype(float)
    return np.array(costs.sum() / costs.size + l2 / 2 * (weights @ weights))


def _gradients(params, X, y):
    z, backs = _forward(params, X)
    right = np.equal.outer(np.asarray(y), np.arange(z.shape[1])).astype(float)
    d = (np.exp(z - _log_sum_exp(z)) - right) / len(right)
    found = []
    for what, back in reversed(backs):
        if what == "relu":
            d = back(d)
        else:
            d, slopes = back(d)
            found.append(slopes)
    found.reverse()
    return found


def gradients(params, X, y, l2=0.0):
    _samples_or_raise(params, X, y)
    return [(dW + l2 * np.asarray(W), db) for (dW, db), (W, _) in zip(_gradients(params, X, y), params)]


def train(params, X, y, lr, n_epochs, batch_size, seed):
    _samples_or_raise(params, X, y)
    if batch_size < 1:
        raise ValueError("an empty batch")
    rng = np.random.default_rng(seed)
    data = list(params)
    for _ in range(n_epochs):
        order = rng.choice(len(y), len(y), replace=False)
        Xs, ys = np.take(X, order, axis=0), np.take(y, order)
        first = 0
        while first < len(ys):
            last = min(first + batch_size, len(ys))
            steps = _gradients(data, Xs[first:last], ys[first:last])
            data = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(data, steps)]
            first = last
    return data


def predict(params, X):
    _chain_or_raise(params, X)
    return np.argsort(-_forward(params, X)[0], axis=1)[:, 0]
