"""roc_auc ranks tied scores in the order of the data.

Tied samples get different ranks, as from argsort of argsort, so a tie counts 0 or 1 instead of one half. Look at equal scores for
both classes: the area must be one half.
"""

caught_by = ("test_roc_auc_by_hand",)

from functools import cached_property
from typing import NamedTuple

import numpy as np


class Confusion(NamedTuple):
    tp: int
    fp: int
    fn: int
    tn: int


class PRF(NamedTuple):
    precision: float
    recall: float
    f1: float


class Roc(NamedTuple):
    fpr: np.ndarray
    tpr: np.ndarray
    thresholds: np.ndarray


class Ranking:
    def __init__(self, y_true, y_score):
        y_true = np.asarray(y_true)
        y_score = np.array(y_score, dtype=np.float64, copy=True)
        if y_true.size == 0 or y_score.size == 0:
            raise ValueError("no samples")
        if y_true.size != y_score.size:
            raise ValueError("lengths differ")
        values = np.unique(y_true)
        if values.size > 2 or any(v not in (0, 1) for v in values.tolist()):
            raise ValueError("labels must be 0 and 1")
        if not np.all(np.isfinite(y_score)):
            raise ValueError("nan or inf among the scores")
        self.order = np.argsort(y_score, kind="heapsort")
        self.score = y_score[self.order]
        self.label = (y_true == 1)[self.order]
        self.n = y_score.size

    @cached_property
    def positives_below(self):
        """positives_below[i]: positives among the first i of the ascending order."""
        out = np.zeros(self.n + 1, dtype=np.int64)
        np.cumsum(self.label, out=out[1:])
        return out

    @property
    def n_pos(self):
        return int(self.positives_below[-1])

    @property
    def n_neg(self):
        return self.n - self.n_pos

    @cached_property
    def starts(self):
        return np.flatnonzero(np.concatenate(([True], self.score[1:] > self.score[:-1])))

    def counts(self, threshold):
        cut = int(np.searchsorted(self.score, threshold, side="left"))
        fn = int(self.positives_below[cut])
        tn = cut - fn
        return Confusion(self.n_pos - fn, self.n_neg - tn, fn, tn)


def confusion_counts(y_true, y_score, threshold=0.5):
    return Ranking(y_true, y_score).counts(float(threshold))


def _to_prf(tp, fp, fn):
    denominators = (tp + fp, tp + fn, 2 * tp + fp + fn)
    return PRF(*(top / d if d else 0.0 for top, d in zip((tp, tp, 2 * tp), denominators)))


def precision_recall_f1(y_true, y_score, threshold=0.5):
    c = confusion_counts(y_true, y_score, threshold)
    return _to_prf(c.tp, c.fp, c.fn)


def roc_curve(y_true, y_score):
    r = Ranking(y_true, y_score)
    cut = np.concatenate((r.starts, [r.n]))[::-1]  # the first cut lies above all samples
    tp = r.n_pos - r.positives_below[cut]
    fp = (r.n - cut) - tp
    tpr = tp / r.n_pos if r.n_pos else np.full(cut.size, np.nan)
    fpr = fp / r.n_neg if r.n_neg else np.full(cut.size, np.nan)
    return Roc(fpr, tpr, np.concatenate((r.score, [np.inf]))[cut])


def roc_auc(y_true, y_score):
    r = Ranking(y_true, y_score)
    if r.n_pos == 0 or r.n_neg == 0:
        return float("nan")
    labels = np.asarray(y_true) == 1
    ranks = np.argsort(np.argsort(np.asarray(y_score), kind="stable"), kind="stable") + 1
    return float((ranks[labels].sum() - r.n_pos * (r.n_pos + 1) / 2) / (r.n_pos * r.n_neg))


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if len(y_true) != len(y_pred):
        raise ValueError("lengths differ")
    if len(y_true) == 0:
        raise ValueError("no samples")
    ut, codes_t = np.unique(y_true, return_inverse=True)
    up, codes_p = np.unique(y_pred, return_inverse=True)
    classes = sorted(set(ut.tolist()) | set(up.tolist()))
    place = {c: i for i, c in enumerate(classes)}
    codes_t = np.array([place[c] for c in ut.tolist()], dtype=np.int64)[codes_t]
    codes_p = np.array([place[c] for c in up.tolist()], dtype=np.int64)[codes_p]
    k = len(classes)
    matrix = np.bincount(codes_t * k + codes_p, minlength=k * k).reshape(k, k)
    tp = matrix.diagonal()
    fp, fn = matrix.sum(0) - tp, matrix.sum(1) - tp
    if average == "micro":
        return _to_prf(int(tp.sum()), int(fp.sum()), int(fn.sum()))
    elif average == "macro":
        return PRF(*np.mean([_to_prf(*row) for row in zip(tp.tolist(), fp.tolist(), fn.tolist())], axis=0))
    else:
        raise ValueError("average")
