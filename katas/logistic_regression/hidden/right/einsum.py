"""einsum for every product, expit for the sigmoid."""
import numpy as np
from scipy import special


class BadInput(ValueError):
    pass


def _logits(X, w, b):
    return np.einsum("nd,d->n", X, w) + b


def _guard(X=None, y=None, p=None):
    if X is not None and not np.isfinite(np.asarray(X)).all():
        raise BadInput("X has nan or inf")
    if y is None:
        return
    other = X if X is not None else p
    if len(y) == 0 or len(other) == 0:
        raise BadInput("no samples")
    if len(y) != len(other):
        raise BadInput("lengths differ")
    if not set(np.unique(y)) <= {0, 1}:
        raise BadInput("labels must be 0/1")


def sigmoid(z):
    return special.expit(np.asarray(z, dtype=np.float64))


def predict_proba(X, w, b):
    _guard(X=X)
    return special.expit(_logits(X, w, b))


def bce_loss(y, p):
    _guard(y=y, p=p)
    q = np.where(np.asarray(y) == 1, p, 1 - np.asarray(p)).astype(np.float64)
    return -np.log(np.maximum(q, 1e-30)).mean()


def loss(X, y, w, b, l2=0.0):
    _guard(X, y)
    z = _logits(X, w, b)
    sign = np.where(np.asarray(y) == 1, -1.0, 1.0)
    return np.logaddexp(0.0, sign * z).mean() + 0.5 * l2 * np.einsum("d,d->", w, w)


def gradient(X, y, w, b, l2=0.0):
    _guard(X, y)
    r = special.expit(_logits(X, w, b)) - np.asarray(y, dtype=np.float64)
    n = r.shape[0]
    dw = np.einsum("nd,n->d", X, r) / n + l2 * w
    return dw, np.einsum("n->", r) / n


def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
    _guard(X, y)
    w, b = np.zeros(X.shape[1]), np.float64(0)
    y = np.asarray(y, dtype=np.float64)
    n = len(y)
    for _ in range(n_iter):
        r = special.expit(_logits(X, w, b)) - y
        dw = np.einsum("nd,n->d", X, r) / n + l2 * w
        db = np.einsum("n->", r) / n
        w = w - lr * dw
        b = b - lr * db
    return w, b
