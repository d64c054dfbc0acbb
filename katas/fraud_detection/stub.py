"""Rare positives, in NumPy: a weighted loss, metrics, a threshold that minds costs, and resampling.

n samples: y and y_true are (n,) and hold 0 and 1, y_score is (n,) and holds any finite real numbers, higher for class 1.
A sample is predicted positive if its score is at least the threshold.
"""

import numpy as np


def weighted_bce(y, p, pos_weight):
    """Return the mean over samples of the cross-entropy in which positives weigh pos_weight: one number.

    Divided by n. p (n,) holds probabilities. Finite even where p is exactly 0 or 1: at pos_weight 1 a certain wrong
    answer costs at least 10, a certain right one at most 0.001.

    Raises ValueError if pos_weight is not above 0.
    """
    raise NotImplementedError


def balanced_pos_weight(y):
    """Return the number of negatives divided by the number of positives.

    Raises ValueError if there are no positives.
    """
    raise NotImplementedError


def average_precision(y_true, y_score):
    """Return the sum over distinct scores, the highest first, of the rise in recall times precision: one number.

    Tied samples are one step. nan where there are no positives.

    Raises ValueError if there are no samples, if y_true and y_score differ in length, if a label is neither 0 nor 1,
    or if a score is nan or infinite.
    """
    raise NotImplementedError


def f_beta(y_true, y_score, threshold, beta):
    """Return the F-beta score at the threshold: one number. What would be 0/0 is 0.

    Raises ValueError for the same input as average_precision, and if beta is not above 0.
    """
    raise NotImplementedError


def best_threshold(y_true, y_score, cost_fp, cost_fn):
    """Return the pair (threshold, cost): the least total cost of all thresholds, and a threshold that has it.

    To predict none positive, and to predict all, are among the choices.

    Raises ValueError for the same input as average_precision, and if a cost is negative.
    """
    raise NotImplementedError


def undersample(X, y, negatives_per_positive, seed):
    """Return the pair (X, y) of all positives and negatives_per_positive times as many negatives, or all there are.

    X is (n, d). Negatives are drawn without replacement; rows come in any order, each with its label.
    """
    raise NotImplementedError


def corrected_probability(p, kept_fraction):
    """Return the probabilities (n,) in the original population of which kept_fraction of the negatives were kept.

    p (n,) holds the probabilities of a model that was trained on what was kept.

    Raises ValueError if kept_fraction is not in (0, 1].
    """
    raise NotImplementedError


def smote(X_minority, n_new, k, seed):
    """Return new points (n_new, d), each between a point of X_minority (n, d) and one of its k nearest neighbours.

    By Euclidean distance. A point is no neighbour of itself; k is cut to n - 1.

    Raises ValueError if there are fewer than two points.
    """
    raise NotImplementedError
