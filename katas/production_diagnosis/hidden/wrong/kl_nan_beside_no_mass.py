"""kl_divergence looks for nan only where p is positive

What q is there counts nothing, but nan is bad input wherever it is.
"""

caught_by = ("test_kl_divergence_refuses_bad_input",)

import numpy as np


def kl_divergence(p, q):
    p, q = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
    if p.shape != q.shape:
        raise ValueError("lengths differ")
    for v in (p, q):
        if (v < 0).any() or not v.any():
            raise ValueError("bad shares")
    if np.isnan(p).any() or np.isnan(q[p > 0]).any():
        raise ValueError("nan")
    p, q = p / p.sum(), q / np.nansum(q)
    on = p > 0
    if (q[on] == 0).any():
        return np.inf
    return np.sum(p[on] * np.log(p[on] / q[on]))


def label_shift(y_train, y_prod):
    labels = np.union1d(y_train, y_prod)
    return 0.5 * sum(abs(np.mean(y_train == k) - np.mean(y_prod == k)) for k in labels)


def duplicate_rate(X_train, X_test):
    known = {tuple(row) for row in X_train.tolist()}
    return np.mean([tuple(row) in known for row in X_test.tolist()])


def _z2(a, b):
    noise = a.var(axis=0) / len(a) + b.var(axis=0) / len(b)
    return (a.mean(axis=0) - b.mean(axis=0)) ** 2 / (noise + 1e-300)


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.15:
        return "leakage"
    X0, X1, X2 = (np.asarray(s["X"], dtype=np.float64) for s in (train, test, production))
    y0, y1, y2 = (np.asarray(s["y"]) > 0.5 for s in (train, test, production))
    g1, g2 = (np.asarray(s["y_pred"]) > 0.5 for s in (test, production))

    old, new = (np.diff(np.percentile(X, [25, 75], axis=0), axis=0)[0] for X in (X0, X2))
    if (new * 5.5 < old).any() or (new > 5.5 * old).any():
        return "preprocessing_skew"

    X, y = np.vstack([X0, X1]), np.concatenate([y0, y1])
    moved = (np.abs(X2.mean(axis=0) - X.mean(axis=0)) / X.std(axis=0)).max()
    rate = abs(y2.mean() - y.mean())
    drop = (g1 == y1).mean() - (g2 == y2).mean()
    whole = _z2(X, X2)
    within = np.maximum(_z2(X[y], X2[y2]), _z2(X[~y], X2[~y2]))
    if moved > 0.5:
        if rate < 0.2:
            return "covariate_shift"
        return "label_shift" if within.max() < 16 else "covariate_shift"
    if rate < 0.2:
        return "concept_drift" if drop > 0.075 else "healthy"
    return "label_shift" if within.max() < whole.max() else "concept_drift"
