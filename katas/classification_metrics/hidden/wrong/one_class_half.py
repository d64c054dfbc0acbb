"""roc_auc is one half where a class is missing.

There is no pair to put in order, so there is no area. One half says that the model ranks like chance.
"""

caught_by = ("test_roc_auc_of_one_class_is_nan",)

import numpy as np


class MetricInputError(ValueError):
    pass


def _require(condition, message):
    if not condition:
        raise MetricInputError(message)


def _sides(y_true, y_score):
    y_true = np.asarray(y_true)
    y_score = np.asarray(y_score)
    _require(y_true.shape[0] == y_score.shape[0], "lengths differ")
    _require(y_true.shape[0] > 0, "no samples")
    one = y_true == 1
    zero = y_true == 0
    _require(bool(np.all(one ^ zero)), "labels must be 0 or 1")
    _require(bool(np.all(np.isfinite(y_score))), "scores must be finite")
    y_score = y_score.astype("f8")
    return y_score[one], y_score[zero]


def confusion_counts(y_true, y_score, threshold=0.5):
    pos, neg = _sides(y_true, y_score)
    tp = (pos >= threshold).sum()
    fp = (neg >= threshold).sum()
    fn = (pos < threshold).sum()
    tn = (neg < threshold).sum()
    return tp, fp, fn, tn


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = (int(c) for c in confusion_counts(y_true, y_score, threshold))
    p = 0.0 if tp + fp == 0 else tp / (tp + fp)
    r = 0.0 if tp + fn == 0 else tp / (tp + fn)
    return p, r, 0.0 if p == r == 0 else 2 / (1 / p + 1 / r)


def _count_at_least(members, axis):
    """How many members are >= each entry of the descending axis; the axis holds every member."""
    values, counts = np.unique(members, return_counts=True)
    steps = np.zeros(axis.size, dtype=np.int64)
    steps[axis.size - 1 - np.searchsorted(axis[::-1], values)] = counts
    return np.cumsum(steps)


def roc_curve(y_true, y_score):
    pos, neg = _sides(y_true, y_score)
    axis = np.union1d(pos, neg)[::-1]
    tp = _count_at_least(pos, axis)
    fp = _count_at_least(neg, axis)
    tpr = np.hstack([0.0, tp / pos.size]) if pos.size else np.full(axis.size + 1, np.nan)
    fpr = np.hstack([0.0, fp / neg.size]) if neg.size else np.full(axis.size + 1, np.nan)
    return fpr, tpr, np.hstack([np.inf, axis])


def roc_auc(y_true, y_score):
    pos, neg = _sides(y_true, y_score)
    if 0 in (pos.size, neg.size):
        return 0.5
    v, w = np.unique(pos, return_counts=True)
    neg = np.sort(neg)
    lower = np.searchsorted(neg, v, "left")
    equal = np.searchsorted(neg, v, "right") - lower
    return np.einsum("i,i->", w.astype(float), lower + 0.5 * equal) / pos.size / neg.size


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    _require(y_true.shape[0] == y_pred.shape[0], "lengths differ")
    _require(y_true.shape[0] > 0, "no samples")
    _require(average in ("macro", "micro"), "unknown average")
    agree = y_true == y_pred
    if average == "micro":
        return (agree.sum() / agree.size,) * 3
    real = dict(zip(*map(np.ndarray.tolist, np.unique(y_true, return_counts=True))))
    said = dict(zip(*map(np.ndarray.tolist, np.unique(y_pred, return_counts=True))))
    good = dict(zip(*map(np.ndarray.tolist, np.unique(y_true[agree], return_counts=True))))
    classes = list({**real, **said})
    hits = np.array([good.get(c, 0) for c in classes], dtype=float)
    n_real = np.array([real.get(c, 0) for c in classes])
    n_said = np.array([said.get(c, 0) for c in classes])
    p = hits / np.where(n_said, n_said, 1)
    r = hits / np.where(n_real, n_real, 1)
    f = np.where(p + r > 0, 2 * p * r / np.where(p + r > 0, p + r, 1), 0)
    return tuple(map(np.mean, (p, r, f)))
