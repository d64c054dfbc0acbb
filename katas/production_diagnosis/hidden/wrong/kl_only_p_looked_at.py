"""kl_divergence refuses bad input in p only

q can be negative, nan or all zero, too.
"""

caught_by = ("test_kl_divergence_refuses_bad_input",)

import numpy as np


def kl_divergence(p, q):
    p, q = (np.asarray(v, float) for v in (p, q))
    if len(p) != len(q) or any(np.isnan(v).any() or (v < 0).any() or (v == 0).all() for v in (p,)):
        raise ValueError("p and q must be distributions over the same values")
    p, q = p / p.sum(), q / q.sum()
    with np.errstate(all="ignore"):
        return np.nansum(np.where(p > 0, p * (np.log(p) - np.log(q)), 0))


def label_shift(y_train, y_prod):
    return max(0, sum(max(np.mean(y_train == k) - np.mean(y_prod == k), 0) for k in set(y_train.tolist())))


def duplicate_rate(X_train, X_test):
    train = {row.tobytes() for row in np.asarray(X_train, float) + 0.0}
    return np.mean([row.tobytes() in train for row in np.asarray(X_test, float) + 0.0])


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.2:
        return "leakage"
    X, y, P, t = train["X"], train["y"] == 1, production["X"], production["y"] == 1
    iqr = lambda A: np.quantile(A, 0.75, axis=0) - np.quantile(A, 0.25, axis=0)  # noqa: E731
    if (np.abs(np.log(np.maximum(iqr(P) / iqr(X), 1e-9))) > np.log(5.5)).any():
        return "preprocessing_skew"

    def z(A, B):  # the standard error of a median, roughly
        return np.abs(np.median(A, axis=0) - np.median(B, axis=0)) / (iqr(A) * np.sqrt(0.9 / len(A) + 0.9 / len(B)))

    everywhere = z(X, P).max()
    within = max(z(X[y], P[t]).max(), z(X[~y], P[~t]).max())
    if abs(t.mean() - y.mean()) > 0.2 and within < max(4, everywhere / 3) and within < everywhere:
        return "label_shift"
    if everywhere > 5:
        return "covariate_shift"
    hit = lambda s: np.mean(s["y"] == s["y_pred"])  # noqa: E731
    return "concept_drift" if hit(test) - hit(production) > 0.08 else "healthy"
