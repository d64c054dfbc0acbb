"""Quantiles, ties and runs by hand on sorted samples, PSI as two relative entropies, windows by cumulated counts"""

import numpy as np
from scipy.special import rel_entr


class DriftError(ValueError):
    pass


def _edges(sorted_values, n_bins):
    last = sorted_values.size - 1
    i = np.arange(1, n_bins)
    low = (i * last) // n_bins
    part = ((i * last) % n_bins) / n_bins
    high = np.minimum(low + 1, last)
    q = (1 - part) * sorted_values[low] + part * sorted_values[high]
    keep = np.ones(q.size, bool)
    keep[1:] = q[1:] != q[:-1]
    return q[keep]


def _counts(sorted_values, edges):
    below = np.searchsorted(sorted_values, edges, side="left")
    return np.diff(below, prepend=0, append=sorted_values.size)


def _prepare(x):
    s = np.sort(np.asarray(x, dtype=np.float64))
    s = s[: s.size - np.isnan(s).sum()]
    if s.size == 0:
        raise DriftError("all values are missing")
    return s


def _jeffreys(p, q):
    p, q = np.fmax(p, 1e-4), np.fmax(q, 1e-4)
    return (rel_entr(p, q) + rel_entr(q, p)).sum(axis=-1)


def population_stability_index(expected, actual, n_bins=10):
    if n_bins <= 1:
        raise DriftError("at least two bins, please")
    s, t = _prepare(expected), _prepare(actual)
    cut = _edges(s, n_bins)
    return _jeffreys(_counts(t, cut) / t.size, _counts(s, cut) / s.size)


def ks_statistic(a, b):
    a, b = _prepare(a), _prepare(b)
    pool = np.concatenate([a, b])
    order = np.argsort(pool, kind="stable")
    from_a = order < a.size
    fa = np.cumsum(from_a) / a.size
    fb = np.cumsum(~from_a) / b.size
    x = pool[order]
    last_of_tie = np.append(x[1:] != x[:-1], True)
    return np.abs(fa - fb)[last_of_tie].max()


def missing_shift(expected, actual):
    share = lambda v: (v != v).sum() / v.shape[0]
    return share(actual) - share(expected)


def drift_report(reference, window):
    if reference.shape[1:] != window.shape[1:]:
        raise DriftError("number of features")
    out = {"psi": np.empty(reference.shape[1]), "ks": np.empty(reference.shape[1]), "missing": np.empty(reference.shape[1])}
    for j in range(reference.shape[1]):
        pair = reference[:, j], window[:, j]
        out["psi"][j] = population_stability_index(*pair)
        out["ks"][j] = ks_statistic(*pair)
        out["missing"][j] = missing_shift(*pair)
    return out


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    if reference.shape[1] != rows.shape[1]:
        raise DriftError("number of features")
    for name, value in dict(window=window, step=step, patience=patience).items():
        if value < 1:
            raise DriftError(name)
    if threshold < 0:
        raise DriftError("threshold")
    ends = np.arange(window, rows.shape[0] + 1, step)
    if ends.size == 0:
        return []
    hits = []
    for j in range(reference.shape[1]):
        ref = _prepare(reference[:, j])
        cut = _edges(ref, 10)
        e = _counts(ref, cut) / ref.size
        col = rows[:, j]
        label = np.searchsorted(cut, col, side="right")
        onehot = (label[:, None] == np.arange(cut.size + 1)) & ~np.isnan(col)[:, None]
        total = np.vstack([np.zeros(cut.size + 1, int), np.cumsum(onehot, axis=0)])
        counts = total[ends] - total[ends - window]
        above = _jeffreys(counts / counts.sum(axis=1, keepdims=True), e) > threshold
        index = np.arange(above.size)
        last_quiet = np.maximum.accumulate(np.where(above, -1, index))
        hits.append(index - last_quiet == patience)
    where_window, where_feature = np.nonzero(np.column_stack(hits))
    return list(zip(ends[where_window].tolist(), where_feature.tolist()))


def time_weights(age_days, half_life):
    if half_life <= 0:
        raise DriftError("half_life")
    age = np.array(age_days, dtype=float)
    if (age < 0).any():
        raise DriftError("age")
    age *= -np.log(2) / half_life
    return np.exp(age, out=age)


def respond(psi, missing, upstream_changed, metric_drop):
    match (bool(upstream_changed) or bool((abs(missing) > 0.05).any()), metric_drop > 0.1, bool((psi > 0.2).any()), metric_drop > 0.02):
        case (True, _, _, _):
            return "fix_upstream"
        case (_, True, _, _):
            return "fallback"
        case (_, _, True, True):
            return "retrain"
        case (_, _, True, _):
            return "investigate"
    return "watch" if (psi > 0.1).any() else "none"
