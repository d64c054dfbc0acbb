"""label_shift counts labels from 0 on, and fails on others

Labels are whole numbers, and some are negative.
"""

caught_by = ("test_label_shift_agrees_on_any_labels",)

import numpy as np


def kl_divergence(p, q):
    p = np.asarray(p).astype(np.float64)
    q = np.asarray(q).astype(np.float64)
    if p.size != q.size:
        raise ValueError("p and q are not of one length")
    bad = [~(x >= 0).all() or not x.sum() > 0 for x in (p, q)]
    if any(bad):
        raise ValueError("counts must be >= 0, with a sum > 0")
    support = p != 0
    ratio = np.divide(p[support] * q.sum(), p.sum() * q[support], out=np.full(support.sum(), np.inf), where=q[support] > 0)
    return np.dot(p[support], np.log(ratio)) / p.sum()


def label_shift(y_train, y_prod):
    y_train, y_prod = y_train.astype(int), y_prod.astype(int)
    k = int(max(y_train.max(), y_prod.max())) + 1
    before = np.bincount(y_train, minlength=k)
    after = np.bincount(y_prod, minlength=k)
    return np.clip(before / before.sum() - after / after.sum(), 0, None).sum()


def duplicate_rate(X_train, X_test):
    X_train, X_test = np.asarray(X_train), np.asarray(X_test)
    order = np.lexsort(np.vstack([X_train, X_test]).T)
    rows = np.vstack([X_train, X_test])[order]
    new_group = np.r_[True, (rows[1:] != rows[:-1]).any(axis=1)]
    group = np.cumsum(new_group) - 1
    from_train = order < len(X_train)
    in_train = np.bincount(group, weights=from_train) > 0
    return in_train[group][~from_train].mean()


class Histograms:
    """Ten quantile bins of each feature, of training and test data together."""

    def __init__(self, X):
        self.edges = np.quantile(X, np.linspace(0, 1, 11)[1:-1], axis=0)

    def counts(self, X):
        return [
            np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) + 0.5 for edges, x in zip(self.edges.T, X.T)
        ]

    def divergence(self, A, B):
        """The largest divergence of a feature, less what chance gives."""
        chance = 9 / 2 * (1 / len(A) + 1 / len(B))
        return max(kl_divergence(b, a) for a, b in zip(self.counts(A), self.counts(B))) / chance


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.15:
        return "leakage"
    X = np.concatenate((train["X"], test["X"])).astype(np.float64)
    y = np.concatenate((train["y"].astype(int), test["y"].astype(int)))
    X_new, y_new = production["X"].astype(np.float64), production["y"].astype(int)
    iqr = np.diff(np.percentile(X, [25, 75], axis=0), axis=0)
    iqr_new = np.diff(np.percentile(X_new, [25, 75], axis=0), axis=0)
    if np.any(iqr_new > 5.5 * iqr) or np.any(iqr > 5.5 * iqr_new):
        return "preprocessing_skew"
    bins = Histograms(X)
    marginal = bins.divergence(X, X_new)
    within = max(bins.divergence(X[y == c], X_new[y_new == c]) for c in (0, 1))
    if label_shift(y, y_new) > 0.2 and within < marginal and within < 4:
        return "label_shift"
    if marginal > 6:
        return "covariate_shift"
    correct = test["y"].astype(int) == test["y_pred"].astype(int)
    correct_new = y_new == production["y_pred"].astype(int)
    if correct.mean() - correct_new.mean() > 0.08:
        return "concept_drift"
    return "healthy"
