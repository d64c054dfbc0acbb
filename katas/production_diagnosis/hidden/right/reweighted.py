"""label shift by reweighting training rows; every cause may overrule the ones before it; rows as raw bytes"""

import numpy as np
from scipy.special import xlogy


def _shares(values):
    shares = np.array(values, dtype=float)
    if not np.all(np.greater_equal(shares, 0)) or not shares.sum():
        raise ValueError("shares must be non-negative, and not all zero")
    return shares / shares.sum()


def kl_divergence(p, q):
    if len(p) != len(q):
        raise ValueError("p and q must have one length")
    p, q = _shares(p), _shares(q)
    if np.any((q == 0) & (p != 0)):
        return np.inf
    return np.sum(xlogy(p, p)) - np.sum(xlogy(p, np.where(q == 0, 1, q)))


def label_shift(y_train, y_prod):
    def rates(y):
        labels, counts = np.unique(y, return_counts=True)
        return dict(zip(labels.astype(float).tolist(), (counts / len(y)).tolist()))

    a, b = rates(y_train), rates(y_prod)
    return sum(abs(a.get(label, 0) - b.get(label, 0)) for label in {*a, *b}) * 0.5


def duplicate_rate(X_train, X_test):
    def as_bytes(X):
        X = np.ascontiguousarray(X)
        return X.view(np.dtype((np.void, X.dtype.itemsize * X.shape[1]))).ravel()

    return np.isin(as_bytes(X_test), as_bytes(X_train)).mean()


def diagnose(train, test, production):
    y, y_now = train["y"].astype(float), production["y"].astype(float)
    accuracies = [np.mean(s["y"].astype(float) == s["y_pred"].astype(float)) for s in (test, production)]
    answer = "concept_drift" if accuracies[0] - accuracies[1] > 0.09 else "healthy"

    mean, std = train["X"].mean(axis=0, dtype=float), train["X"].std(axis=0, dtype=float)
    X, X_now = (train["X"] - mean) / std, (production["X"] - mean) / std
    moved = np.abs(X_now.mean(axis=0)).max()
    if moved > 0.5:
        answer = "covariate_shift"
    weights = np.where(y == 1, y_now.mean() / y.mean(), (1 - y_now.mean()) / (1 - y.mean()))
    expected = (X * weights[:, None]).mean(axis=0)
    unexplained = np.abs(X_now.mean(axis=0) - expected).max()
    if abs(y_now.mean() - y.mean()) > 0.25 and unexplained < min(0.22, moved):
        answer = "label_shift"

    width, width_now = (np.subtract(*np.quantile(each, [0.9, 0.1], axis=0)) for each in (X, X_now))
    if np.any(width_now > 5 * width) or np.any(width_now < width / 5):
        answer = "preprocessing_skew"
    return "leakage" if duplicate_rate(train["X"], test["X"]) > 0.1 else answer
