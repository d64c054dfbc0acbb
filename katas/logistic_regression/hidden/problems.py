"""Inputs of this kata's own: small problems by hand, bad input, and problems of any size."""

import numpy as np

from pytest_mlkata.checks import BinaryProblem, with_bad

# Quarters: float32 holds them exactly, so that one answer is right in every dress.
SMALL = BinaryProblem(
    X=np.array([[1.0, 2.0], [3.0, -1.0], [-2.0, 0.5]]), y=np.array([1, 0, 1]), w=np.array([0.5, -0.25]), b=0.25
)

# Whole numbers, which float32 holds exactly.
WHOLE = BinaryProblem(
    X=np.array([[1.0, 2.0], [3.0, -1.0], [-2.0, 1.0], [0.0, -1.0]]), y=np.array([1, 0, 0, 1]), w=SMALL.w, b=0.25
)

# Large columns that nearly cancel: the logits are small, but float32 on the way would lose them.
CANCELLING = BinaryProblem(
    X=np.array([[10000.1, -10000.0], [9999.9, -10000.2], [-10000.3, 10000.0]]),
    y=np.array([1, 0, 1]),
    w=np.array([1.0, 1.0]),
    b=0.25,
)

PENALTIES = (0.0, 0.1, 2.0)


def shapes():
    """Problems of legal but unusual shape or content, and what is unusual."""
    X, y, w, b = SMALL.X, SMALL.y, SMALL.w, SMALL.b
    yield "one sample", BinaryProblem(X[:1], y[:1], w, b)
    yield "one feature", BinaryProblem(X[:, :1], y, w[:1], b)
    yield "one sample with one feature", BinaryProblem(X[:1, :1], y[:1], w[:1], b)
    yield "as many features as samples", BinaryProblem(X[:2], y[:2], w, b)
    yield "more features than samples", BinaryProblem(np.tile(X[:2], 2), y[:2], np.tile(w, 2), b)
    yield "class 0 only", BinaryProblem(X, np.zeros(3, dtype=int), w, b)
    yield "class 1 only", BinaryProblem(X, np.ones(3, dtype=int), w, b)
    yield "a column of zeros", BinaryProblem(X * [1.0, 0.0], y, w, b)
    yield "equal rows of different class", BinaryProblem(np.tile(X[:1], (3, 1)), y, w, b)


def bad_labels():
    """Labels and what is wrong with them, each as long as the three samples above."""
    yield "labels of -1 and 1", np.array([1, -1, 1])
    yield "a label of 2", np.array([1, 0, 2])
    yield "a label of 2 (uint8)", np.array([1, 0, 2], dtype=np.uint8)
    yield "a label of 0.5", np.array([1.0, 0.0, 0.5])
    yield "a label of nan", np.array([np.nan, 0.0, 1.0])
    yield "a label of inf", np.array([1.0, np.inf, 0.0])
    for what, labels in (("0.5 and 1", [0.5, 1.0, 0.5]), ("0 and nan", [0.0, np.nan, 0.0]), ("2 and 3", [2, 3, 2])):
        yield f"labels of {what} alone", np.array(labels)


def bad_features():
    """Features and what is wrong with them."""
    yield from ((f"X of {what}", broken) for what, broken in with_bad(SMALL.X, np.nan, np.inf, -np.inf))


def late_nan():
    """Many samples, and nan in the last of them."""
    X = np.tile(SMALL.X, (5000, 1))
    X[-1, -1] = np.nan
    return X, np.tile(SMALL.y, 5000)


def bad_data():
    """Features and labels that do not go together, and what is wrong with them."""
    X, y = SMALL.X, SMALL.y
    yield "no samples", X[:0], y[:0]
    yield "3 samples with 2 labels", X, y[:2]
    yield "3 samples with 1 label", X, y[:1]
    yield "1 sample with 3 labels", X[:1], y
    yield "nan in the last of 15000 rows", *late_nan()
    yield from ((what, X, labels) for what, labels in bad_labels())
    yield from ((what, features, y) for what, features in bad_features())


def large(n, d=4):
    """A problem of n samples, half of each class."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)), np.arange(n) % 2, np.linspace(-1.0, 1.0, d), 0.25


def sorted_by_class(n):
    """A problem of n samples that start with all of class 0: no part of the data stands for the whole."""
    X, y, _, _ = large(n)
    return X + y[:, None] * 0.5, np.sort(y)
