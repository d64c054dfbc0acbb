"""Scores outside [0, 1] are refused.

Scores may be logits: any finite number.
"""

caught_by = ("test_confusion_counts_takes_input_of_any_form", "test_precision_recall_f1_takes_input_of_any_form")

import numpy as np

ratio = lambda a, b, empty=0.0: np.divide(a, b, out=np.full(np.shape(a), empty), where=np.asarray(b) != 0)  # noqa: E731


def checked(y, s):
    y, s = np.asarray(y), np.asarray(s, np.float64)
    problem = (
        "empty" if not y.size * s.size
        else "lengths" if y.size != s.size
        else "labels" if np.any((y != 0) & (y != 1))
        else "scores" if not np.all((s >= 0) & (s <= 1))
        else None
    )
    if problem:
        raise ValueError(problem)
    return y.astype(float).astype(int), s


def confusion_counts(y_true, y_score, threshold=0.5):
    y, s = checked(y_true, y_score)
    d = s >= threshold
    return np.sum(y * d), np.sum((1 - y) * d), np.sum(y * ~d), np.sum((1 - y) * ~d)


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    return tuple(ratio(np.array([1.0, 1.0, 2.0]) * tp, np.array([tp + fp, tp + fn, 2 * tp + fp + fn])))


def roc_curve(y_true, y_score):
    y, s = checked(y_true, y_score)
    o = np.argsort(s)[::-1]
    y, s = y[o], s[o]
    cut = np.r_[0, np.flatnonzero(s[1:] != s[:-1]) + 1, s.size]
    tp = np.r_[0, np.cumsum(y)][cut]
    fp = cut - tp
    return (
        ratio(fp, np.full(fp.shape, fp[-1]), np.nan),
        ratio(tp, np.full(tp.shape, tp[-1]), np.nan),
        np.r_[np.inf, s[cut[1:] - 1]],
    )


def roc_auc(y_true, y_score):
    y, s = checked(y_true, y_score)
    pos, neg = np.sort(s[y > 0]), np.sort(s[y < 1])
    if not len(pos) or not len(neg):
        return np.nan
    # from the side of the negatives: the share of positives above, and the share not below
    above = 1 - np.searchsorted(pos, neg, "right") / len(pos)
    not_below = 1 - np.searchsorted(pos, neg, "left") / len(pos)
    return ((above + not_below) / 2).mean()


def averaged_prf(y_true, y_pred, average):
    y, p = np.asarray(y_true), np.asarray(y_pred)
    if not y.size * p.size or y.size != p.size or average not in ("macro", "micro"):
        raise ValueError("bad input")
    c = sorted(set(np.unique(y).tolist()) | set(np.unique(p).tolist()))
    tp, sp, st = (
        np.array([np.count_nonzero(f(k)) for k in c], float)
        for f in (lambda k: (y == k) & (p == k), lambda k: p == k, lambda k: y == k)
    )
    if average == "micro":
        tp, sp, st = tp.sum(), sp.sum(), st.sum()
    return np.mean(ratio(tp, sp)), np.mean(ratio(tp, st)), np.mean(ratio(2 * tp, sp + st))


if __name__ == "__main__":
    y_demo, s_demo = np.array([1, 0, 1, 1, 0]), np.array([0.9, 0.5, 0.5, 0.3, 0.1])
    print(confusion_counts(y_demo, s_demo), precision_recall_f1(y_demo, s_demo), roc_auc(y_demo, s_demo))
