"""Inputs of this kata's own: items and logs by hand and at random, every legal form, bad input, long streams."""

import itertools

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import Stream, laid_out, with_bad

LAYOUTS = ("Fortran-ordered", "non-contiguous", "read-only")
INTEGERS = ("int64", "int32", "uint32", "uint8")
VECTORS = ("float64", "float32", "int64", "int32", "int8")


def generated(values):
    """The values of a list as a stream that can be read once."""
    return Stream(values)


def cut(columns, *places):
    """Cut rows into chunks in front of these places, as far as there are rows: no chunk is empty."""
    n = len(columns[0])
    ends = [0, *sorted(place for place in set(places) if 0 < place < n), n]
    return [tuple(column[a:b] for column in columns) for a, b in itertools.pairwise(ends)]


# Vectors of length 2 or 0, four numbers each, of which every cosine is -1, -1/2, 0, 1/2 or 1, exactly, by any formula.
TWOS = np.vstack(
    [2.0 * np.eye(4), -2.0 * np.eye(4), np.array([[a, b, c, 1.0] for a in (1, -1) for b in (1, -1) for c in (1, -1)])]
)
TIED = np.vstack([TWOS, np.zeros((2, 4)), TWOS[::3]])
TIED_QUERIES = (np.array([1.0, 1.0, 1.0, 1.0]), np.array([0.0, 2.0, 0.0, 0.0]), np.array([-1.0, 1.0, -1.0, 1.0]))


def tied_ids(seed=0, high=90):
    """Distinct ids for the tied vectors, in no order."""
    return np.random.default_rng(seed).permutation(high)[: len(TIED)]


# A query and seven items by hand, in three dimensions; cosines are clearly different.
QUERY = np.array([2, 1, 3])
ITEMS = np.array([[4, 2, 5], [0, 0, 0], [1, 9, 1], [100, 0, 0], [3, 3, 3], [0, 1, 0], [20, 110, 80]])
IDS = np.array([12, 40, 3, 77, 5, 64, 30])

# A log: users 2, 3, 7, 8 and 9, six items of which one is not touched; repeats, and users that cross any cut.
USERS = np.array([2, 2, 2, 2, 3, 3, 7, 7, 7, 7, 7, 8, 8, 8, 9, 9])
TOUCHED = np.array([4, 1, 4, 0, 4, 1, 0, 4, 2, 0, 4, 1, 4, 1, 2, 0])
LOG = (USERS, TOUCHED)
N_ITEMS = 6


def item_forms():
    """The items in every form: what is special, query, ids and vectors."""
    for layout in LAYOUTS:
        for dtype in ("float64", "float32"):
            yield (
                f"vectors {dtype}, {layout}",
                laid_out(QUERY.astype(dtype), layout),
                laid_out(IDS, layout),
                laid_out(ITEMS.astype(dtype), layout),
            )
    for dtype in (*VECTORS, "uint8"):
        yield f"query and vectors {dtype}", QUERY.astype(dtype), IDS, ITEMS.astype(dtype)
        yield f"vectors {dtype}, query float64", QUERY.astype(float), IDS, ITEMS.astype(dtype)
        yield f"vectors float64, query {dtype}", QUERY.astype(dtype), IDS, ITEMS.astype(float)
        yield f"vectors {dtype}, query with fractions", np.array([0.9, 0.25, 0.6]), IDS, ITEMS.astype(dtype)
        yield f"vectors with fractions, query {dtype}", QUERY.astype(dtype), IDS, ITEMS * 0.15
    signs = np.array([1, -1, 1])
    for dtype in ("int8", "int32"):
        yield f"{dtype}, some below zero", (QUERY * 40 * signs).astype(dtype), IDS, (ITEMS * signs).astype(dtype)
    yield "uint8 up to 200", (QUERY * 60).astype("uint8"), IDS, np.minimum(ITEMS * 50, 200).astype("uint8")
    yield (
        "int8 down to -128",
        np.array([-128, -128, 0], "int8"),
        IDS[:2],
        np.array([[0, -128, 0], [-128, 0, 5]], "int8"),
    )
    yield "int32 up to 60,000", (QUERY * 20_000).astype("int32"), IDS, (ITEMS * 500).astype("int32")


def log_forms():
    """The log in every form: what is special, users and items."""
    for dtype in INTEGERS:
        for layout in ("contiguous", *LAYOUTS):
            yield f"{dtype}, {layout}", laid_out(USERS.astype(dtype), layout), laid_out(TOUCHED.astype(dtype), layout)
        yield f"users int64, items {dtype}", USERS, TOUCHED.astype(dtype)
    large = 2**31 - 10 + USERS
    yield "users of int32, near the largest", large.astype("int32"), TOUCHED.astype("int32")
    yield "users of uint32, near the largest", (large + 2**31).astype("uint32"), TOUCHED.astype("uint8")
    yield "users near 2**40", USERS + 2**40 - 9, TOUCHED
    yield "users far apart", USERS * 2**33, TOUCHED
    yield "users from 0 on", USERS - 2, TOUCHED


def far_apart(dtype):
    """Users so far apart that 8 times their distance is 0 in the bits of their type, and two items of 8 for each."""
    room = min(int(np.iinfo(dtype).max) + 1, 2**40)
    user = np.arange(0, room, min(2 ** (8 * np.dtype(dtype).itemsize), 2**40) // 8)
    return user.repeat(2).astype(dtype), np.tile([5, 2], len(user)).astype(dtype)


def bad_items():
    """Arguments of top_k_similar, of which one is bad, and what is wrong with it."""
    query, vectors = QUERY.astype(float), ITEMS.astype(float)
    chunks = cut((IDS, vectors), 3)
    for k in (0, -1, -3):
        yield f"k = {k}", query, chunks, k
    yield "a query of 2 for vectors of 3", query[:2], chunks, 2
    yield "a query of 4 for vectors of 3", np.append(query, 1.0), chunks, 2
    yield "a query of 1 for vectors of 3", query[:1], chunks, 2
    yield "a query of 3 for vectors of 1", query, cut((IDS, vectors[:, :1]), 3), 2
    yield "a query of zeros", np.zeros(3), chunks, 2
    yield "a query of zeros, as integers", np.zeros(3, dtype=int), chunks, 2
    yield "a query of zeros, all items zeros", np.zeros(3), cut((IDS, vectors * 0), 3), 2
    yield "a query of nan alone", np.full(3, np.nan), chunks, 2
    yield from ((f"a query with {what}", broken, chunks, 2) for what, broken in with_bad(query, np.nan))
    for what, broken in with_bad(vectors, np.nan):
        yield f"vectors with {what}", query, cut((IDS, broken), 3), 2
        yield f"vectors with {what}, in one chunk, k = 1", query, cut((IDS, broken)), 1
    for what, broken in with_bad(vectors.astype("float32"), np.nan):
        yield f"vectors of float32 with {what}", query.astype("float32"), cut((IDS, broken), 5), 7
    yield "a vector of nan alone", query, [*chunks, (np.array([1]), np.full((1, 3), np.nan))], 1
    yield "nan beside zeros", query, [*chunks, (np.array([1]), np.array([[0.0, np.nan, 0.0]]))], 1


def bad_logs():
    """Logs with one item out of range: what is wrong, and the chunks."""
    for item in (-1, -6, N_ITEMS, N_ITEMS + 1, 10**6):
        for place in (0, 7, len(USERS) - 1):
            broken = TOUCHED.copy()
            broken[place] = item
            for cuts in ((), (5, 8), (15,)):
                yield f"item {item} of {N_ITEMS} in row {place}", cut((USERS, broken), *cuts)
    broken = TOUCHED.astype("uint8")
    broken[9] = N_ITEMS
    yield f"item {N_ITEMS} of {N_ITEMS}, as uint8", cut((USERS, broken), 6)
    yield "no item but a bad one", [(np.array([3]), np.array([N_ITEMS]))]


@st.composite
def catalogues(draw):
    """Draw a query, chunks and k: small whole numbers, so that there are zeros, copies, multiples and opposites."""
    d, m = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    places = np.frombuffer(draw(st.binary(min_size=(m + 1) * d, max_size=(m + 1) * d)), dtype=np.uint8)
    table = (places.reshape(m + 1, d) % 7).astype(float) - 3
    query = table[0] if table[0].any() else np.ones(d)
    ids = np.random.default_rng(draw(st.integers(0, 99))).permutation(50)[:m]
    dtype, layout = draw(st.sampled_from(VECTORS)), draw(st.sampled_from(("contiguous", *LAYOUTS)))
    vectors = laid_out(table[1:].astype(dtype), layout)
    ids = laid_out(ids.astype(draw(st.sampled_from(INTEGERS))), layout)
    chunks = cut((ids, vectors), *draw(st.sets(st.integers(1, m), max_size=4)))
    return query.astype(draw(st.sampled_from((dtype, "float64")))), chunks, draw(st.integers(1, m + 2))


@st.composite
def tied_catalogues(draw):
    """Draw a query, chunks and k, of vectors whose cosines are exact: most of them are equal to others."""
    m = draw(st.integers(2, 14))
    rows = np.frombuffer(draw(st.binary(min_size=m, max_size=m)), dtype=np.uint8) % len(TIED)
    ids = np.random.default_rng(draw(st.integers(0, 99))).permutation(30)[:m]
    ids = ids.astype(draw(st.sampled_from(INTEGERS)))
    chunks = cut((ids, TIED[rows]), *draw(st.sets(st.integers(1, m), max_size=4)))
    return draw(st.sampled_from(TIED_QUERIES)), chunks, draw(st.integers(1, m))


@st.composite
def logs(draw):
    """Draw chunks of a log, and how many items there are: few users and items, so that rows repeat; any cuts."""
    rows = sorted(
        draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=24)), key=lambda row: row[0]
    )
    user, item = np.array(rows).T
    user = user * draw(st.sampled_from((1, 7, 10**8))) + draw(st.sampled_from((0, 3)))
    dtype = draw(st.sampled_from(("int64", "int32", "uint32")))
    layout = draw(st.sampled_from(("contiguous", *LAYOUTS)))
    columns = laid_out(user.astype(dtype), layout), laid_out(item.astype(dtype), layout)
    return cut(columns, *draw(st.sets(st.integers(1, len(rows)), max_size=6))), 6 + draw(st.integers(0, 2))


def many_items(n_chunks, m=2000, d=8):
    """A stream of random vectors, some 140 kB a chunk, whose best are spread over all chunks."""
    rng = np.random.default_rng(0)
    return rng.normal(size=d), Stream(
        (np.arange(m * (n_chunks - c), m * (n_chunks - c) + m), rng.normal(size=(m, d))) for c in range(n_chunks)
    )


def growing_chunk(n, d=4):
    """A stream of a small chunk with the best items, and one of n."""
    rng = np.random.default_rng(0)
    best, rest = np.ones((8, d)) + 0.01 * rng.normal(size=(8, d)), rng.normal(size=(n, d)) - 1.0
    return np.ones(d), Stream([(np.arange(n, n + 8), best), (np.arange(n), rest)])


def many_users(n_chunks, m=1000, n_items=400, per_user=3):
    """A stream of chunks of 16 kB, in which each user has a few rows, and chunks end in the middle of a user."""
    rng = np.random.default_rng(0)
    return Stream((np.arange(c * m, (c + 1) * m) // per_user, rng.integers(0, n_items, m)) for c in range(n_chunks))


def one_user(n_chunks, m=1000, n_items=400):
    """A stream of chunks of 16 kB, all rows of which are of one user."""
    rng = np.random.default_rng(0)
    return Stream((np.full(m, 3), rng.integers(0, n_items, m)) for _ in range(n_chunks))


def log_of(n_users, n_items, chunk=360):
    """A list of chunks: each user has item 0 and two others."""
    rng = np.random.default_rng(0)
    item = rng.integers(1, n_items, (n_users, 3))
    item[:, 0] = 0
    user = np.arange(n_users).repeat(3)
    return cut((user, item.ravel()), *range(chunk, len(user), chunk))
