"""kl_divergence lets nan through

Is nan below 0? Is it not? Neither comparison is true.
"""

caught_by = ("test_kl_divergence_refuses_bad_input",)

from collections import Counter
import numpy as np
from scipy.special import rel_entr


def kl_divergence(p, q):
    p, q = np.asarray(p, dtype="f8"), np.asarray(q, dtype="f8")
    if p.shape != q.shape:
        raise ValueError(f"shapes {p.shape} and {q.shape}")
    if np.any(p < 0) or np.any(q < 0):
        raise ValueError("negative, or nan")
    if p.sum() == 0 or q.sum() == 0:
        raise ValueError("all zero")
    return rel_entr(p / p.sum(), q / q.sum()).sum()


def label_shift(y_train, y_prod):
    a, b = Counter(y_train.tolist()), Counter(y_prod.tolist())
    return sum(abs(a[k] / len(y_train) - b[k] / len(y_prod)) for k in a.keys() | b.keys()) / 2


def _keys(X):
    rows = np.ascontiguousarray(X + 0.0)
    return rows.view([("", rows.dtype)] * rows.shape[1]).ravel()


def duplicate_rate(X_train, X_test):
    train = np.sort(_keys(X_train))
    test = _keys(X_test)
    place = np.minimum(np.searchsorted(train, test), len(train) - 1)
    return np.count_nonzero(train[place] == test) / len(test)


def _ks(a, b):
    at = np.concatenate([a, b])
    a, b = np.sort(a), np.sort(b)
    return np.max(np.abs(np.searchsorted(a, at, "right") / len(a) - np.searchsorted(b, at, "right") / len(b)))


def _largest(A, B):
    """The largest distance of a feature, in units of what chance makes of it."""
    unit = np.sqrt(1 / len(A) + 1 / len(B))
    return max(_ks(A[:, j], B[:, j]) for j in range(A.shape[1])) / unit


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.2:
        return "leakage"
    A, B = np.concatenate([train["X"], test["X"]]), production["X"]
    y, z = np.concatenate([train["y"] > 0, test["y"] > 0]), production["y"] > 0
    for j in range(A.shape[1]):
        was, now = (np.subtract(*np.quantile(each[:, j].astype(float), (0.75, 0.25))) for each in (A, B))
        if now == 0 or not 0.2 < now / was < 5:
            return "preprocessing_skew"
    marginal = _largest(A, B)
    inside = max(_largest(A[y == c], B[z == c]) for c in (False, True))
    fall = np.mean(test["y"] == test["y_pred"]) - np.mean(production["y"] == production["y_pred"])
    if abs(z.mean() - y.mean()) > 0.22 and inside < marginal and inside < 2.5:
        return "label_shift"
    if marginal > 2.5:
        return "covariate_shift"
    if fall > 0.08:
        return "concept_drift"
    return "healthy"
