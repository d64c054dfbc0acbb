"""Precision, recall, F1 and ROC-AUC from scratch.

All of it is counting. A threshold splits the samples in two, and four counts say how. The ROC curve is the same for
every threshold at once: with the scores in descending order, running sums of the labels count what lies at or above
each of them, and only the last sample of a run of equal scores is a point, since a threshold cannot split the run.
"""

import numpy as np


def confusion_counts(y_true, y_score, threshold=0.5):
    positive, score = _binary(y_true, y_score)
    predicted = score >= threshold
    return (
        np.count_nonzero(positive & predicted),
        np.count_nonzero(~positive & predicted),
        np.count_nonzero(positive & ~predicted),
        np.count_nonzero(~positive & ~predicted),
    )


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    precision, recall, f1 = _ratios(tp, fp, fn)
    return float(precision), float(recall), float(f1)


def roc_curve(y_true, y_score):
    positive, score = _binary(y_true, y_score)
    order = np.argsort(-score)
    positive, score = positive[order], score[order]
    last_of_its_run = np.append(score[1:] != score[:-1], True)
    tp = np.append(0, np.cumsum(positive)[last_of_its_run])
    fp = np.append(0, np.cumsum(~positive)[last_of_its_run])
    return _rate(fp), _rate(tp), np.append(np.inf, score[last_of_its_run])


def roc_auc(y_true, y_score):
    fpr, tpr, _ = roc_curve(y_true, y_score)
    return np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)  # nan if one of the rates is


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    _require_samples(y_true, y_pred)
    classes, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
    true, predicted = np.split(codes, 2)
    tp = np.bincount(true[true == predicted], minlength=len(classes))
    fp = np.bincount(predicted, minlength=len(classes)) - tp
    fn = np.bincount(true, minlength=len(classes)) - tp
    if average == "macro":
        return tuple(ratio.mean() for ratio in _ratios(tp, fp, fn))
    if average == "micro":
        return tuple(map(float, _ratios(tp.sum(), fp.sum(), fn.sum())))
    raise ValueError(f'average must be "macro" or "micro", not {average!r}')


def _ratios(tp, fp, fn):
    return _divided(tp, tp + fp), _divided(tp, tp + fn), _divided(2 * tp, 2 * tp + fp + fn)


def _divided(count, total):
    return count / np.maximum(total, 1)  # where the total is 0, so is the count


def _rate(running):
    return running / running[-1] if running[-1] else np.full(len(running), np.nan)


def _binary(y_true, y_score):
    y_true, score = np.asarray(y_true), np.asarray(y_score, dtype=float)
    _require_samples(y_true, score)
    if not ((y_true == 0) | (y_true == 1)).all():
        raise ValueError("labels must be 0 or 1")
    if not np.isfinite(score).all():
        raise ValueError("scores must be finite")
    return y_true == 1, score


def _require_samples(a, b):
    if a.shape != b.shape:
        raise ValueError(f"there are {a.shape} labels and {b.shape} scores or predictions")
    if a.size == 0:
        raise ValueError("there are no samples")
