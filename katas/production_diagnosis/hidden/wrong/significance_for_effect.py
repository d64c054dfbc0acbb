"""diagnose takes what is significant for what is large

At a level of 5 % one feature in twenty is, without any cause; and with enough rows everything is.
"""

caught_by = ("test_diagnose_knows_healthy",)

import numpy as np


def kl_divergence(p, q):
    if len(p) != len(q):
        raise ValueError("lengths differ")
    p, q = np.array(p, np.float64), np.array(q, np.float64)
    for each in (p, q):
        if np.isnan(each).any() or each.min() < 0 or each.max() == 0:
            raise ValueError("not a distribution")
        each /= each.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = p * np.log(p / q)
    return float(np.where(p == 0, 0.0, terms).sum())


def label_shift(y_train, y_prod):
    a, b = np.asarray(y_train).astype(float), np.asarray(y_prod).astype(float)
    labels = np.unique(np.concatenate([a, b]))
    share_a = (a[:, None] == labels).mean(axis=0)
    share_b = (b[:, None] == labels).mean(axis=0)
    return 0.5 * np.abs(share_a - share_b).sum()


def duplicate_rate(X_train, X_test):
    both = np.concatenate([X_train, X_test])
    _, group = np.unique(both, axis=0, return_inverse=True)
    group = np.ravel(group)
    return np.isin(group[len(X_train) :], group[: len(X_train)]).mean()


def _z2(a, b):
    """Mean over features of the squared z of a difference of means."""
    variance = a.var(axis=0) / len(a) + b.var(axis=0) / len(b)
    return np.mean(np.square(a.mean(axis=0) - b.mean(axis=0)) / variance)


def diagnose(train, test, production):
    X, Z = train["X"].astype(float), production["X"].astype(float)
    y, now = train["y"].astype(bool), production["y"].astype(bool)
    if duplicate_rate(train["X"], test["X"]) >= 0.1:
        return "leakage"
    low, high = np.quantile(X, 0.25, axis=0), np.quantile(X, 0.75, axis=0)
    size = (np.quantile(Z, 0.75, axis=0) - np.quantile(Z, 0.25, axis=0)) / (high - low)
    if size.max() > 6 or size.min() < 1 / 6:
        return "preprocessing_skew"
    z = (X.mean(axis=0) - Z.mean(axis=0)) / np.sqrt(X.var(axis=0) / len(X) + Z.var(axis=0) / len(Z))
    all_rows = _z2(X, Z)
    in_classes = (_z2(X[y], Z[now]) + _z2(X[~y], Z[~now])) / 2
    rate = (y.mean() - now.mean()) / np.sqrt(y.var() / len(y) + now.var() / len(now))
    if abs(rate) > 1.96 and in_classes < all_rows:
        return "label_shift"
    if np.abs(z).max() > 1.96:
        return "covariate_shift"
    right = [np.mean(np.equal(s["y"], s["y_pred"])) for s in (test, production)]
    return "concept_drift" if right[0] - right[1] > 0.02 else "healthy"
