"""Scores that nearly agree are taken for equal ones.

Two scores are equal or they are not. Look at two that are nearly equal.
"""

caught_by = ("test_roc_curve_takes_input_of_any_form", "test_roc_auc_takes_input_of_any_form")

import numpy as np


def _binary_input(y_true, y_score):
    if len(y_true) == 0 or len(y_score) == 0:
        raise ValueError("no samples")
    if len(y_true) != len(y_score):
        raise ValueError("lengths differ")
    y = np.asarray(y_true).astype(np.float64)
    s = np.asarray(y_score).astype(np.float64)
    if np.any(y * (1.0 - y) != 0.0) or np.isnan(y).any():
        raise ValueError("labels must be 0/1")
    if not np.isfinite(s).all():
        raise ValueError("scores must be finite")
    return y, s


def confusion_counts(y_true, y_score, threshold=0.5):
    y, s = _binary_input(y_true, y_score)
    hit = (s >= threshold).astype(np.float64)
    table = np.array([hit, 1.0 - hit]) @ np.array([y, 1.0 - y]).T  # rows: predicted, columns: actual
    return table.ravel().astype(int).tolist()


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    p = tp / (tp + fp) if tp + fp else 0
    r = tp / (tp + fn) if tp + fn else 0
    f = 2 * p * r / (p + r) if p + r else 0
    return [np.array(p), np.array(r), np.array(f)]


def _by_score(y, s):
    values, first_inverse = np.unique(np.round(s, 6), return_inverse=True)
    k = values.size
    ones = np.bincount(first_inverse, weights=y, minlength=k)
    zeros = np.bincount(first_inverse, weights=1.0 - y, minlength=k)
    return values, ones, zeros


def roc_curve(y_true, y_score):
    values, ones, zeros = _by_score(*_binary_input(y_true, y_score))
    out = []
    for counts in (zeros, ones):
        total = counts.sum()
        rate = np.concatenate(([0.0], np.cumsum(counts[::-1])))
        out.append((rate / total if total else rate * np.nan).tolist())
    out.append([float("inf")] + values[::-1].tolist())
    return out


def roc_auc(y_true, y_score):
    _, ones, zeros = _by_score(*_binary_input(y_true, y_score))
    if not ones.any() or not zeros.any():
        return np.array(np.nan)
    worse = np.cumsum(zeros) - zeros / 2
    return np.array(np.sum(ones * worse) / (ones.sum() * zeros.sum()))


def averaged_prf(y_true, y_pred, average):
    if average not in ["macro", "micro"]:
        raise ValueError("average is 'macro' or 'micro'")
    if len(y_true) == 0 or len(y_pred) == 0:
        raise ValueError("no samples")
    if len(y_true) != len(y_pred):
        raise ValueError("lengths differ")
    right = np.asarray(y_true) == np.asarray(y_pred)
    if average == "micro":
        # each sample has one true and one predicted class: fp and fn both sum to the number of errors
        accuracy = right.mean()
        return [accuracy, accuracy, accuracy]
    true_n, pred_n, hits = (
        dict(zip(*(a.tolist() for a in np.unique(labels, return_counts=True))))
        for labels in (np.asarray(y_true), np.asarray(y_pred), np.asarray(y_true)[right])
    )
    p = r = f = 0.0
    classes = true_n.keys() | pred_n.keys()
    for c in classes:
        tp = hits.get(c, 0)
        p += tp / pred_n[c] if c in pred_n else 0.0
        r += tp / true_n[c] if c in true_n else 0.0
        f += 2 * tp / (pred_n.get(c, 0) + true_n.get(c, 0))
    return [p / len(classes), r / len(classes), f / len(classes)]
