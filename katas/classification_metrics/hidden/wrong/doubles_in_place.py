"""t *= 2 doubles the caller's labels.

astype(copy=False) gave back the caller's own array. Look at labels that are int64 already.
"""

caught_by = ("test_confusion_counts_takes_input_of_any_form", "test_confusion_counts_refuses_bad_input")

import numpy as np


def _validate(y_true, y_score):
    t = np.asarray(y_true).ravel()
    s = np.asarray(y_score).ravel().astype(np.float64)
    if t.size != s.size:
        raise ValueError(f"lengths differ: {t.size} and {s.size}")
    if t.size < 1:
        raise ValueError("need at least one sample")
    if not np.isin(t, [0, 1]).all():
        raise ValueError("y_true may hold 0 and 1 only")
    if not np.isfinite(s).all():
        raise ValueError("y_score holds nan or inf")
    return t.astype(np.int64, copy=False), s


def confusion_counts(y_true, y_score, threshold=0.5):
    t, s = _validate(y_true, y_score)
    t *= 2
    t += s >= threshold
    cells = np.bincount(t, minlength=4)
    tn, fp, fn, tp = cells
    return tp, fp, fn, tn


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    precision = tp / (tp + fp) if tp + fp > 0 else 0.0
    recall = tp / (tp + fn) if tp + fn > 0 else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
    return precision, recall, f1


def roc_curve(y_true, y_score):
    t, s = _validate(y_true, y_score)
    order = np.argsort(s, kind="stable")[::-1]
    s, t = s[order], t[order]
    last = np.append(np.nonzero(s[1:] != s[:-1])[0], s.size - 1)  # last sample of each group
    tps = np.cumsum(t)[last]
    fps = last + 1 - tps
    tps = np.insert(tps, 0, 0)
    fps = np.insert(fps, 0, 0)
    with np.errstate(invalid="ignore"):
        return fps / fps[-1], tps / tps[-1], np.insert(s[last], 0, np.inf)


def roc_auc(y_true, y_score):
    t, s = _validate(y_true, y_score)
    pos = s[t == 1]
    neg = np.sort(s[t == 0])
    if not (pos.size and neg.size):
        return np.nan
    pos = np.sort(pos)
    below = np.searchsorted(neg, pos, side="left").sum()
    below_or_tied = np.searchsorted(neg, pos, side="right").sum()
    return (below + below_or_tied) / 2 / pos.size / neg.size


def averaged_prf(y_true, y_pred, average):
    t = np.asarray(y_true)
    p = np.asarray(y_pred)
    if t.shape != p.shape:
        raise ValueError("lengths differ")
    if t.size == 0:
        raise ValueError("need at least one sample")
    if average != "macro" and average != "micro":
        raise ValueError("average must be 'macro' or 'micro'")
    ct, it = np.unique(t, return_inverse=True)
    cp, ip = np.unique(p, return_inverse=True)
    code = {c: k for k, c in enumerate(sorted({*ct.tolist(), *cp.tolist()}))}
    rows = np.array([code[c] for c in ct.tolist()])[it]
    cols = np.array([code[c] for c in cp.tolist()])[ip]
    cm = np.zeros((len(code), len(code)), dtype=np.int64)
    np.add.at(cm, (rows, cols), 1)
    tp = np.diag(cm)
    fp = cm.sum(axis=0) - tp
    fn = cm.sum(axis=1) - tp
    if average == "micro":
        tp, fp, fn = tp.sum(keepdims=True), fp.sum(keepdims=True), fn.sum(keepdims=True)
    precision = tp / np.maximum(tp + fp, 1)
    recall = tp / np.maximum(tp + fn, 1)
    f1 = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    return precision.mean(), recall.mean(), f1.mean()
