"""all params are views of one vector, and one batch of everything is not shuffled"""
import numpy as np


def _flatten(params):
    sizes = [np.asarray(W).shape for W, _ in params]
    theta = np.concatenate([np.ravel(a) for pair in params for a in pair]).astype(np.float64)
    return theta, _views(theta, sizes), sizes


def _views(theta, sizes):
    out, at = [], 0
    for i, o in sizes:
        W = theta[at:at + i * o].reshape(i, o)
        at += i * o
        out.append((W, theta[at:at + o]))
        at += o
    return out


def _must(condition, why):
    if not condition:
        raise ValueError(why)


def _fits(params, X):
    width = X.shape[-1]
    for W, b in params:
        i, o = W.shape
        _must(i == width, "W")
        _must(len(b) == o, "b")
        width = o
    return width


def _data(params, X, y):
    C = _fits(params, X)
    _must(X.shape[0] > 0, "n")
    _must(X.shape[0] == y.shape[0], "len")
    yy = y.astype(np.int64)
    _must(not np.any(yy < 0) and not np.any(yy > C - 1), "label")
    return yy


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    out = []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        W = rng.standard_normal(size=(fan_out, fan_in)).T
        W *= np.sqrt(2 / fan_in)
        out.append([W, np.zeros(fan_out)])
    return out


def forward(params, X):
    _fits(params, X)
    A = X
    for k, (W, b) in enumerate(params):
        if k:
            A = np.maximum(A, 0)
        A = A @ W
        A = A + b
    return A


def softmax(logits):
    P = np.array(logits, dtype=np.float64, copy=True)
    P -= P.max(axis=1, keepdims=True)
    np.exp(P, out=P)
    P /= P.sum(axis=1, keepdims=True)
    return P


def loss(params, X, y, l2=0.0):
    y = _data(params, X, y)
    Z = forward(params, X.astype(np.float64))
    Z -= np.max(Z, axis=1, keepdims=True)
    ce = np.log(np.sum(np.exp(Z), axis=1)) - np.take_along_axis(Z, y[:, None], axis=1)[:, 0]
    return ce.mean() + l2 / 2 * sum(np.sum(np.float64(1) * W * W) for W, _ in params)


def _grad(views, X, y, l2, into):
    acts, A = [], X
    for k, (W, b) in enumerate(views):
        acts.append(A)
        A = A @ W
        A += b
        if k < len(views) - 1:
            np.maximum(A, 0, out=A)
    D = softmax(A)
    D[np.arange(len(y)), y] -= 1.0
    D *= 1.0 / len(y)
    for k in range(len(views) - 1, -1, -1):
        W, _ = views[k]
        dW, db = into[k]
        np.matmul(acts[k].T, D, out=dW)
        if l2:
            dW += l2 * W
        np.sum(D, axis=0, out=db)
        if k:
            D = D @ W.T
            D[acts[k] == 0] = 0.0


def gradients(params, X, y, l2=0.0):
    y = _data(params, X, y)
    theta, views, sizes = _flatten(params)
    grad = np.empty_like(theta)
    gviews = _views(grad, sizes)
    _grad(views, X.astype(np.float64), y, l2, gviews)
    return gviews


def train(params, X, y, lr, n_epochs, batch_size, seed):
    y = _data(params, X, y)
    _must(batch_size > 0, "batch_size")
    theta, views, sizes = _flatten(params)
    grad = np.empty_like(theta)
    gviews = _views(grad, sizes)
    X = X.astype(np.float64)
    n = len(X)
    if batch_size >= n:
        for _ in range(n_epochs):
            _grad(views, X, y, 0.0, gviews)
            theta -= lr * grad
        return views
    rng = np.random.default_rng(seed)
    everyone = np.arange(n)
    for _ in range(n_epochs):
        order = rng.permuted(everyone)
        full, rest = divmod(n, batch_size)
        for k in range(full + bool(rest)):
            i = order[k * batch_size:(k + 1) * batch_size]
            _grad(views, X[i], y[i], 0.0, gviews)
            theta -= lr * grad
    return views


def predict(params, X):
    return np.argmax(forward(params, X), axis=1).astype(np.uint16)
