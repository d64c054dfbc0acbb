"""Decorators validate, records are sorted, neighbours are found by argmin k times, Dirichlet weights, einsum."""
import functools

import numpy as np


def metric(function):
    @functools.wraps(function)
    def wrapped(y_true, y_score, *rest, **named):
        y = np.asarray(y_true)
        s = np.asarray(y_score)
        problems = (
            y.size == 0,
            s.size == 0,
            y.size != s.size,
            bool(np.setdiff1d(y, [0, 1]).size),
            not bool(np.isfinite(s).all()),
        )
        if any(problems):
            raise ValueError("bad input")
        return function(y, s, *rest, **named)

    return wrapped


def requires(test, text):
    def decorate(function):
        @functools.wraps(function)
        def wrapped(*args):
            if not test(*args):
                raise ValueError(text)
            return function(*args)

        return wrapped

    return decorate


@requires(lambda y, p, w: w > 0, "pos_weight must be above 0")
def weighted_bce(y, p, pos_weight):
    p64 = np.array(p, dtype=np.float64)
    np.clip(p64, 1e-13, 1.0 - 1e-13, out=p64)
    y64 = np.array(y, dtype=np.float64)
    left = np.einsum("i,i->", y64, np.log(p64)) * pos_weight
    right = np.einsum("i,i->", 1.0 - y64, np.log(1.0 - p64))
    return -(left + right) / y64.shape[0]


@requires(lambda y: np.any(y), "no positives")
def balanced_pos_weight(y):
    return np.sum(np.logical_not(y)) / np.sum(y, dtype=int)


def walk(y, s):
    pairs = np.empty(y.size, dtype=[("s", np.float64), ("y", np.int8)])
    pairs["s"], pairs["y"] = s, y
    pairs.sort(order="s")
    pairs = pairs[::-1]
    tp = np.cumsum(pairs["y"], dtype=np.int64)
    fp = np.arange(1, y.size + 1) - tp
    end = np.r_[pairs["s"][1:] != pairs["s"][:-1], True]
    return pairs["s"][end], tp[end], fp[end]


@metric
def average_precision(y_true, y_score):
    _, tp, fp = walk(y_true, y_score)
    with np.errstate(invalid="ignore"):
        recall = np.hstack([0.0, tp / tp[-1]]) if tp[-1] else np.full(tp.size + 1, np.nan)
    return np.einsum("i,i", np.diff(recall), tp / (tp + fp))


@metric
def f_beta(y_true, y_score, threshold, beta):
    if beta <= 0:
        raise ValueError("beta")
    table = np.bincount(2 * y_true.astype(np.int64) + (y_score >= threshold), minlength=4)
    tn, fp, fn, tp = table
    b2 = beta * beta
    return np.divide((1 + b2) * tp, (1 + b2) * tp + b2 * fn + fp, out=np.zeros(()), where=tp > 0)


@metric
def best_threshold(y_true, y_score, cost_fp, cost_fn):
    if cost_fp < 0 or cost_fn < 0:
        raise ValueError("costs")
    s, tp, fp = walk(y_true, y_score)
    cost = np.r_[0.0, fp] * cost_fp + (tp[-1] - np.r_[0.0, tp]) * cost_fn
    thresholds = np.r_[np.nextafter(s[0], np.inf), s]
    i = np.argmin(cost)
    return thresholds[i], cost[i]


def undersample(X, y, negatives_per_positive, seed):
    rng = np.random.default_rng(seed)
    y_int = np.asarray(y).astype(int)
    order = rng.permutation(y_int.size)
    rank_among_negatives = np.cumsum(1 - y_int[order])
    limit = round(negatives_per_positive * y_int.sum())
    keep = order[(y_int[order] == 1) | (rank_among_negatives <= limit)]
    return X[keep].copy(), y[keep].copy()


@requires(lambda p, f: 0 < f <= 1, "kept_fraction must be in (0, 1]")
def corrected_probability(p, kept_fraction):
    q = np.array(p, dtype=np.float64)
    q *= kept_fraction
    q /= q + 1 - p
    return q


@requires(lambda X, *_: len(X) >= 2, "two points")
def smote(X_minority, n_new, k, seed):
    X = X_minority.astype(np.float64)
    n = X.shape[0]
    k = min(k, n - 1)
    rng = np.random.default_rng(seed)
    gap = np.einsum("ijk,ijk->ij", X[:, None] - X[None], X[:, None] - X[None])
    gap += np.diag(np.full(n, np.inf))
    columns = []
    for _ in range(k):
        nearest = gap.argmin(axis=1)
        columns.append(nearest)
        gap[np.arange(n), nearest] = np.inf
    near = np.stack(columns, axis=1)
    edge = rng.integers(0, n * k, size=n_new)
    start, end = np.divmod(edge, k)
    weights = rng.dirichlet([1.0, 1.0], size=n_new)
    return np.einsum("mw,mwd->md", weights, np.stack([X[start], X[near[start, end]]], axis=1))
