"""the bias is one more row of W, for a column of ones"""

import random

import numpy as np


def _augmented(params, X):
    n, width = X.shape
    out = []
    for W, b in params:
        if W.shape[0] != width or len(b) != W.shape[1]:
            raise ValueError("shapes do not chain")
        out.append(np.vstack([W, b]).astype(np.float64))
        width = len(b)
    return out


def _check(thetas, X, y):
    if not len(X):
        raise ValueError("no samples")
    if len(X) != len(y):
        raise ValueError("lengths")
    labels = np.unique(y)
    if labels[0] < 0 or labels[-1] >= thetas[-1].shape[1]:
        raise ValueError("labels")


def _ones(h):
    return np.hstack([h, np.ones((len(h), 1))])


def _up(thetas, X):
    entered = [_ones(X)]
    for theta in thetas[:-1]:
        z = entered[-1] @ theta
        z[z < 0] = 0
        entered.append(_ones(z))
    return entered, entered[-1] @ thetas[-1]


def _split(thetas):
    return [(theta[:-1], theta[-1]) for theta in thetas]


def init_params(sizes, seed):
    state = random.Random(seed)
    params = []
    for d_in, d_out in zip(sizes, sizes[1:]):
        draws = [state.gauss(0, (2 / d_in) ** 0.5) for _ in range(d_in * d_out)]
        params.append((np.reshape(draws, (d_in, d_out)), np.zeros(d_out)))
    return params


def forward(params, X):
    return _up(_augmented(params, X), X)[1]


def softmax(logits):
    # e^z / sum e^z = 1 / sum e^(other - z), with the larger exponents cut where nothing is left of the quotient
    gaps = logits[:, None, :].astype(float) - logits[:, :, None]
    return 1 / np.exp(np.minimum(gaps, 700)).sum(axis=2)


def loss(params, X, y, l2=0.0):
    thetas = _augmented(params, X)
    _check(thetas, X, y)
    z = _up(thetas, X)[1]
    own = np.take_along_axis(z, y.astype(np.intp).reshape(-1, 1), axis=1)
    gaps = z - own
    top = gaps.max(axis=1)
    costs = top + np.log(np.exp(gaps - top[:, None]).sum(axis=1))
    return float(np.average(costs)) + 0.5 * l2 * float(sum(np.sum(theta[:-1] ** 2) for theta in thetas))


def _down(thetas, X, y, l2):
    entered, z = _up(thetas, X)
    z = np.exp(z - z.max(axis=1, keepdims=True))
    delta = z / z.sum(axis=1, keepdims=True)
    np.subtract.at(delta, (np.arange(len(y)), y), 1)
    slopes = []
    for theta, h in zip(thetas[::-1], entered[::-1]):
        slope = np.einsum("ni,nj->ij", h, delta, optimize=True) / len(y)
        slope[:-1] += l2 * theta[:-1]
        slopes.append(slope)
        delta = (delta @ theta.T * (h > 0))[:, :-1]
    return slopes[::-1]


def gradients(params, X, y, l2=0.0):
    thetas = _augmented(params, X)
    _check(thetas, X, y)
    return _split(_down(thetas, X, y, l2))


def train(params, X, y, lr, n_epochs, batch_size, seed):
    if batch_size <= 0:
        raise ValueError("batch_size")
    thetas = _augmented(params, X)
    _check(thetas, X, y)
    for epoch in range(n_epochs):
        order = np.random.default_rng((seed, epoch)).permutation(len(X))
        while len(order):
            rows, order = order[:batch_size], order[batch_size:]
            thetas = [theta - lr * slope for theta, slope in zip(thetas, _down(thetas, X[rows], y[rows], 0.0))]
    return _split(thetas)


def predict(params, X):
    logits = forward(params, X)
    return np.where(logits == logits.max(axis=1, keepdims=True), np.arange(logits.shape[1]), -1).max(axis=1)
