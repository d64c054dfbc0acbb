"""What several check files say of an answer: how exact it must be, and how draws are made and counted."""

import numpy as np

from pytest_mlkata.checks import assert_share, close, numbers, pair, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}
RESULT = "centers, labels, inertia"


def follows(solution, X, centers, *n_iter, note="", **exactness):
    """Require of kmeans what the reference says."""
    described = f"{X.tolist() if X.size < 40 else f'X of shape {X.shape}'}, {centers.tolist()}"
    call = f"kmeans({', '.join([described, *map(str, n_iter)])})" + (f", {note}" if note else "")
    got = pair(solution.kmeans(X, centers, *n_iter), call, RESULT)
    right = answer.kmeans(X, centers, *n_iter)
    few_digits = any(array.dtype == np.float32 for array in (X, centers))
    # In float32, |x|² - 2xc + |c|² is right to some digits of |x|², and not of what is left.
    magnitude = np.square(X, dtype=float).sum() if few_digits else 0.0
    for part, mine, known in zip(RESULT.split(", "), got, right, strict=True):
        size = magnitude if part == "inertia" else 0.0
        close(mine, known, f"{part} of {call}", inputs=(X, centers), magnitude=size, **(exactness or NEAR))


def draws(solution, X, k, seeds, what):
    """Draw k rows of X with so many seeds: (seeds, k, d)."""
    shape = (k, X.shape[1])
    return np.array(
        [
            numbers(solution.kmeans_plus_plus(X, k, seed), f"kmeans_plus_plus(X, {k}, {seed}) of {what}", shape)
            for seed in range(seeds)
        ]
    )


def happens(events, share, what):
    """Require that something happens as often as its probability tells, once there was a chance at all."""
    require(len(events), f"{what}: that was never possible, since no seed draws what has to come before")
    assert_share(int(np.count_nonzero(events)), len(events), share, what)


def different_rows(rows):
    """Count the rows that differ."""
    return len(np.unique(rows, axis=0))
