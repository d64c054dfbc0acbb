"""roc_auc is turned to lie above one half.

A model worse than chance is hidden that way. Look at scores in the reverse order: the area is 0.
"""

caught_by = ("test_roc_auc_by_hand",)

import functools

import numpy as np


def _binary(func):
    @functools.wraps(func)
    def wrapper(y_true, y_score, *args, **kwargs):
        labels, scores = np.asarray(y_true), np.asarray(y_score)
        if labels.size == 0 or scores.size == 0:
            raise ValueError(f"{func.__name__}: no samples")
        if labels.shape != scores.shape:
            raise ValueError(f"{func.__name__}: lengths differ")
        if set(np.unique(labels).tolist()) - {0, 1}:
            raise ValueError(f"{func.__name__}: labels other than 0 and 1")
        if not np.isfinite(scores.min()) or not np.isfinite(scores.max()):
            raise ValueError(f"{func.__name__}: nan or inf in the scores")
        return func(labels.astype(bool), scores.astype(np.float64), *args, **kwargs)

    return wrapper


@_binary
def confusion_counts(y_true, y_score, threshold=0.5):
    flagged = y_score >= threshold
    tp = int(np.count_nonzero(flagged[y_true]))
    fp = int(np.count_nonzero(flagged[~y_true]))
    fn = int(np.count_nonzero(y_true)) - tp
    tn = y_true.size - tp - fp - fn
    return tp, fp, fn, tn


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold=threshold)
    try:
        precision = tp / (tp + fp)
    except ZeroDivisionError:
        precision = 0.0
    try:
        recall = tp / (tp + fn)
    except ZeroDivisionError:
        recall = 0.0
    try:
        f1 = 2 * precision * recall / (precision + recall)
    except ZeroDivisionError:
        f1 = 0.0
    return precision, recall, f1


@_binary
def roc_curve(y_true, y_score):
    ascending = np.unique(y_score)
    thresholds = np.concatenate((ascending, [np.inf]))
    rates = []
    for side in (~y_true, y_true):
        members = np.sort(y_score[side])
        if len(members):
            rates.append(1.0 - np.searchsorted(members, thresholds) / len(members))
        else:
            rates.append(np.full(len(thresholds), np.nan))
    fpr, tpr = rates
    return np.flip(fpr), np.flip(tpr), np.flip(thresholds)


@_binary
def roc_auc(y_true, y_score):
    order = np.argsort(y_score, kind="stable")
    score, label = y_score[order], y_true[order]
    bounds = np.concatenate(([0], np.flatnonzero(np.diff(score) > 0) + 1, [len(score)]))
    cum = np.concatenate(([0], np.cumsum(label, dtype=np.int64)))
    pos = np.diff(cum[bounds])
    neg = np.diff(bounds) - pos
    neg_before = np.cumsum(neg) - neg
    n_pos, n_neg = int(pos.sum()), int(neg.sum())
    if n_pos * n_neg == 0:
        return np.nan
    twice_u = int(np.sum(pos * (2 * neg_before + neg)))
    auc = twice_u / (2 * n_pos * n_neg)
    return max(auc, 1 - auc)


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.size != y_pred.size:
        raise ValueError("averaged_prf: lengths differ")
    if y_true.size == 0:
        raise ValueError("averaged_prf: no samples")
    if average == "micro":
        tp = int(np.count_nonzero(y_true == y_pred))
        wrong = y_true.size - tp
        micro = tp / (tp + wrong)
        return micro, micro, micro
    if average != "macro":
        raise ValueError(f"averaged_prf: unknown average {average!r}")
    scores = np.array([_one_against_rest(y_true == c, y_pred == c) for c in _classes(y_true, y_pred)])
    return tuple(scores.mean(axis=0))


def _classes(*arrays):
    found = set()
    for a in arrays:
        found.update(np.unique(a).tolist())
    return sorted(found)


def _one_against_rest(truth, claim):
    return precision_recall_f1(truth, claim.astype(float))
