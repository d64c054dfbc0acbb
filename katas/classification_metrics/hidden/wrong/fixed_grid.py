"""roc_curve tries thresholds of a fixed grid.

Scores may be logits, and two scores may lie between two steps of the grid. The thresholds are the scores.
"""

caught_by = ("test_roc_curve_by_hand", "test_roc_curve_ties_are_one_point")

import numpy as np


def _check_binary(y_true, y_score):
    y_true = np.asarray(y_true)
    y_score = np.asarray(y_score, dtype=np.float64)
    if y_true.size == 0 or y_score.size == 0:
        raise ValueError("no samples")
    if y_true.shape != y_score.shape:
        raise ValueError("y_true and y_score differ in length")
    if not np.all((y_true == 0) | (y_true == 1)):
        raise ValueError("labels must be 0 or 1")
    if not np.all(np.isfinite(y_score)):
        raise ValueError("scores must be finite")
    return y_true == 1, y_score


def _ratio(a, b):
    return a / b if b else 0.0


def _prf(tp, fp, fn):
    return _ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn)


def confusion_counts(y_true, y_score, threshold=0.5):
    pos, score = _check_binary(y_true, y_score)
    pred = score >= threshold
    tp = int(np.sum(pos & pred))
    fp = int(np.sum(~pos & pred))
    fn = int(np.sum(pos & ~pred))
    tn = int(np.sum(~pos & ~pred))
    return tp, fp, fn, tn


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    return _prf(tp, fp, fn)


def roc_curve(y_true, y_score):
    pos, score = _check_binary(y_true, y_score)
    distinct = np.linspace(1.0, 0.0, 101)

    def rate(members):
        if members.size == 0:
            return np.full(distinct.size + 1, np.nan)
        at_least = members.size - np.searchsorted(members, distinct, side="left")
        return np.concatenate(([0.0], at_least / members.size))

    return (
        rate(np.sort(score[~pos])),
        rate(np.sort(score[pos])),
        np.concatenate(([np.inf], distinct)),
    )


def _average_ranks(x):
    order = np.argsort(x, kind="mergesort")
    s = x[order]
    new = np.concatenate(([True], s[1:] != s[:-1]))
    group = np.cumsum(new) - 1
    edges = np.concatenate((np.flatnonzero(new), [x.size]))
    mean_rank = (edges[:-1] + 1 + edges[1:]) / 2
    ranks = np.empty(x.size)
    ranks[order] = mean_rank[group]
    return ranks


def roc_auc(y_true, y_score):
    pos, score = _check_binary(y_true, y_score)
    p = int(pos.sum())
    n = pos.size - p
    if p == 0 or n == 0:
        return float("nan")
    u = _average_ranks(score)[pos].sum() - p * (p + 1) / 2
    return float(u / (p * n))


def averaged_prf(y_true, y_pred, average):
    if average not in ("macro", "micro"):
        raise ValueError(f"unknown average {average!r}")
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if len(y_true) != len(y_pred):
        raise ValueError("lengths differ")
    if len(y_true) == 0:
        raise ValueError("no samples")
    classes = set(np.unique(y_true).tolist()) | set(np.unique(y_pred).tolist())
    counts = []
    for c in classes:
        t, p = y_true == c, y_pred == c
        counts.append((int((t & p).sum()), int((~t & p).sum()), int((t & ~p).sum())))
    if average == "micro":
        return _prf(*(sum(col) for col in zip(*counts)))
    per_class = [_prf(*row) for row in counts]
    return tuple(sum(col) / len(per_class) for col in zip(*per_class))
