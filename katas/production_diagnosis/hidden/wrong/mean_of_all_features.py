"""diagnose averages the moves of all features

One goes up, another down, and most stay: the mean of it is small.
"""

caught_by = ("test_diagnose_knows_covariate_shift",)

import numpy as np


def kl_divergence(p, q):
    p, q = _distribution(p), _distribution(q)
    if len(p) != len(q):
        raise ValueError(f"p has {len(p)} values and q has {len(q)}")
    some = p > 0  # where p is 0 the term is 0, whatever q is
    if np.any(q[some] == 0):
        return np.inf
    return np.sum(p[some] * (np.log(p[some]) - np.log(q[some])))


def label_shift(y_train, y_prod):
    labels = np.union1d(y_train, y_prod)
    return sum(abs(np.mean(y_train == label) - np.mean(y_prod == label)) for label in labels) / 2


def duplicate_rate(X_train, X_test):
    seen = {tuple(row) for row in X_train.tolist()}
    return np.mean([tuple(row) in seen for row in X_test.tolist()])


def diagnose(train, test, production):
    # What needs no statistics comes first: copies are facts, and a change of units moves everything else along.
    if duplicate_rate(train["X"], test["X"]) > 0.15:
        return "leakage"
    X, y = (np.concatenate([train[key], test[key]]).astype(float) for key in ("X", "y"))
    X_now, y_now = production["X"].astype(float), production["y"].astype(float)
    wider = _spread(X_now) / _spread(X)
    if np.any((wider > 5) | (wider < 1 / 5)):
        return "preprocessing_skew"

    # How far did the means move, in standard deviations, and how much of it does the rate of labels explain?
    moved = (X_now.mean(axis=0) - X.mean(axis=0)) / X.std(axis=0)
    between = (X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)) / X.std(axis=0)
    rate = y_now.mean() - y.mean()
    left = moved - rate * between
    if abs(moved.mean()) > 0.4 and abs(left.mean()) > 0.2:
        return "covariate_shift"
    if abs(rate) > 0.2 and left @ left < moved @ moved:
        return "label_shift"
    return "concept_drift" if _accuracy(test) - _accuracy(production) > 0.08 else "healthy"


def _distribution(counts):
    counts = np.asarray(counts, dtype=float)
    if not (counts >= 0).all() or not counts.any():  # nan is not >= 0 either
        raise ValueError("a distribution must be non-negative numbers, one of them positive")
    return counts / counts.sum()


def _spread(X):
    return np.subtract(*np.quantile(X, [0.75, 0.25], axis=0))


def _accuracy(sample):
    return np.mean(sample["y"] == sample["y_pred"])
