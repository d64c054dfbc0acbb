"""Inputs of this kata's own: vectors by hand, clusters, every legal form, bad input, and what is measured."""

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import laid_out, with_bad

LSH, IVF = "LSHIndex", "IVFIndex"

LAYOUTS = ("Fortran-ordered", "non-contiguous", "read-only")
INTEGERS = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "int64")

# No two distances to QUERY are alike, nor are any two cosines; no distance is below 5 nor any |x| above 130.
CORNERS = np.array([[11, 2, 30], [90, 7, 40], [3, 41, 8], [100, 14, 1], [40, 60, 9], [94, 12, 25], [5, 5, 70]])
QUERY = np.array([50, 20, 31])


def gaussian(n, d, seed=0):
    """Vectors in all directions: no two of them alike, and no dot product is 0."""
    return np.random.default_rng(seed).normal(size=(n, d))


def clusters(n, queries, d=8, count=40, seed=0):
    """Items in equally large clusters, in no order, and queries from the same clusters."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(scale=4.0, size=(count, d))
    X = rng.permutation(np.resize(np.arange(count), n))
    q = rng.integers(count, size=queries)
    return (centers[X] + rng.normal(size=(n, d)), centers[q] + rng.normal(size=(queries, d)))


def neighbours(count, d, degrees, seed=0):
    """Unit vectors, and for each of them another one at the same angle."""
    first = gaussian(count, d, seed)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    aside = gaussian(count, d, seed + 1)
    aside -= (aside * first).sum(axis=1, keepdims=True) * first
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    angle = np.deg2rad(degrees)
    return first, np.cos(angle) * first + np.sin(angle) * aside


def forms():
    """Items and a query in every form, and what is special about it."""
    for dtype in ("float64", "float32"):
        for layout in LAYOUTS:
            yield f"{dtype}, {layout}", laid_out(CORNERS.astype(dtype), layout), laid_out(QUERY.astype(dtype), layout)
    for dtype in INTEGERS:
        yield dtype, CORNERS.astype(dtype), QUERY.astype(dtype)
        yield f"X {dtype}, q float64", CORNERS.astype(dtype), QUERY + 0.25
    yield "X float32, q float64", CORNERS.astype("float32"), QUERY + 0.25
    yield "X float64, q float32", CORNERS + 0.25, QUERY.astype("float32")
    yield "X float64, q uint8", CORNERS - 60.0, QUERY.astype("uint8")


def few():
    """Items that are few, alike, or short, and a query: legal, however odd."""
    yield "one item", np.array([[2.0, 1.0]]), np.array([1.0, 3.0])
    yield "one item, one feature", np.array([[2.0]]), np.array([-3.0])
    yield "one feature", np.array([[2.0], [9.0], [-4.0], [0.5]]), np.array([1.0])
    yield "all items the same", np.full((5, 3), 7.0), np.array([1.0, 2.0, 3.0])
    yield "two places, many copies", np.array([[1.0, 2.0], [5.0, 1.0]])[[0, 1, 1, 0, 1, 1, 1]], np.array([2.0, 2.0])
    yield "more features than items", gaussian(3, 7), gaussian(1, 7, 1)[0]
    yield "items at equal distance", np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]), np.array([1.0, 1.0])


@st.composite
def crowds(draw):
    """Items with small whole coordinates, many of them alike, and a query: X, q."""
    d = draw(st.integers(1, 3))
    n = draw(st.sampled_from((1, 2, 3, 5, 9, 14)))
    drawn = np.frombuffer(draw(st.binary(min_size=(n + 1) * d, max_size=(n + 1) * d)), dtype=np.uint8)
    places = drawn.reshape(n + 1, d) % 5 - 2.0
    return places[:n], places[n]


def bad_queries():
    """Queries that an index of items with three features cannot answer, and what is wrong with them."""
    q = QUERY.astype(float)
    yield "2 features where the items have 3", q[:2]
    yield "4 features where the items have 3", np.append(q, 1.0)
    yield "1 feature where the items have 3", q[:1]
    yield from ((f"q with {what}", broken) for what, broken in with_bad(q, np.nan))


def bad_items():
    """Items that no index takes, and what is wrong with them."""
    yield from ((f"X with {what}", broken) for what, broken in with_bad(CORNERS.astype(float), np.nan))
    broken = CORNERS.astype("float32")
    broken[3, 1] = np.nan
    yield "X with nan at [3, 1], as float32", broken


def large(n=50_000, d=32, count=128):
    """What the time is measured with: items around 128 centres, and a query near one of them."""
    X, (q,) = clusters(n, 1, d, count)
    return X, q
