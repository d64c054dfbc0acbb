"""Only nan is refused as a score.

inf passes. np.isfinite sees both.
"""

caught_by = ("test_confusion_counts_refuses_bad_input", "test_precision_recall_f1_refuses_bad_input")

import numpy as np

CHUNK = 65536


def _chunks(n):
    for start in range(0, n, CHUNK):
        yield slice(start, min(start + CHUNK, n))


def _check(y_true, y_score):
    y_true = np.asarray(y_true)
    y_score = np.asarray(y_score)
    n = len(y_true)
    if n != len(y_score):
        raise ValueError("lengths differ")
    if n == 0:
        raise ValueError("no samples")
    for part in _chunks(n):
        y = y_true[part]
        if not np.all((y == 0) | (y == 1)):
            raise ValueError("labels must be 0 or 1")
        if np.any(np.isnan(y_score[part])):
            raise ValueError("scores must be finite")
    return y_true, y_score, n


def confusion_counts(y_true, y_score, threshold=0.5):
    y_true, y_score, n = _check(y_true, y_score)
    tp = fp = n_pos = 0
    for part in _chunks(n):
        pos = y_true[part] == 1
        flagged = y_score[part].astype(np.float64) >= threshold
        both = int(np.count_nonzero(pos & flagged))
        tp += both
        fp += int(np.count_nonzero(flagged)) - both
        n_pos += int(np.count_nonzero(pos))
    fn = n_pos - tp
    return tp, fp, fn, n - n_pos - fp


def precision_recall_f1(y_true, y_score, threshold=0.5):
    tp, fp, fn, _ = confusion_counts(y_true, y_score, threshold)
    precision = tp / max(tp + fp, 1)
    recall = tp / max(tp + fn, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-300)


def _split(y_true, y_score):
    y_true, y_score, _ = _check(y_true, y_score)
    score = y_score.astype(np.float64)
    return np.sort(score[y_true == 1]), np.sort(score[y_true == 0])


def roc_curve(y_true, y_score):
    pos, neg = _split(y_true, y_score)
    merged = np.concatenate((pos, neg))
    merged = np.sort(merged)[::-1]
    thresholds = merged[np.concatenate(([True], merged[1:] != merged[:-1]))]
    m = len(thresholds)
    rates = np.full((2, m + 1), np.nan)
    for row, members in zip(rates, (neg, pos)):
        size = len(members)
        if size == 0:
            continue
        row[0] = 0.0
        for part in _chunks(m):
            row[1:][part] = (size - np.searchsorted(members, thresholds[part])) / size
    return rates[0], rates[1], np.concatenate(([np.inf], thresholds))


def roc_auc(y_true, y_score):
    pos, neg = _split(y_true, y_score)
    if len(pos) == 0 or len(neg) == 0:
        return float("nan")
    twice = 0
    for part in _chunks(len(pos)):
        twice += int(np.searchsorted(neg, pos[part], side="left").sum())
        twice += int(np.searchsorted(neg, pos[part], side="right").sum())
    return twice / (2 * len(pos) * len(neg))


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    n = len(y_true)
    if n != len(y_pred):
        raise ValueError("lengths differ")
    if n == 0:
        raise ValueError("no samples")
    if average not in ("macro", "micro"):
        raise ValueError("unknown average")
    tp, claimed, actual = {}, {}, {}
    for part in _chunks(n):
        t, p = y_true[part], y_pred[part]
        for store, labels in ((tp, t[t == p]), (claimed, p), (actual, t)):
            values, counts = np.unique(labels, return_counts=True)
            for c, k in zip(values.tolist(), counts.tolist()):
                store[c] = store.get(c, 0) + k
    if average == "micro":
        hits = sum(tp.values())
        p, r = hits / sum(claimed.values()), hits / sum(actual.values())
        return p, r, 2 * p * r / (p + r) if p + r else 0.0
    classes = claimed.keys() | actual.keys()
    p = [tp.get(c, 0) / claimed[c] if c in claimed else 0.0 for c in classes]
    r = [tp.get(c, 0) / actual[c] if c in actual else 0.0 for c in classes]
    f = [2 * a * b / (a + b) if a + b else 0.0 for a, b in zip(p, r)]
    return sum(p) / len(p), sum(r) / len(r), sum(f) / len(f)
