"""Answers of several parts: their names, how exact they must be, and comparison with what is known by hand."""

import numpy as np

from pytest_mlkata.checks import close, pair

NEAR = {"rtol": 1e-6, "atol": 1e-6}

COUNTS = "tp, fp, fn, tn"
RATIOS = "precision, recall, f1"
CURVE = "fpr, tpr, thresholds"


def agrees(solution, name, *args, expected, parts):
    """Compare an answer of several parts with what was found by hand."""
    call = f"{name}({', '.join(str(arg.tolist()) if isinstance(arg, np.ndarray) else repr(arg) for arg in args)})"
    got = pair(getattr(solution, name)(*args), call, parts)
    for part, mine, right in zip(parts.split(", "), got, expected, strict=True):
        close(mine, right, f"{part} of {call}", **NEAR)
