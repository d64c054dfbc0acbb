"""samples are columns, and everything is transposed on the way in and out"""

import numpy as np
from scipy.special import log_softmax, softmax as scipy_softmax


def _columns(params, X, y=None):
    Ws = [np.asarray(W, dtype=float).T for W, _ in params]
    bs = [np.asarray(b, dtype=float).reshape(-1, 1) for _, b in params]
    A = np.asarray(X, dtype=float).T
    height = A.shape[0]
    for W, b in zip(Ws, bs):
        if W.shape[1] != height or W.shape[0] != b.shape[0]:
            raise ValueError("shapes do not chain")
        height = W.shape[0]
    if y is not None:
        y = np.asarray(y)
        if y.shape != (A.shape[1],) or y.size == 0:
            raise ValueError("number of labels")
        if set(np.unique(y).tolist()) - set(range(height)):
            raise ValueError("labels out of range")
    return Ws, bs, A


def init_params(sizes, seed):
    rng = np.random.RandomState(seed)
    params = []
    for d_in, d_out in zip(sizes[:-1], sizes[1:]):
        params.append(((rng.randn(d_out, d_in) * np.sqrt(2 / d_in)).T, [0.0] * d_out))
    return params


def _run(Ws, bs, A):
    As, Zs = [A], []
    for W, b in zip(Ws, bs):
        Zs.append(W @ As[-1] + b)
        As.append((abs(Zs[-1]) + Zs[-1]) / 2)
    return As, Zs


def forward(params, X):
    return _run(*_columns(params, X))[1][-1].T


def softmax(logits):
    return scipy_softmax(logits, axis=1)


def loss(params, X, y, l2=0.0):
    Ws, bs, A = _columns(params, X, y)
    logp = log_softmax(_run(Ws, bs, A)[1][-1], axis=0)
    flat = logp.ravel()[np.asarray(y).astype(int) * A.shape[1] + np.arange(A.shape[1])]
    return [-flat.mean() + l2 * sum(np.linalg.norm(W) ** 2 for W in Ws) / 2][0]


def _back(Ws, bs, A, y, l2):
    As, Zs = _run(Ws, bs, A)
    onehot = np.arange(len(bs[-1]))[:, None] == np.asarray(y)[None, :]
    D = (scipy_softmax(Zs[-1], axis=0) - onehot) / A.shape[1]
    dWs, dbs = [], []
    for k in range(len(Ws) - 1, -1, -1):
        dWs.insert(0, D @ As[k].T + l2 * Ws[k])
        dbs.insert(0, D @ np.ones((A.shape[1], 1)))
        if k:
            D = (Ws[k].T @ D) * (Zs[k - 1] >= 0)
    return dWs, dbs


def _out(Ws, bs):
    return tuple((W.T.tolist(), b.ravel().tolist()) for W, b in zip(Ws, bs))


def gradients(params, X, y, l2=0.0):
    Ws, bs, A = _columns(params, X, y)
    return _out(*_back(Ws, bs, A, y, l2))


def train(params, X, y, lr, n_epochs, batch_size, seed):
    Ws, bs, A = _columns(params, X, y)
    if batch_size < 1:
        raise ValueError("batch_size must be positive")
    rng = np.random.RandomState(seed)
    y = np.asarray(y)
    for _ in range(n_epochs):
        order = rng.permutation(A.shape[1])
        for rows in np.split(order, range(batch_size, len(order), batch_size)):
            dWs, dbs = _back(Ws, bs, A[:, rows], y[rows], 0.0)
            Ws = [W - lr * dW for W, dW in zip(Ws, dWs)]
            bs = [b - lr * db for b, db in zip(bs, dbs)]
    return _out(Ws, bs)


def predict(params, X):
    return np.nanargmax(forward(params, X), axis=1).astype(np.uint16)
