"""An extra point where the highest score is tied.

The end of the first run of equal scores is found too early. Look at two samples that share the highest score.
"""

caught_by = ("test_roc_curve_of_one_class_has_no_other_rate", "test_roc_curve_takes_input_of_any_form")

import numpy as np


def _check(y_true, y_score):
    y_true, y_score = np.asarray(y_true), np.asarray(y_score)
    n = y_true.shape[0]
    if n == 0 or y_score.shape[0] != n:
        raise ValueError("y_true and y_score must have the same, positive length")
    if not (np.count_nonzero(y_true == 0) + np.count_nonzero(y_true == 1) == n):
        raise ValueError("y_true must be 0/1")
    if np.count_nonzero(np.isfinite(y_score)) != n:
        raise ValueError("y_score must be finite")
    return (y_true != 0).astype(np.int64), y_score.astype(np.float64)


def confusion_counts(y_true, y_score, threshold=0.5):
    y, s = _check(y_true, y_score)
    d = (s >= threshold).astype(np.int64)
    tp = np.dot(y, d)
    fp = np.dot(1 - y, d)
    fn = np.dot(y, 1 - d)
    return np.array([tp, fp, fn, y.size - tp - fp - fn])


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, tn = confusion_counts(y_true, y_score, threshold).astype(np.float64)
    with np.errstate(all="ignore"):
        values = np.array([tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)])
    return np.where(np.isnan(values), 0.0, values)


def roc_curve(y_true, y_score):
    y, s = _check(y_true, y_score)
    order = np.lexsort((y, -s))
    s, y = s[order], y[order]
    keep = np.ones(s.size, dtype=bool)
    keep[:-1] = s[:-1] != s[1:]
    keep[0] = True  # the highest score opens the curve
    tp = np.cumsum(y)
    fp = np.cumsum(1 - y)
    with np.errstate(invalid="ignore", divide="ignore"):
        tpr = np.concatenate(([0], tp[keep])) / tp[-1]
        fpr = np.concatenate(([0], fp[keep])) / fp[-1]
    return fpr.astype(np.float32), tpr.astype(np.float32), np.concatenate(([np.inf], s[keep]))


def roc_auc(y_true, y_score):
    y, s = _check(y_true, y_score)
    P = y.sum()
    N = y.size - P
    if min(P, N) == 0:
        return np.float32("nan")
    order = np.argsort(s)
    s, y = s[order], y[order]
    index = np.arange(s.size)
    start = np.maximum.accumulate(np.where(np.r_[True, s[1:] != s[:-1]], index, 0))
    end = np.minimum.accumulate(np.where(np.r_[s[1:] != s[:-1], True], index, s.size)[::-1])[::-1]
    rank = (start + end) / 2.0  # from 0
    auc = (rank[y == 1].mean() - (P - 1) / 2.0) / N
    return np.float32(auc)


def averaged_prf(y_true, y_pred, average):
    if not isinstance(average, str) or average not in ("macro", "micro"):
        raise ValueError("average must be macro or micro")
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape[0] == 0 or y_true.shape != y_pred.shape:
        raise ValueError("y_true and y_pred must have the same, positive length")
    labels = sorted(set(np.unique(y_true).tolist()) | set(np.unique(y_pred).tolist()))
    table = np.zeros((len(labels), 3))
    for row, label in zip(table, labels):
        t, p = y_true == label, y_pred == label
        row[:] = np.count_nonzero(t & p), np.count_nonzero(p), np.count_nonzero(t)
    if average == "micro":
        table = table.sum(axis=0, keepdims=True)
    tp, claimed, actual = table.T
    p = np.divide(tp, claimed, out=np.zeros_like(tp), where=claimed != 0)
    r = np.divide(tp, actual, out=np.zeros_like(tp), where=actual != 0)
    f = np.divide(2 * tp, claimed + actual)
    return np.array([p.mean(), r.mean(), f.mean()])
