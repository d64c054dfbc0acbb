"""Inputs of this kata's own: clouds by hand, every legal form, draws that tell, bad input, and large clouds."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from pytest_mlkata.checks import laid_out, with_bad

LAYOUTS = ("Fortran-ordered", "non-contiguous", "read-only")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32")
INTEGERS = (*SIGNED, *UNSIGNED)

# Three clusters, of two, three and one. The distances of every point to all centres are clearly different.
POINTS = np.array([[1, 2], [90, 10], [3, 1], [100, 14], [40, 110], [94, 12]])
CENTERS = np.array([[10, 4], [80, 20], [60, 100]])
LABELS = np.array([0, 1, 0, 1, 2, 1])

# No whole numbers, and not around the origin: |x|² - 2xx + |x|² is not 0 then, and may be less.
SCATTERED = np.random.default_rng(0).normal(7.0, 3.0, size=(16, 5))

# More points than blocks of 1000, 1024 or 2000 hold, sorted: neither the first nor the last thousand speaks for all.
MANY = np.sort(np.random.default_rng(0).normal(size=(5001, 2)), axis=0)

# Two clusters whose means are no whole numbers.
PAIRS = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 4.0], [10.0, 5.0]])


def forms():
    """Points and centres in every form, and what is special about it."""
    for dtype in ("float64", "float32"):
        for layout in LAYOUTS:
            yield (
                f"X and centers {dtype}, {layout}",
                laid_out(POINTS.astype(dtype), layout),
                laid_out(CENTERS.astype(dtype), layout),
            )
    for dtype in INTEGERS:
        yield f"X and centers {dtype}", POINTS.astype(dtype), CENTERS.astype(dtype)
        yield f"X {dtype}, centers float64", POINTS.astype(dtype), CENTERS + 0.25
        yield f"X float64, centers {dtype}", POINTS + 0.25, CENTERS.astype(dtype)
        yield f"X {dtype}, centers float32", POINTS.astype(dtype), (CENTERS + 0.25).astype("float32")
    yield "X float32, centers float64", POINTS.astype("float32"), CENTERS + 0.25
    yield "X float64, centers float32", POINTS + 0.25, CENTERS.astype("float32")
    yield "X uint8, centers int8", POINTS.astype("uint8"), CENTERS.astype("int8")
    yield "X uint8 up to 255", (POINTS * 2 + 35).astype("uint8"), (CENTERS * 2 + 35).astype("uint8")
    yield "X int8 from -128 to 127", (POINTS * 2 - 100).astype("int8"), (CENTERS * 2 - 100).astype("int8")
    yield "X int32, 100000 and more apart", (POINTS * 20_000).astype("int32"), (CENTERS * 20_000).astype("int32")


def lone_clouds():
    """Legal clouds of few points, features or centres, each with at most as many centres as points."""
    yield "one point, one centre", POINTS[:1], CENTERS[:1]
    yield "one point on its centre", POINTS[:1], POINTS[:1]
    yield "one point, one feature", POINTS[:1, :1], CENTERS[:1, :1]
    yield "one centre", POINTS, CENTERS[:1]
    yield "one feature", POINTS[:, :1], CENTERS[:, :1]
    yield "as many centres as points", POINTS, POINTS[::-1]
    yield "as many centres as points, as many as features", POINTS[:2], CENTERS[:2]
    yield "more features than points", np.hstack([POINTS[:2], POINTS[1:3]]), np.hstack([CENTERS[:2], CENTERS[:2]])
    yield "all points the same", POINTS[[0, 0, 0, 0]], CENTERS
    yield "all centres the same", POINTS, CENTERS[[1, 1, 1]]
    yield "all points nearest to the first centre", POINTS[[0, 2]], CENTERS[:2]
    yield "all points nearest to the last centre", POINTS[[4, 4, 4]], CENTERS
    yield "coordinates below zero", POINTS - 200, CENTERS - 200
    yield "points on their centres, with fractions", SCATTERED, SCATTERED
    yield "some points on their centres, with fractions", SCATTERED, SCATTERED[[6, 3]]
    yield "coordinates of 1e-7 and less", POINTS * 2.0**-30, CENTERS * 2.0**-30
    yield "5001 points", MANY, MANY[[2000, 3000, 4000]]


def crowded():
    """Legal clouds with more centres than points."""
    yield "more centres than points", POINTS[:2], CENTERS
    yield "one point, many centres", POINTS[3:4], np.vstack([CENTERS, POINTS + 5])
    yield "300 centres, the last ones nearest", POINTS[:2], np.arange(300, 0, -1)[:, None] * [7, 5] - 4


def bad_clouds():
    """Points and centres that no function takes, and what is wrong with them."""
    X, centers = POINTS.astype(float), CENTERS.astype(float)
    wide = np.hstack([X, X])
    yield "2 features with centres of 4", X, wide[:3]
    yield "2 features with centres of 1", X, centers[:, :1]
    yield "1 feature with centres of 2", X[:, :1], centers
    yield "4 features with centres of 2", wide, centers
    yield "1 feature with centres of 2, as many as points", X[:3, :1], centers
    yield from ((f"X of {what}", broken, centers) for what, broken in with_bad(X, np.nan))
    yield from ((f"centers of {what}", X, broken) for what, broken in with_bad(centers, np.nan))
    yield from ((f"X of {what}, as float32", broken, centers) for what, broken in with_bad(X.astype("float32"), np.nan))
    yield "X of nan alone", np.full_like(X, np.nan), centers
    late = np.tile(X, (1000, 1))
    late[-1, -1] = np.nan
    yield "X of nan in the last of 6000 rows", late, centers


# The second draw, if the first is the origin: the far row has 3/4 of all squared distances, 3/8 of the distances, 1/10
# of the rows. By the sum of its differences it would have 9/10, by the largest of them or by standardised features 1/2.
# The near rows lie in three directions of their own, three copies in each; one is below the origin, so that bytes wrap.
FAR, ORIGIN = [3, 3, 3, 0, 0, 0], [0, 0, 0, 0, 0, 0]
NEAR = [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, -1]
SECOND_IS_FAR = 27 / 36
THIRD_IS_FAR = 27 / 33
"""After the origin and a near row, whose copies are out then."""


def two_scales(origins=190):
    """Many copies of the origin, one row far away from it and nine rows 1 away."""
    return np.array([FAR, *NEAR, *NEAR, *NEAR, *[ORIGIN] * origins], dtype=float)


def groups(apart=1e6):
    """Five groups of four rows: within a group rows are 1 or so apart, and groups are a million apart."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]])
    return np.concatenate([corner * apart + corners[:4] for corner in corners])


def clear(X, centers, n_iter):
    """Tell whether Lloyd's path does not depend on rounding: whether each point has one nearest centre by far.

    Or ties are exact: between centres that were given, or are means of one, two, four … points of whole coordinates.
    """
    few_digits = any(array.dtype == np.float32 for array in (X, centers))
    X, centers = X.astype(float), centers.astype(float)
    size = max(np.square(X).sum(axis=1).max(), np.square(centers).sum(axis=1).max(), 1.0)
    whole = np.array_equal(X, np.rint(X)) and np.array_equal(centers, np.rint(centers))
    exact = np.full(len(centers), whole)
    for _ in range(n_iter + 1):
        distances = np.square(X[:, None] - centers).sum(axis=2)
        labels = distances.argmin(axis=1)
        least = distances.min(axis=1)
        close_by = distances - least[:, None] <= size * (1e-5 if few_digits else 1e-12)
        close_by[np.arange(len(X)), labels] = False
        if (close_by & ~(exact & exact[labels][:, None])).any():
            return False
        for label in range(len(centers)):
            mine = X[labels == label]
            if len(mine):
                centers[label] = mine.mean(axis=0)
                # Squares of quarters need four more binary digits, and float32 has 24 in all.
                exact[label] = whole and len(mine) in ((1, 2, 4) if size < 2**18 or not few_digits else (1,))
    return True


# An empty cluster that wins points later, and one that has lost its points on the way.
WINS_LATER = np.array([[11.0], [2.0], [5.0], [10.0], [11.0]]), np.array([[14.0], [14.0]])
LOSES_ALL = (
    np.array([[4.0, 7.0], [10.0, 4.0], [1.0, 11.0], [5.0, 11.0], [10.0, 2.0]]),
    np.array([[11.0, -2.0], [14.0, 3.0], [-3.0, 0.0]]),
)


# Two points change sides after the first update, so that both sizes stay what they were.
SIZES_STAY = (
    np.array([[11.0, 10.0], [8.0, 0.0], [11.0, 8.0], [5.0, 1.0], [8.0, 7.0]]),
    np.array([[5.0, 1.0], [8.0, 0.0]]),
)


# After the first update the point in the middle lies exactly between its own centre and the first one.
TIES_LATER = np.array([[0.0], [2.0], [6.0]]), np.array([[0.0], [3.0]])


def chain(n, k):
    """Points on a line, evenly but for a wobble that prevents ties; all centres start at its left end."""
    rng = np.random.default_rng(0)
    X = (np.arange(n) * 1000.0 + rng.integers(-200, 201, n))[:, None]
    return X, X[:k].copy()


def chain_beside_a_wide_cluster():
    """A chain, and two points far away with a centre between them: nearly all of the inertia, and it never changes."""
    X, centers = chain(30, 4)
    return np.vstack([X / 100, [[-7e4], [-1.3e5]]]), np.vstack([centers / 100, [[-1e5]]])


@st.composite
def paths(draw):
    """Draw points and centres that start close together, so that it takes some steps until labels stop changing."""
    n, k, d = draw(st.integers(8, 24)), draw(st.integers(2, 4)), draw(st.integers(1, 2))
    places = np.frombuffer(draw(st.binary(min_size=n * d, max_size=n * d)), dtype=np.uint8).reshape(n, d)
    X = np.arange(n)[:, None] * 20.0 + places % 16
    centers = X[-k:] if draw(st.booleans()) else X[:k]
    n_iter = draw(st.integers(1, 8))
    assume(clear(X, centers, n_iter))
    return X, centers.copy(), n_iter


def large(n, k=8, d=4):
    """A cloud of n points and k centres, the same 128 points again and again: the same path whatever n is."""
    rng = np.random.default_rng(0)
    X = np.tile(rng.integers(-1000, 1000, (128, d)), (-(-n // 128), 1))[:n].astype(float)
    return X, X[:k] + 0.5


def wide(n=20_000, k=40, d=24):
    """A cloud of which a table of all differences takes 154 MB."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)), rng.normal(size=(k, d))
