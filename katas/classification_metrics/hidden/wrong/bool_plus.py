"""label + prediction == 2 with bool labels.

True + True is True for arrays of bool, and never 2.
"""

caught_by = ("test_confusion_counts_takes_input_of_any_form", "test_precision_recall_f1_takes_input_of_any_form")

import numpy as np

_trapezoid = getattr(np, "trapezoid", None) or getattr(np, "trapz")


def _prepare(y_true, y_score):
    labels = np.array(y_true)
    scores = np.array(y_score, dtype=float)
    if labels.ndim != 1 or scores.ndim != 1 or len(labels) != len(scores):
        raise ValueError("y_true and y_score must be vectors of one length")
    if len(labels) == 0:
        raise ValueError("empty input")
    if ((labels != 0) & (labels != 1)).any():
        raise ValueError("labels other than 0 and 1")
    if np.isnan(scores).any() or np.isinf(scores).any():
        raise ValueError("nan or inf in y_score")
    return labels.astype(np.uint8), scores


def confusion_counts(y_true, y_score, threshold=0.5):
    y, s = _prepare(y_true, y_score)
    total = np.asarray(y_true) + (s >= threshold)
    tp = np.count_nonzero(total == 2)
    tn = np.count_nonzero(total == 0)
    return tp, np.count_nonzero(s >= threshold) - tp, np.count_nonzero(y) - tp, tn


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, tn = confusion_counts(y_true, y_score, threshold)
    predicted, actual = tp + fp, tp + fn
    return (
        tp / predicted if predicted else 0,
        tp / actual if actual else 0,
        2 * tp / (predicted + actual) if predicted + actual else 0,
    )


def roc_curve(y_true, y_score):
    y, s = _prepare(y_true, y_score)
    values, which = np.unique(s, return_inverse=True)
    total = np.bincount(which, minlength=values.size)
    ones = np.bincount(which[y == 1], minlength=values.size)
    zeros = total - ones

    def rate(per_value):
        if not per_value.any():
            return np.repeat(np.nan, values.size + 1)
        running = np.cumsum(per_value[::-1])
        return np.r_[0.0, running / running[-1]]

    return rate(zeros), rate(ones), np.r_[np.inf, values[::-1]]


def roc_auc(y_true, y_score):
    fpr, tpr, _ = roc_curve(y_true, y_score)
    return _trapezoid(tpr, fpr)


def averaged_prf(y_true, y_pred, average):
    if average not in {"macro", "micro"}:
        raise ValueError("average: macro or micro")
    t, p = np.asarray(y_true), np.asarray(y_pred)
    if t.size != p.size or t.size == 0:
        raise ValueError("need two vectors of one length, at least one sample")
    union = sorted(set(np.unique(t).tolist()).union(np.unique(p).tolist()))
    is_true = np.stack([t == c for c in union])
    is_pred = np.stack([p == c for c in union])
    tp = (is_true & is_pred).sum(axis=1)
    n_pred = is_pred.sum(axis=1)
    n_true = is_true.sum(axis=1)
    if average == "micro":
        tp, n_pred, n_true = tp.sum(), n_pred.sum(), n_true.sum()
    tp, n_pred, n_true = (np.atleast_1d(a).astype(float) for a in (tp, n_pred, n_true))
    out = []
    for top, bottom in ((tp, n_pred), (tp, n_true), (2 * tp, n_pred + n_true)):
        out.append(np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0).mean())
    return out
