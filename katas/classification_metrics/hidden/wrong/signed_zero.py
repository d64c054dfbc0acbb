"""-0.0 and 0.0 are two thresholds.

They compare equal, so they are one score. What was compared here is their bits.
"""

caught_by = ("test_roc_curve_takes_input_of_any_form", "test_roc_auc_takes_input_of_any_form")

import numpy as np


def _load(y_true, y_score):
    y_true, y_score = np.asarray(y_true), np.asarray(y_score)
    if y_true.size == 0:
        raise ValueError("there are no samples")
    if y_true.size != y_score.size:
        raise ValueError("y_true and y_score have different lengths")
    as_bool = y_true.astype(bool)
    if not np.array_equal(as_bool, y_true):
        raise ValueError("there are labels other than 0 and 1")
    if not np.isfinite(y_score).all():
        raise ValueError("there are scores that are not finite")
    return as_bool, y_score.astype(np.double)


def _divide(a, b, fill):
    """a / b, with fill where b is 0."""
    return np.ma.filled(np.ma.true_divide(np.ma.asarray(a), np.ma.masked_equal(b, 0)), fill)


def confusion_counts(y_true, y_score, threshold=0.5):
    y, s = _load(y_true, y_score)
    d = s >= threshold
    error = y ^ d
    fp = int((error & d).sum())
    fn = int(error.sum()) - fp
    tp = int(y.sum()) - fn
    return [tp, fp, fn, int((~error).sum()) - tp]


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    return _divide(np.array([tp, tp, 2.0 * tp]), np.array([tp + fp, tp + fn, 2 * tp + fp + fn]), 0.0)


def _ordinal(s):
    """Codes 0, 1, ... of the scores, equal scores get one code; and the distinct scores."""
    bits = s.view(np.int64)
    key = np.where(bits < 0, ~bits ^ np.int64(-(2**63)), bits)  # the integers lie in the order of the floats
    order = key.argsort()
    s_sorted = s[order]
    key = key[order]
    step = np.zeros(s.size, dtype=np.int64)
    step[1:] = key[1:] != key[:-1]
    step = step.cumsum()
    code = np.empty_like(step)
    code[order] = step
    distinct = np.empty(step[-1] + 1)
    distinct[step] = s_sorted
    return code, distinct


def roc_curve(y_true, y_score):
    y, s = _load(y_true, y_score)
    code, distinct = _ordinal(s)
    from_top = distinct.size - code  # 1 for the highest score: place 0 is the first point
    points = distinct.size + 1
    tp = np.bincount(from_top, weights=y, minlength=points).cumsum()
    fp = np.bincount(from_top, weights=~y, minlength=points).cumsum()
    return (
        _divide(fp, np.full(points, fp[-1]), np.nan),
        _divide(tp, np.full(points, tp[-1]), np.nan),
        np.append(np.inf, distinct[::-1]),
    )


def roc_auc(y_true, y_score):
    y, s = _load(y_true, y_score)
    if y.all() or not y.any():
        return np.nan
    code, distinct = _ordinal(s)
    size = np.bincount(code)
    midrank = size.cumsum() - (size - 1) / 2
    mean_pos = midrank[code[y]].mean()
    mean_neg = midrank[code[~y]].mean()
    return 0.5 + (mean_pos - mean_neg) / y.size


def averaged_prf(y_true, y_pred, average):
    t, p = np.asarray(y_true), np.asarray(y_pred)
    if t.size == 0:
        raise ValueError("there are no samples")
    if t.size != p.size:
        raise ValueError("y_true and y_pred have different lengths")
    try:
        combine = {"macro": lambda a: a, "micro": lambda a: a.sum(axis=1, keepdims=True)}[average]
    except (KeyError, TypeError):
        raise ValueError(f"unknown average {average!r}") from None
    classes = sorted({*np.unique(t).tolist(), *np.unique(p).tolist()})
    counts = np.array([[np.sum((t == c) & (p == c)), np.sum(p == c), np.sum(t == c)] for c in classes]).T
    tp, named, real = combine(counts)
    return tuple(float(_divide(top, low, 0.0).mean()) for top, low in ((tp, named), (tp, real), (2 * tp, named + real)))
