"""rank sums (Mann-Whitney) instead of means, against the training set alone; bisection in sorted rows"""

import bisect

import numpy as np


def kl_divergence(p, q):
    if p.shape != q.shape:
        raise ValueError("p and q differ in length")
    if (~(p >= 0)).any() or (~(q >= 0)).any() or p.max() == 0 or q.max() == 0:
        raise ValueError("p and q must be distributions")
    p, q = p / p.sum(dtype=float), q / q.sum(dtype=float)
    total = 0.0
    for a, b in zip(p.tolist(), q.tolist()):
        if a > 0:
            total += a * np.log(a / b) if b > 0 else np.inf
    return total


def label_shift(y_train, y_prod):
    both = np.concatenate([np.asarray(y_train, dtype=float), np.asarray(y_prod, dtype=float)])
    labels, codes = np.unique(both, return_inverse=True)
    table = np.zeros((2, len(labels)))
    np.add.at(table, ((np.arange(len(both)) >= len(y_train)).astype(int), codes.ravel()), 1)
    table /= table.sum(axis=1, keepdims=True)
    return 1 - table.min(axis=0).sum()


def duplicate_rate(X_train, X_test):
    rows = sorted(map(tuple, X_train.tolist()))
    found = 0
    for row in map(tuple, X_test.tolist()):
        place = bisect.bisect_left(rows, row)
        found += place < len(rows) and rows[place] == row
    return found / len(X_test)


def _z(a, b):
    """The largest z of a rank sum over the features."""
    n, m = len(a), len(b)
    ranks = np.argsort(np.argsort(np.concatenate([a, b]), axis=0), axis=0) + 1.0
    above = ranks[n:].sum(axis=0) - m * (m + 1) / 2
    return np.abs(above / (n * m) - 0.5).max() * np.sqrt(12 * n * m / (n + m + 1))


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.15:
        return "leakage"
    X, X_now = train["X"], production["X"]
    for before, now in zip(X.T, X_now.T):
        a, b = np.ptp(np.percentile(before, [25, 75])), np.ptp(np.percentile(now, [25, 75]))
        if b > 5 * a or 5 * b < a:
            return "preprocessing_skew"
    y, y_now = np.array(train["y"], bool), np.array(production["y"], bool)
    everywhere = _z(X, X_now)
    within = max(_z(X[y], X_now[y_now]), _z(X[~y], X_now[~y_now]))
    if abs(y.mean() - y_now.mean()) > 0.2 and within < 4.5 and everywhere > 2.5:
        return "label_shift"
    if everywhere > 5:
        return "covariate_shift"
    fell = np.mean(test["y"] == test["y_pred"]) - np.mean(production["y"] == production["y_pred"])
    return "concept_drift" if fell > 0.08 else "healthy"
