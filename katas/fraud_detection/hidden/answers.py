"""Verdicts where many answers are right: a threshold of the least cost, rows that were kept, points on segments."""

import numpy as np

from pytest_mlkata.checks import close, number, numbers, pair, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}

FEW = 1e-4
"""How far from a segment a point may lie, relative to the size of the cloud, if it was computed from float32."""
MANY = 1e-6
"""The same with float64."""


def shown(array):
    """Write an array, if it is short."""
    return str(array.tolist()) if array.size <= 12 else f"array of shape {array.shape}"


def assert_best(solution, y_true, y_score, *costs, note=""):
    """Require a threshold of the least cost, and its cost."""
    cost_fp, cost_fn = costs
    call = f"best_threshold({shown(y_true)}, {shown(y_score)}, {cost_fp}, {cost_fn})" + (f", {note}" if note else "")
    threshold, cost = pair(solution.best_threshold(y_true, y_score, cost_fp, cost_fn), call, "threshold, cost")
    threshold, cost = number(threshold, f"threshold of {call}"), number(cost, f"cost of {call}")
    require(not np.isnan(threshold), f"threshold of {call} must not be nan")
    flagged, positive = y_score.astype(float) >= threshold, y_true == 1
    there = cost_fp * np.sum(flagged & ~positive) + cost_fn * np.sum(~flagged & positive)
    _, least = answer.best_threshold(y_true, y_score, cost_fp, cost_fn)
    near = {"rtol": 1e-4, "atol": 1e-4} if np.float32 in (y_true.dtype, y_score.dtype) else NEAR
    same = np.isclose(cost, there, **near)
    require(same, f"{call} returned ({threshold:.9g}, {cost:.9g}), but at that threshold the cost is {there:.9g}")
    require(
        np.isclose(there, least, **NEAR),
        f"{call} returned ({threshold:.9g}, {cost:.9g}), but some threshold costs only {least:.9g}",
    )


def kept(solution, X, y, *how, note=""):
    """Return which samples undersample keeps, after all that must hold for any draw."""
    negatives_per_positive, seed = how
    call = f"undersample(X, y, {negatives_per_positive}, {seed})" + (f", {note}" if note else "")
    some, labels = pair(solution.undersample(X, y, negatives_per_positive, seed), call, "X, y")
    positives, negatives = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    count = min(len(negatives), round(negatives_per_positive * len(positives)))
    said = f"with {len(positives)} positives and {len(negatives)} negatives"
    labels, some = numbers(labels, f"y of {call}"), numbers(some, f"X of {call}")
    found = (int(np.sum(labels == 1)), int(np.sum(labels == 0)))
    require(
        found == (len(positives), count),
        f"y of {call} {said} must hold {len(positives)} ones and {count} zeros, got {found[0]} and {found[1]}",
    )
    some = numbers(some, f"X of {call}", (len(positives) + count, X.shape[1]))
    which = np.rint(some[:, 0]).astype(int)
    known = ((which >= 0) & (which < len(X))).all() and np.array_equal(some, X[which])
    require(known, f"X of {call} must hold rows of X as they are")
    close(labels, y[which], f"y of {call}, for the rows that were returned")
    require(len(set(which.tolist())) == len(which), f"X of {call} holds a row of X twice")
    return which


def assert_between(solution, X, *how, note=""):
    """Require points on segments between neighbours, and return them."""
    n_new, k, seed = how
    call = _smote_call(X, *how) + (note and f", {note}")
    new = numbers(solution.smote(X, n_new, k, seed), call, (n_new, X.shape[1]))
    points = X.astype(float)
    off, _ = _places(new, points, _nearest(points, k))
    size = np.ptp(points, axis=0).max()
    wrong = ~(off.min(axis=1) <= (FEW if X.dtype == np.float32 else MANY) * size)
    require(
        not wrong.any(),
        f"{call}: {np.sum(wrong)} of {n_new} new points lie on no segment between a point and one of its "
        f"{min(k, len(X) - 1)} nearest; the first is {new[np.argmax(wrong)].round(4).tolist()}",
    )
    same = np.linalg.norm(new[:, None] - points, axis=2).min(axis=1) <= 1e-7 * size
    require(
        np.sum(same) <= max(2, n_new // 20),
        f"{call}: {np.sum(same)} of {n_new} new points coincide with a point of X",
    )
    return new


def assert_drawn(solution, X, *how):
    """Require many points on every segment between neighbours, and at more than one place between them."""
    new, call = assert_between(solution, X, *how), _smote_call(X, *how)
    nearest = _nearest(X, how[1])
    off, share = _places(new, X, nearest)
    bare = off.min(axis=0) > MANY * np.ptp(X, axis=0).max()
    start, rank = np.unravel_index(np.argmax(bare), nearest.shape)
    require(
        not bare.any(),
        f"{call}: no new point lies between X[{start}] and its neighbour X[{nearest[start, rank]}], number {rank + 1} "
        "by distance",
    )
    place = np.take_along_axis(share, off.argmin(axis=1)[:, None], axis=1)
    place = np.minimum(place, 1 - place)  # either end may be the start
    require(np.ptp(place) > 0.05, f"{call}: all new points divide their segments in the same ratio")


def _smote_call(X, n_new, k, seed):
    return f"smote(X, {n_new}, {k}, {seed}) of {len(X)} points in {X.shape[1]} dimensions"


def _nearest(points, k):
    """For each point its k nearest neighbours, the nearest first."""
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1)[:, : min(k, len(points) - 1)]


def _places(new, points, nearest):
    """How far each new point is from each segment, and where on it the nearest place is, from 0 to 1."""
    start, end = np.repeat(points, nearest.shape[1], axis=0), points[nearest.ravel()]
    along = end - start
    share = np.clip(np.einsum("msd,sd->ms", new[:, None] - start, along) / np.square(along).sum(axis=1), 0, 1)
    return np.linalg.norm(new[:, None] - start - share[..., None] * along, axis=2), share
