"""Labels between 0 and 1 are not refused.

Only 0 and 1 are labels. Look at 0.5.
"""

from __future__ import annotations

caught_by = ("test_confusion_counts_refuses_bad_input", "test_precision_recall_f1_refuses_bad_input")

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Counts:
    tp: int
    fp: int
    fn: int
    tn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn)

    @classmethod
    def of(cls, truth: np.ndarray, claim: np.ndarray) -> Counts:
        tp = int(np.count_nonzero(truth & claim))
        n_truth = int(np.count_nonzero(truth))
        n_claim = int(np.count_nonzero(claim))
        return cls(tp, n_claim - tp, n_truth - tp, truth.size - n_truth - n_claim + tp)

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp else 0.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0

    def prf(self) -> tuple[float, float, float]:
        return self.precision, self.recall, self.f1


@dataclass
class Binary:
    """Checked input of the binary metrics."""

    y_true: np.ndarray
    y_score: np.ndarray
    positive: np.ndarray = field(init=False)

    def __post_init__(self):
        labels = np.asarray(self.y_true)
        self.y_score = np.asarray(self.y_score, dtype=np.float64)
        if labels.shape[0] != self.y_score.shape[0]:
            raise ValueError("lengths differ")
        if labels.shape[0] == 0:
            raise ValueError("no samples")
        self.positive = labels == 1
        if not (labels.min() >= 0 and labels.max() <= 1):
            raise ValueError("labels other than 0 and 1")
        if not np.isfinite(self.y_score).all():
            raise ValueError("scores must be finite")

    def counts(self, threshold: float) -> Counts:
        return Counts.of(self.positive, self.y_score >= threshold)

    def curve(self) -> Curve:
        order = np.argsort(self.y_score)[::-1]
        score = self.y_score[order]
        ends = np.flatnonzero(np.append(score[:-1] > score[1:], True))
        tp = np.cumsum(self.positive[order], dtype=np.int64)[ends]
        return Curve(np.append(0, ends + 1 - tp), np.append(0, tp), np.append(np.inf, score[ends]))


@dataclass
class Curve:
    fp: np.ndarray
    tp: np.ndarray
    thresholds: np.ndarray

    @staticmethod
    def _rate(counts: np.ndarray) -> np.ndarray:
        return counts / counts[-1] if counts[-1] else np.full(counts.shape, np.nan)

    @property
    def fpr(self) -> np.ndarray:
        return self._rate(self.fp)

    @property
    def tpr(self) -> np.ndarray:
        return self._rate(self.tp)

    @property
    def area(self) -> float:
        pairs = float(self.fp[-1]) * float(self.tp[-1])
        if pairs == 0:
            return float("nan")
        twice = np.dot(np.diff(self.fp), self.tp[1:] + self.tp[:-1])
        return float(twice) / (2.0 * pairs)


def confusion_counts(y_true, y_score, threshold=0.5):
    c = Binary(y_true, y_score).counts(threshold)
    return c.tp, c.fp, c.fn, c.tn


def precision_recall_f1(y_true, y_score, threshold=0.5):
    return Binary(y_true, y_score).counts(threshold).prf()


def roc_curve(y_true, y_score):
    curve = Binary(y_true, y_score).curve()
    return curve.fpr, curve.tpr, curve.thresholds


def roc_auc(y_true, y_score):
    return Binary(y_true, y_score).curve().area


def averaged_prf(y_true, y_pred, average):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape[0] != y_pred.shape[0]:
        raise ValueError("lengths differ")
    if y_true.shape[0] == 0:
        raise ValueError("no samples")
    classes = set(np.unique(y_true).tolist() + np.unique(y_pred).tolist())
    per_class = [Counts.of(y_true == c, y_pred == c) for c in classes]
    if average == "micro":
        return sum(per_class, Counts(0, 0, 0)).prf()
    if average == "macro":
        return tuple(float(np.mean(column)) for column in zip(*(c.prf() for c in per_class)))
    raise ValueError(f"unknown average: {average!r}")
