"""Inputs of this kata's own: weights, gradients and options, bad input, and arrays of any size."""

import numpy as np

from pytest_mlkata.checks import every_array_dress, with_bad

# Quarters: float32 holds them exactly, so that one answer is right in every dress.
W = np.array([[1.0, -2.0, 0.5], [0.0, 4.0, -0.25]])
G = np.array([[0.5, 4.0, -1.0], [0.0, -2.0, 0.25]])
TURNED = (G, -0.5 * G, 2.0 * G)
"""Gradients that change their sign and size."""

SHAPES = ((), (1,), (5,), (2, 3), (3, 1), (1, 3), (2, 1, 2))

SGD = (
    {"lr": 0.1},
    {"lr": 0.1, "momentum": 0.9},
    {"lr": 0.01, "momentum": 0.5, "nesterov": True},
    {"lr": 1, "momentum": 0.99},
    {"lr": 0.1, "momentum": 0, "nesterov": True},
)
ADAM = (
    {"lr": 0.1},
    {"lr": 0.01, "beta1": 0.8, "beta2": 0.95},
    {"lr": 0.1, "eps": 1.0},
    {"lr": 0.1, "weight_decay": 0.1},
    {"lr": 0.1, "beta1": 0.0},
    {"lr": 0.1, "beta2": 0.0},
    {"lr": 1, "beta1": 0, "beta2": 0, "eps": 1, "weight_decay": 1},
    {},
)


def weights(shape, numbers):
    """Weights of a shape, from as many numbers as there are or more."""
    return np.resize(np.array(numbers, dtype=float), shape)


def forms():
    """Weights and gradients in every form, and what is special about it."""
    for shape in SHAPES:
        yield f"shape {shape}", np.resize(W, shape), np.resize(G, shape)
    yield from ((f"w {how}", w, G) for how, w in every_array_dress(W))
    yield from ((f"grad {how}", W, grad) for how, grad in every_array_dress(G))
    yield "w and grad float32", W.astype("float32"), G.astype("float32")
    for dtype in ("int64", "int32", "uint8"):
        yield f"w {dtype}", np.array([3, 0, 7], dtype=dtype), np.array([0.5, -0.25, 2.0])
    yield "w 0-d int64", np.array(3), np.array(0.5)


def bad_gradients():
    """Gradients with nan or inf, and what is wrong with them."""
    yield from ((f"grad of {what}", broken) for what, broken in with_bad(G, np.nan, np.inf, -np.inf))
    yield "nan and inf in grad", np.where(G > 1, np.nan, np.where(G < 0, np.inf, G))


def bad_steps():
    """Weights and gradients of which no step can be made, and what is wrong with them."""
    yield from ((what, W, grad) for what, grad in bad_gradients())
    yield "w and grad of a single number, which is nan", np.array(1.0), np.array(np.nan)
    for w, grad in (
        (W, G[:, :2]),
        (W, G[0]),
        (W, G[:1]),
        (W, G[:, :1]),
        (W, np.array(0.5)),
        (W, G.T),
        (W, G.ravel()),
        (W[0], G),
        (W[0], G[0, :2]),
        (W[0, :1], G[0]),
        (W[0], G[:, :1]),
        (np.array(1.0), G[0]),
        (np.array(1.0), G[0, :1]),
        (W[0, :1], np.array(0.5)),
    ):
        yield f"w of shape {w.shape} and grad of shape {grad.shape}", w, grad


TOO_LOW = (0, 0.0, -1e-9, -1)
OUTSIDE = (1, 1.0, 1.5, -0.1, -1, -1e-9)
"""Not in [0, 1)."""


def large(n):
    """Weights and a gradient of n elements."""
    rng = np.random.default_rng(0)
    return rng.normal(size=n), rng.normal(size=n)
