"""Calls of the solution on a network, and comparison of what they give: one answer, or a pair for each layer."""

import numpy as np

from pytest_mlkata.checks import close, numbers, pair, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}
EXACT = {"rtol": 1e-6, "atol": 1e-9}

WEIGHTS = "W, b"
SLOPES = "dW, db"


def agrees(solution, name, network, *args, note="", tolerance=NEAR, **kwargs):
    """Compare what a function gives for a network with what the reference gives."""
    arguments = network.given(name)
    call = written(name, network, args, kwargs, note)
    got = getattr(solution, name)(*arguments, *args, **kwargs)
    expected = getattr(answer, name)(*arguments, *args, **kwargs)
    if name in ("gradients", "train"):
        same_layers(got, expected, call, parts(name), inputs=network.arrays, **tolerance)
    else:
        close(got, expected, call, inputs=network.arrays, **tolerance)


def written(name, network, args=(), kwargs=None, note=""):
    """Write a call as a learner would."""
    given = ["params", "X", "y"][: len(network.given(name))]
    given += [repr(arg) for arg in args] + [f"{key}={value!r}" for key, value in (kwargs or {}).items()]
    return f"{name}({', '.join(given)}), layers of {network.sizes}" + (f", {note}" if note else "")


def parts(name):
    """What the two arrays of a layer are called in an answer."""
    return SLOPES if name == "gradients" else WEIGHTS


def pairs(got, call, count, names):
    """Take an answer with a pair for each layer apart: the calls and the two parts of each."""
    is_list = isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim > 0)
    found = len(got) if is_list else "something else"
    require(found == count, f"{call} must return a list of {count} pairs ({names}), one for each layer; got {found}")
    labels = [f"layer {i} of {call}" for i in range(1, count + 1)]
    return [(label, pair(layer, label, names)) for label, layer in zip(labels, got, strict=True)]


def same_layers(got, expected, call, names, **tolerance):
    """Compare answers with a pair of arrays for each layer."""
    for (label, layer), right in zip(pairs(got, call, len(expected), names), expected, strict=True):
        for part, mine, its in zip(names.split(", "), layer, right, strict=True):
            close(mine, its, f"{part} of {label}", **tolerance)


def flat(got, call, params, names):
    """Read an answer with a pair for each layer as one row of numbers."""
    rows = []
    for (label, layer), right in zip(pairs(got, call, len(params), names), params, strict=True):
        for part, mine, its in zip(names.split(", "), layer, right, strict=True):
            rows.append(numbers(mine, f"{part} of {label}", its.shape).ravel())
    return np.concatenate(rows)
