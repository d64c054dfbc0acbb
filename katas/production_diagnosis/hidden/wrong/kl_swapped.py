"""kl_divergence averages over q: the two are swapped

The divergence of q from p is another number. Try (0.9, 0.1) against (0.5, 0.5).
"""

caught_by = ("test_kl_divergence_is_of_p_from_q",)

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
        terms = q * np.log(q / p)
    return float(np.where(q == 0, 0.0, terms).sum())


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
    X = np.vstack([train["X"], test["X"]]).astype(float)
    y = np.hstack([train["y"], test["y"]]).astype(bool)
    Z, now = production["X"].astype(float), production["y"].astype(bool)
    if duplicate_rate(train["X"], test["X"]) >= 0.1:
        return "leakage"
    low, high = np.quantile(X, 0.25, axis=0), np.quantile(X, 0.75, axis=0)
    size = (np.quantile(Z, 0.75, axis=0) - np.quantile(Z, 0.25, axis=0)) / (high - low)
    if size.max() > 6 or size.min() < 1 / 6:
        return "preprocessing_skew"
    effect = np.abs(X.mean(axis=0) - Z.mean(axis=0)) / X.std(axis=0)
    all_rows = _z2(X, Z)
    in_classes = (_z2(X[y], Z[now]) + _z2(X[~y], Z[~now])) / 2
    if abs(y.mean() - now.mean()) > 0.2 and in_classes < all_rows and in_classes < 8:
        return "label_shift"
    if effect.max() > 0.5:
        return "covariate_shift"
    right = [np.mean(np.equal(s["y"], s["y_pred"])) for s in (test, production)]
    return "concept_drift" if right[0] - right[1] > 0.075 else "healthy"
