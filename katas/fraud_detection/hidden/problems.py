"""Inputs of this kata's own: small cases by hand, every legal form, bad input, rows to recognise, points to join."""

import numpy as np

from pytest_mlkata.checks import binary_scores, every_array_dress, every_label_dress

# Eighths: float32 holds them exactly, so that one answer is right in every dress.
Y_TRUE = np.array([1, 0, 1, 0, 0, 1, 0])
Y_SCORE = np.array([0.875, 0.5, 0.5, 0.25, 0.125, 0.375, 0.75])

THRESHOLDS = (0.5, 0.25, 0.0, 0.75, -1.0, 2.0)
BETAS = (2.0, 0.5, 1.0, 3, 0.25)
COSTS = ((1, 1), (1, 5), (3, 200.0), (4, 1), (0.3, 0.1), (2.5, 0.5))
NO_COSTS = ((0, 1), (1, 0), (0, 0), (0.0, 2.5), (7, 0.0))


def priced_scores(**options):
    """Scores for best_threshold: no neighbours in float64, between which a midpoint is one of the two."""
    return binary_scores(**options).filter(lambda problem: not problem.edge.startswith("adjacent floats"))


def forms():
    """Legal input in every form: what is special about it, labels and scores."""
    yield from ((f"y_true {how}", labels, Y_SCORE) for how, labels in every_label_dress(Y_TRUE))
    yield from ((f"y_score {how}", Y_TRUE, scores) for how, scores in every_array_dress(Y_SCORE))
    yield "y_true bool, y_score float32", Y_TRUE.astype(bool), Y_SCORE.astype("float32")
    yield "whole numbers as scores", Y_TRUE, np.array([3.0, -1.0, 0.0, 2.0, -5.0, 0.0, 1.0])
    yield "scores of 0.0 and -0.0, which are equal", Y_TRUE, np.array([0.0, -0.0, 1.0, -0.0, -1.0, 0.0, -0.0])
    yield "nearly equal scores", Y_TRUE, 0.5 + np.array([4.0, 1.0, 2.0, 0.0, 0.0, 3.0, 1.0]) * 1e-9
    # More than 255 of each: counts must not be kept in the dtype of the labels.
    yield from (
        (f"1400 samples, y_true {how}", y, np.tile(Y_SCORE, 200)) for how, y in every_label_dress(np.tile(Y_TRUE, 200))
    )


def extreme_scores():
    """Legal scores that no number can be put between, or above: what is special, labels and scores."""
    yield "neighbouring scores, which are not equal", Y_TRUE, np.nextafter(0.5, [1.0, 0.5, 0.0, 1.0, 0.0, 0.5, 1.0])
    yield "scores as large as they get", Y_TRUE, np.array([1.0, -1.0, 1e-3, -1e-3, 0.0, 0.5, -0.5]) * 1e308


def lone_cases():
    """Legal input where something is missing: what, labels and scores."""
    yield "one sample of class 1", Y_TRUE[:1], Y_SCORE[:1]
    yield "one sample of class 0", Y_TRUE[1:2], Y_SCORE[1:2]
    yield "one sample of class 1 with a low score", Y_TRUE[:1], Y_SCORE[4:5]
    yield "class 0 only", np.zeros_like(Y_TRUE), Y_SCORE
    yield "class 1 only", np.ones_like(Y_TRUE), Y_SCORE
    yield "class 1 only, all scores equal", np.ones_like(Y_TRUE), np.full(7, 0.5)
    yield "class 0 only, all scores low", np.zeros_like(Y_TRUE), Y_SCORE - 2
    yield "class 1 only, all scores low", np.ones_like(Y_TRUE), Y_SCORE - 2
    yield "class 0 only, as bool", np.zeros(7, dtype=bool), Y_SCORE
    yield "class 1 only, as float", np.ones(7), Y_SCORE
    yield "class 1 only, as uint8", np.ones(7, dtype="uint8"), Y_SCORE


def large(n, every=8):
    """Labels and distinct scores of n samples, which tell something of the labels; one in so many is positive."""
    rng = np.random.default_rng(0)
    y_true = (np.arange(n) % every == 0).astype(int)
    return y_true, rng.permutation(n) / n + 0.25 * y_true


def even(n):
    """The same with as many of each class: where positives are few, a loop over them is hardly one over samples."""
    return large(n, every=2)


def rows(labels, d=2):
    """A row for each label, which says in every column which one it is."""
    number = np.arange(len(labels), dtype=float)
    return number[:, None] * np.linspace(1.0, 2.0, d) + np.arange(d) / 4


def rare(n, positives):
    """Labels of n samples, so many of them positive, in no order."""
    return np.random.default_rng(7).permutation(np.arange(n) < positives).astype(int)


def minority(n, d, k, seed=0):
    """Points on eighths, all different, no two of whose distances nearly tie where the k nearest end."""
    rng = np.random.default_rng((n, d, k, seed))
    while True:
        points = np.round(rng.normal(size=(n, d)) * 24 * np.resize([1.0, 4.0, 0.5], d)) / 8
        nearest = np.sort(np.linalg.norm(points[:, None] - points, axis=2), axis=1)[:, 1:]
        if nearest[:, 0].min() > 0 and (k >= n - 1 or (nearest[:, k] > 1.01 * nearest[:, k - 1]).all()):
            return points


def cloud(n):
    """As many points as new ones to make."""
    return np.random.default_rng(0).normal(size=(n, 2)), n, 5, 0
