"""Undefined ratios are left out of the mean.

The mean is then over fewer classes, as that of nanmean. What is 0/0 counts as 0.
"""

caught_by = ("test_averaged_prf_knows_every_class",)

import numpy as np


def _clean(y_true, y_score):
    y_true = np.asarray(y_true)
    y_score = np.asarray(y_score)
    if not len(y_true):
        raise ValueError("y_true is empty")
    if len(y_true) != len(y_score):
        raise ValueError("y_true and y_score are not of one length")
    ok = np.logical_or(np.equal(y_true, 0), np.equal(y_true, 1))
    if not ok.all():
        raise ValueError("y_true holds a label that is neither 0 nor 1")
    if not np.isfinite(y_score).all():
        raise ValueError("y_score is not finite")
    return y_true.astype(np.float64), y_score.astype(np.float64)


def _groups(y_true, y_score):
    """Positives, negatives and value of each distinct score, highest first."""
    order = np.argsort(-y_score, kind="stable")
    score, label = y_score[order], y_true[order]
    start = np.flatnonzero(np.r_[True, score[1:] < score[:-1]])
    pos = np.add.reduceat(label, start)
    neg = np.add.reduceat(1.0 - label, start)
    return pos, neg, score[start]


def confusion_counts(y_true, y_score, threshold=0.5):
    y_true, y_score = _clean(y_true, y_score)
    pred = np.where(y_score >= threshold, 1.0, 0.0)
    table, _, _ = np.histogram2d(y_true, pred, bins=[[-0.5, 0.5, 1.5], [-0.5, 0.5, 1.5]])
    return table[1, 1], table[0, 1], table[1, 0], table[0, 0]


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    if tp == 0:
        return 0.0, 0.0, 0.0
    return tp / (tp + fp), tp / (tp + fn), tp / (tp + 0.5 * (fp + fn))


def roc_curve(y_true, y_score):
    pos, neg, value = _groups(*_clean(y_true, y_score))
    tpr = np.zeros(value.size + 1)
    fpr = np.zeros(value.size + 1)
    np.cumsum(pos, out=tpr[1:])
    np.cumsum(neg, out=fpr[1:])
    for rate in (tpr, fpr):
        if rate[-1] > 0:
            rate /= rate[-1]
        else:
            rate[:] = np.nan
    return fpr, tpr, np.concatenate([np.array([np.inf]), value])


def roc_auc(y_true, y_score):
    fpr, tpr, _ = roc_curve(y_true, y_score)
    return 0.5 * np.sum((fpr[1:] - fpr[:-1]) * (tpr[1:] + tpr[:-1]))


def _as_one_type(a, b):
    if np.result_type(a, b).kind in "iu":
        return a, b
    # int64 beside uint64: NumPy would go to float64 and lose digits
    top = np.iinfo(np.int64).max
    if int(a.max()) <= top and int(b.max()) <= top:
        return a.astype(np.int64), b.astype(np.int64)
    if int(a.min()) >= 0 and int(b.min()) >= 0:
        return a.astype(np.uint64), b.astype(np.uint64)
    return a.astype(object), b.astype(object)


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if not len(y_true) or len(y_true) != len(y_pred):
        raise ValueError("y_true and y_pred must have one length, at least 1")
    if average not in ("micro", "macro"):
        raise ValueError("average must be 'micro' or 'macro'")
    if y_true.dtype == bool:
        y_true = y_true.astype(np.int8)
    if y_pred.dtype == bool:
        y_pred = y_pred.astype(np.int8)
    y_true, y_pred = _as_one_type(y_true, y_pred)
    classes, code = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
    k = len(classes)
    code_true, code_pred = code[: len(y_true)], code[len(y_true) :]
    support = np.bincount(code_true, minlength=k)
    named = np.bincount(code_pred, minlength=k)
    hit = np.bincount(code_true[code_true == code_pred], minlength=k)
    if average == "micro":
        support, named, hit = support.sum(), named.sum(), hit.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        p = hit / named
        r = hit / support
        f = 2 * hit / (named + support)
    return float(np.nanmean(p)), float(np.nanmean(r)), float(np.nanmean(f))
