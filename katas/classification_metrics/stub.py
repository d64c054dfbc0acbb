"""Metrics of a classifier, in NumPy.

n samples: y_true is (n,) and holds the labels, y_score (n,) any finite real numbers, higher for class 1.
"""

import numpy as np


def confusion_counts(y_true, y_score, threshold=0.5):
    """Return the four counts (tp, fp, fn, tn).

    A sample is predicted positive if its score is at least the threshold.

    Raises ValueError if there are no samples, if y_true and y_score differ in length, if a label is neither 0
    nor 1, or if a score is nan or infinite.
    """
    raise NotImplementedError


def precision_recall_f1(y_true, y_score, threshold=0.5):
    """Return precision, recall and F1 at the threshold: three numbers. What would be 0/0 is 0.

    Raises ValueError for the same input as confusion_counts.
    """
    raise NotImplementedError


def roc_curve(y_true, y_score):
    """Return the triple (fpr, tpr, thresholds), three arrays of one length.

    The first point is (0, 0) at the threshold inf; then one point for each distinct score, the highest first.
    The rate of a class that is missing is nan at every point.

    Raises ValueError for the same input as confusion_counts.
    """
    raise NotImplementedError


def roc_auc(y_true, y_score):
    """Return the area under that curve by the trapezoid rule: one number, nan where a class is missing.

    Raises ValueError for the same input as confusion_counts.
    """
    raise NotImplementedError


def averaged_prf(y_true, y_pred, average):
    """Return precision, recall and F1 over many classes, averaged: three numbers.

    y_true and y_pred are (n,) and hold any integers; the classes are all that occur in either. average is
    "macro" or "micro".

    Raises ValueError if there are no samples, if the lengths differ, or if average is anything else.
    """
    raise NotImplementedError
