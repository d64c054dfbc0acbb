"""roc_auc makes a table of all pairs.

One comparison of a column with a row, and a mean: short, but n squared cells.
"""

caught_by = ("test_roc_auc_holds_no_table_of_pairs", "test_roc_auc_grows_as_sorting_does")

import numpy as np


def _binary(y_true, y_score):
    y_true, y_score = np.asarray(y_true), np.asarray(y_score, dtype=float)
    if len(y_true) == 0 or len(y_true) != len(y_score):
        raise ValueError("as many scores as labels, and at least one")
    if not np.isin(y_true, (0, 1)).all() or not np.isfinite(y_score).all():
        raise ValueError("labels 0 or 1, finite scores")
    return y_true == 1, y_score


def confusion_counts(y_true, y_score, threshold=0.5):
    positive, score = _binary(y_true, y_score)
    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (positive.astype(int), (score >= threshold).astype(int)), 1)
    return table[1, 1], table[0, 1], table[1, 0], table[0, 0]


def _prf(tp, fp, fn):
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
    return precision, recall, f1


def precision_recall_f1(y_true, y_score, threshold=0.5):
    return _prf(*confusion_counts(y_true, y_score, threshold)[:3])


def roc_curve(y_true, y_score):
    positive, score = _binary(y_true, y_score)
    thresholds = np.unique(score)[::-1]
    rates = []
    for members in (np.sort(score[~positive]), np.sort(score[positive])):
        above = len(members) - np.searchsorted(members, thresholds)
        rates.append(np.concatenate([[0.0], above / len(members)]) if len(members) else np.full(len(above) + 1, np.nan))
    return rates[0], rates[1], np.concatenate([[np.inf], thresholds])


def roc_auc(y_true, y_score):
    positive, score = _binary(y_true, y_score)
    if positive.all() or not positive.any():
        return np.nan
    pos, neg = score[positive][:, None], score[~positive]
    return ((pos > neg) + 0.5 * (pos == neg)).mean()


def averaged_prf(y_true, y_pred, average):
    if average not in {"macro", "micro"}:
        raise ValueError("average is macro or micro")
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if len(y_true) == 0 or len(y_true) != len(y_pred):
        raise ValueError("as many predictions as labels, and at least one")
    counts = []
    for c in np.union1d(y_true, y_pred):
        t, p = y_true == c, y_pred == c
        counts.append([(t & p).sum(), (~t & p).sum(), (t & ~p).sum()])
    if average == "micro":
        return _prf(*np.sum(counts, axis=0))
    return tuple(np.mean([_prf(*each) for each in counts], axis=0))
