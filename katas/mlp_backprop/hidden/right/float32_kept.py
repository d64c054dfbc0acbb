"""computes in float32 where the arrays are float32"""

import numpy as np


def _check(params, X, y=None):
    width = X.shape[1]
    for W, b in params:
        if W.shape != (width, b.size) or b.ndim != 1:
            raise ValueError("shapes")
        width = b.size
    if y is not None:
        if len(y) != len(X) or len(y) < 1:
            raise ValueError("samples")
        if (y.astype(np.int64) < 0).any() or (y.astype(np.int64) >= width).any():
            raise ValueError("labels")


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    out = []
    for a, b in zip(sizes, sizes[1:]):
        W = rng.standard_normal((a, b), dtype=np.float32) * np.float32(np.sqrt(2 / a))
        out.append((W, np.zeros(b, dtype=np.float32)))
    return out


def _pass(params, X):
    hs = [X]
    for i, (W, b) in enumerate(params):
        z = hs[-1] @ W
        z += b.astype(z.dtype, copy=False)
        if i + 1 < len(params):
            np.maximum(z, 0, out=z)
        hs.append(z)
    return hs


def forward(params, X):
    _check(params, X)
    return _pass(params, X)[-1]


def softmax(logits):
    out = logits - logits.max(axis=-1, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(axis=-1, keepdims=True)
    return out


def loss(params, X, y, l2=0.0):
    _check(params, X, y)
    z = _pass(params, X)[-1]
    z = z - z.max(axis=1, keepdims=True)
    picked = z[np.arange(len(y)), y]
    data = np.mean(np.log(np.exp(z).sum(axis=1)) - picked)
    return data + z.dtype.type(l2 / 2) * sum((W * W).sum() for W, _ in params)


def _slopes(params, X, y, l2):
    *hs, z = _pass(params, X)
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1
    d /= d.dtype.type(len(y))
    out = []
    for (W, _), h in zip(params[::-1], hs[::-1]):
        dW = h.T @ d
        dW += dW.dtype.type(l2) * W.astype(dW.dtype, copy=False)
        out.insert(0, (dW, d.sum(axis=0)))
        d = d @ W.T
        d[h <= 0] = 0
    return out


def gradients(params, X, y, l2=0.0):
    _check(params, X, y)
    return _slopes(params, X, y, l2)


def train(params, X, y, lr, n_epochs, batch_size, seed):
    _check(params, X, y)
    if batch_size < 1:
        raise ValueError("batch_size")
    rng = np.random.default_rng(seed)
    ps = [(W.copy(), b.copy()) for W, b in params]
    index = np.arange(len(y))
    for _ in range(n_epochs):
        rng.shuffle(index)
        for start in range(0, len(y), batch_size):
            rows = index[start : start + batch_size]
            for (W, b), (dW, db) in zip(ps, _slopes(ps, X[rows], y[rows], 0.0)):
                W -= (lr * dW).astype(W.dtype)
                b -= (lr * db).astype(b.dtype)
    return ps


def predict(params, X):
    return forward(params, X).argmax(axis=-1)
