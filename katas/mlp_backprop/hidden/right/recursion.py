"""the network is a recursion on its first layer"""

import numpy as np


def _fits(params, X):
    if not params:
        return
    (W, b), *rest = params
    rows, columns = W.shape
    if rows != X.shape[1] or b.shape != (columns,):
        raise ValueError("shapes do not chain")
    _fits(rest, np.empty((0, columns)))


def _good(params, X, y):
    _fits(params, X)
    if X.shape[0] != y.shape[0] or not y.size:
        raise ValueError("samples and labels")
    lowest, highest = int(y.min()), int(y.max())
    if lowest < 0 or highest > params[-1][0].shape[1] - 1:
        raise ValueError("labels")


def init_params(sizes, seed):
    def rest(sizes, rng):
        if len(sizes) < 2:
            return []
        W = rng.standard_normal(sizes[:2]) * np.sqrt(2 / sizes[0])
        return [(W, np.zeros(sizes[1])), *rest(sizes[1:], rng)]

    return rest(tuple(sizes), np.random.default_rng(seed))


def forward(params, X):
    _fits(params, X)
    return _forward(params, X)


def _forward(params, X):
    (W, b), *rest = params
    z = X @ W + b
    return _forward(rest, z.clip(min=0)) if rest else z


def softmax(logits):
    logits = np.asarray(logits, dtype=np.longdouble)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).astype(float)


def loss(params, X, y, l2=0.0):
    _good(params, X, y)
    z = _forward(params, X)
    data = (np.logaddexp.reduce(z, axis=1) - z[range(len(y)), y]).mean()
    return data + l2 / 2 * sum(np.vdot(W, W) for W, _ in params)


def gradients(params, X, y, l2=0.0):
    _good(params, X, y)
    return _gradients(params, X, y, l2)[0]


def _gradients(params, X, y, l2):
    """The gradients of these layers, and of what enters them."""
    (W, b), *rest = params
    z = X @ W + b
    if rest:
        above, d = _gradients(rest, np.maximum(z, 0), y, l2)
        d = d * np.heaviside(z, 0)
    else:
        above, d = [], (softmax(z) - np.eye(z.shape[1])[y]) / len(y)
    return [(X.T @ d + l2 * W, d.sum(axis=0)), *above], d @ W.T


def train(params, X, y, lr, n_epochs, batch_size, seed):
    _good(params, X, y)
    if not batch_size >= 1:
        raise ValueError("batch_size")
    rng = np.random.default_rng([seed, 1])
    batches = -(-len(y) // batch_size)
    for _ in range(n_epochs):
        keys = rng.random(len(y))
        order = np.argsort(keys)
        for k in range(batches):
            rows = order[k * batch_size : (k + 1) * batch_size]
            g, _ = _gradients(params, X[rows], y[rows], 0)
            params = [tuple(p - lr * dp for p, dp in zip(layer, slope)) for layer, slope in zip(params, g)]
    return params


def predict(params, X):
    return [int(label) for label in forward(params, X).argmax(axis=1)] if len(X) < 10 else forward(params, X).argmax(axis=1)
