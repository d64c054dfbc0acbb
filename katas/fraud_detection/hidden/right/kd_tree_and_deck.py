"""KD-tree, pairs of neighbours dealt from a shuffled deck, places from a beta distribution, cost from the lowest up."""

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import expit, logit


def _arrays(y_true, y_score):
    y_true, y_score = np.asarray(y_true), np.asarray(y_score, dtype=np.float64)
    n = len(y_true)
    if n == 0 or n != len(y_score):
        raise ValueError("as many scores as labels, please, and some of them")
    if np.setdiff1d(y_true.astype(np.float64), [0, 1]).size:
        raise ValueError("strange labels")
    if not np.isfinite(y_score).all():
        raise ValueError("strange scores")
    return y_true.astype(bool), y_score


def weighted_bce(y, p, pos_weight):
    if pos_weight <= 0:
        raise ValueError("pos_weight must be above 0")
    is_one = np.asarray(y).astype(bool)
    p = np.asarray(p, dtype=np.float64)
    with np.errstate(divide="ignore"):
        of_ones = np.maximum(np.log(p[is_one]), -100.0)
        of_zeros = np.maximum(np.log1p(-p[~is_one]), -100.0)
    return -(pos_weight * of_ones.sum() + of_zeros.sum()) / p.size


def balanced_pos_weight(y):
    share = np.mean(np.asarray(y, dtype=np.float64))
    if share == 0:
        raise ValueError("no positives")
    return (1 - share) / share


def average_precision(y_true, y_score):
    y, s = _arrays(y_true, y_score)
    if not y.any():
        return np.float64("nan")
    values, group, sizes = np.unique(-s, return_inverse=True, return_counts=True)
    tp = np.zeros(values.size, dtype=np.int64)
    np.add.at(tp, group[y], 1)
    area = np.cumsum(tp) / np.cumsum(sizes)
    return np.average(area, weights=tp)


def f_beta(y_true, y_score, threshold, beta):
    y, s = _arrays(y_true, y_score)
    if beta <= 0:
        raise ValueError("beta must be above 0")
    picked = y[s >= threshold]
    if not picked.any():
        return 0.0
    precision, recall = picked.mean(), picked.sum() / y.sum()
    return (1 + beta**2) / (1 / precision + beta**2 / recall)


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    y, s = _arrays(y_true, y_score)
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("costs must be at least 0")
    order = np.argsort(s)
    s, y = s[order], y[order]
    gain = np.where(y, cost_fn, -cost_fp).astype(np.float64)
    # raising the threshold past a sample changes the cost by what it is worth
    cost = cost_fp * np.count_nonzero(~y) + np.concatenate([[0.0], np.cumsum(gain)])
    possible = np.concatenate([[True], s[1:] > s[:-1], [True]])
    place = np.flatnonzero(possible)[np.argmin(cost[possible])]
    threshold = np.inf if place == len(s) else s[place]
    said = s >= threshold
    return threshold, cost_fp * np.count_nonzero(said & ~y) + cost_fn * np.count_nonzero(~said & y)


def undersample(X, y, negatives_per_positive, seed):
    X, one = np.asarray(X), np.asarray(y).astype(bool)
    frauds, rest = X[one], X[~one]
    quota = min(len(rest), int(np.around(negatives_per_positive * len(frauds))))
    some = np.random.default_rng(np.random.SeedSequence(seed)).choice(rest, quota, replace=False, axis=0)
    return np.vstack([some, frauds]), np.repeat([0, 1], [quota, len(frauds)])


def corrected_probability(p, kept_fraction):
    if not 0 < kept_fraction <= 1:
        raise ValueError("kept_fraction must be in (0, 1]")
    with np.errstate(divide="ignore"):
        return expit(logit(np.asarray(p, dtype=np.float64)) + np.log(kept_fraction))


def smote(X_minority, n_new, k, seed):
    X = np.asarray(X_minority, dtype=np.float64)
    if len(X) < 2:
        raise ValueError("two points are needed")
    k = min(k, len(X) - 1)
    near = cKDTree(X).query(X, k=k + 1)[1][:, 1:]
    rng = np.random.Generator(np.random.Philox(seed))
    deck = np.resize(rng.permutation(near.size), n_new)
    a, b = X[deck // k], X[near.ravel()[deck]]
    t = rng.beta(2, 2, size=(n_new, 1))
    return a + t * (b - a)
