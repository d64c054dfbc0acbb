"""a classifier of old and new rows, by Newton steps on ranks, then weighted to the new rate of labels"""

import math

import numpy as np


def kl_divergence(p, q):
    p, q = [float(v) for v in p], [float(v) for v in q]
    if len(p) != len(q):
        raise ValueError("different lengths")
    if not all(v >= 0 for v in p + q):
        raise ValueError("negative or nan")
    sp, sq = math.fsum(p), math.fsum(q)
    if sp == 0 or sq == 0:
        raise ValueError("all zero")
    total = []
    for a, b in zip(p, q):
        if a > 0:
            if b == 0:
                return math.inf
            total.append(a / sp * (math.log(a / sp) - math.log(b / sq)))
    return math.fsum(total)


def label_shift(y_train, y_prod):
    count = {}
    for k in y_train.tolist():
        count[k] = count.get(k, 0) + 1 / len(y_train)
    for k in y_prod.tolist():
        count[k] = count.get(k, 0) - 1 / len(y_prod)
    return sum(v for v in count.values() if v > 0)


def duplicate_rate(X_train, X_test):
    pack = lambda X: [row.tobytes() for row in np.ascontiguousarray(X, dtype=np.float64)]
    known = set(pack(X_train))
    return np.mean([row in known for row in pack(X_test)])


class Separator:
    """Tells production rows from training rows; the score is the mean margin between the two groups."""

    def __init__(self, old, new):
        both = np.vstack([old, new])
        ranks = both.argsort(axis=0, kind="stable").argsort(axis=0) / len(both) - 0.5
        self.F = np.column_stack([np.ones(len(both)), ranks, ranks**2])
        self.t = np.r_[np.zeros(len(old)), np.ones(len(new))]

    def distance(self, weight_old):
        """Weighted |difference of mean score| between both sides for the fitted classifier."""
        n_old = len(weight_old)
        a = weight_old / weight_old.sum()
        b = np.full(len(self.t) - n_old, 1 / (len(self.t) - n_old))
        sample = np.r_[a, b]
        w = np.zeros(self.F.shape[1])
        for _ in range(8):
            p = 1 / (1 + np.exp(-np.clip(self.F @ w, -30, 30)))
            H = (self.F * (sample * np.maximum(p * (1 - p), 1e-4))[:, None]).T @ self.F + 2e-3 * np.eye(len(w))
            w = w + np.linalg.solve(H, self.F.T @ (sample * (self.t - p)) - 2e-3 * w)
        z = np.clip(self.F @ w, -30, 30)
        p = 1 / (1 + np.exp(-z))
        return abs(b @ p[n_old:] - a @ p[:n_old])


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.1:
        return "leakage"
    iqr = lambda s: np.subtract(*np.percentile(s["X"].astype(float), [75, 25], axis=0))
    with np.errstate(divide="ignore"):
        if np.abs(np.log(iqr(production) / iqr(train))).max() > math.log(5.5):
            return "preprocessing_skew"
    y = np.r_[train["y"] > 0, test["y"] > 0]
    now = production["y"] > 0
    sep = Separator(np.vstack([train["X"], test["X"]]).astype(float), production["X"].astype(float))
    plain = sep.distance(np.ones(len(y)))
    share, share_now = y.mean(), now.mean()
    weighted = sep.distance(np.where(y, share_now / share, (1 - share_now) / (1 - share)))
    rate = abs(share - share_now)
    fall = np.mean((test["y"] > 0) == (test["y_pred"] > 0)) - np.mean(now == (production["y_pred"] > 0))
    if rate >= 0.2 and weighted < 0.5 * plain:
        return "label_shift"
    moved = max(
        abs(np.median(production["X"][:, j]) - np.median(train["X"][:, j])) / train["X"][:, j].astype(float).std()
        for j in range(train["X"].shape[1])
    )
    if plain > 0.04 and moved > 0.4:
        return "covariate_shift"
    return "concept_drift" if fall > 0.08 else "healthy"
