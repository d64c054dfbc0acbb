"""Inputs of this kata's own: small cases by hand, every legal form, bad input, and data of any size."""

import numpy as np

from pytest_mlkata.checks import every_array_dress, every_label_dress

# Eighths: float32 holds them exactly, so that one answer is right in every dress.
Y_TRUE = np.array([1, 0, 1, 1, 0, 1, 0])
Y_SCORE = np.array([0.875, 0.5, 0.5, 0.25, 0.125, 0.5, 0.75])

CLASSES_TRUE = np.array([3, 3, 3, 7, 7, -2, 100])
CLASSES_PRED = np.array([3, 3, 7, 7, -2, -2, 5])

THRESHOLDS = (0.5, 0.25, 0.0, 0.75, -1.0, 2.0)


def forms():
    """Legal input in every form: what is special about it, labels and scores."""
    yield from ((f"y_true {how}", labels, Y_SCORE) for how, labels in every_label_dress(Y_TRUE))
    yield from ((f"y_score {how}", Y_TRUE, scores) for how, scores in every_array_dress(Y_SCORE))
    yield "y_true bool, y_score float32", Y_TRUE.astype(bool), Y_SCORE.astype("float32")
    yield "whole numbers as scores", Y_TRUE, np.array([3.0, -1.0, 0.0, 2.0, -5.0, 0.0, 1.0])
    yield "scores of 0.0 and -0.0, which are equal", Y_TRUE, np.array([0.0, -0.0, 1.0, -0.0, -1.0, 0.0, -0.0])
    yield "neighbouring scores, which are not", Y_TRUE, np.nextafter(0.5, [1.0, 0.5, 0.0, 1.0, 0.0, 0.5, 1.0])
    yield "scores as large as they get", Y_TRUE, np.array([1.0, -1.0, 1e-3, -1e-3, 0.0, 0.5, -0.5]) * 1e308
    # More than 255 of each: counts must not be kept in the dtype of the labels.
    yield from (
        (f"1400 samples, y_true {how}", y, np.tile(Y_SCORE, 200)) for how, y in every_label_dress(many_labels())
    )


def many_labels():
    """As many labels as overflow a byte."""
    return np.tile(Y_TRUE, 200)


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


def class_forms():
    """Labels of many classes in every form: what is special about it, true and predicted labels."""
    y_true, y_pred = CLASSES_TRUE, CLASSES_PRED
    for dtype in ("int64", "int32", "int16", "int8"):
        yield f"y_true {dtype}", y_true.astype(dtype), y_pred
        yield f"y_true and y_pred {dtype}", y_true.astype(dtype), y_pred.astype(dtype)
    for dtype in ("uint8", "uint16", "uint32"):
        yield f"y_true and y_pred {dtype}", abs(y_true).astype(dtype), abs(y_pred).astype(dtype)
        yield f"y_pred {dtype}", y_true, abs(y_pred).astype(dtype)
    for what, change in (("read-only", _read_only), ("non-contiguous", _spread)):
        yield f"y_true and y_pred {what}", change(y_true), change(y_pred)
    yield "the ends of int8", np.array([-128, 127, 0], dtype=np.int8), np.array([-128, 127, 127], dtype=np.int8)
    yield "the ends of int16", np.array([-32768, 32767], dtype=np.int16), np.array([32767, 32767], dtype=np.int16)
    yield "y_true uint8, y_pred of 300 and more", np.array([44, 5, 7], dtype=np.uint8), np.array([300, 5, 519])
    yield "y_true of 300 and more, y_pred int8", np.array([300, 5, 519]), np.array([44, 5, 7], dtype=np.int8)
    yield "labels of 2 ** 40 and beside", y_true + 2**40, y_pred + 2**40
    yield "two classes as uint8", np.array([0, 1, 1, 0], dtype=np.uint8), np.array([1, 1, 0, 0], dtype=np.uint8)
    yield "700 samples as int8", np.tile(y_true, 100).astype("int8"), np.tile(y_pred, 100).astype("int8")
    yield "one sample, right", y_true[:1], y_pred[:1]
    yield "one sample, wrong", y_true[:1], y_pred[2:3]


def _read_only(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def _spread(array):
    return np.repeat(array, 2)[::2]


def large(n):
    """Labels and distinct scores of n samples, which tell something of the labels."""
    rng = np.random.default_rng(0)
    y_true = np.arange(n) % 2
    return y_true, rng.permutation(n) / n + 0.25 * y_true


def large_classes(n):
    """True and predicted labels of n samples in five classes."""
    rng = np.random.default_rng(0)
    y_true = np.arange(n) % 5
    return y_true, np.where(rng.random(n) < 0.5, y_true, rng.permutation(y_true))
