"""Inputs of this kata's own: interactions at and near edges, groups of users, rows with equal cosines, bad input."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import LAYOUTS, laid_out, with_bad

EDGES = (
    "any rows",
    "the first row is empty",
    "the last row is empty",
    "the rows in the middle are empty",
    "nobody touched the last column",
    "nobody touched the first column",
    "many stored zeros",
    "a row of stored zeros alone",
    "no entries at all",
    "every pair observed",
    "one row",
    "one column",
    "columns in any order",
    "more factors than columns",
)
"""What is special about the interactions."""

WHOLE, FRACTIONS = (1, 2, 7, 120), (0.5, 1.0, 2.25, 0.125)
COUNTS = {
    "int64": WHOLE,
    "float64": FRACTIONS,
    "uint8": (1, 3, 200, 255),
    "int32": WHOLE,
    "float32": FRACTIONS,
    "int16": (1, 2, 50, 1000),
}
"""Counts by dtype."""

REGS = (1.0, 0.1, 3, 0.25)
ALPHAS = (1.0, 2, 0.0, 40, 0.5, 1)


@dataclass(frozen=True, eq=False)
class Problem:
    """Interactions in CSR form, and factors to go with them."""

    U: np.ndarray
    V: np.ndarray
    indptr: np.ndarray
    indices: np.ndarray
    counts: np.ndarray
    reg: float
    alpha: float
    edge: str = field(default="", repr=False)

    @property
    def rows(self):
        return self.indptr, self.indices, self.counts

    @property
    def half_step(self):
        """The arguments of als_half_step."""
        return self.V, *self.rows, self.reg, self.alpha

    @property
    def loss(self):
        """The arguments of implicit_loss."""
        return self.U, self.V, *self.rows, self.reg, self.alpha

    def fit(self, n_factors, n_iter, seed):
        """The arguments of fit."""
        return *self.rows, len(self.V), n_factors, self.reg, self.alpha, n_iter, seed


def csr(table, dtype="int64", index="int64", backwards=False):
    """Bring a table with nan for what is not stored into CSR form; backwards: a row begins with its last column."""
    step = -1 if backwards else 1
    rows = [np.flatnonzero(~np.isnan(row))[::step] for row in table]
    indptr = np.cumsum([0, *map(len, rows)]).astype(index)
    counts = [row[columns] for row, columns in zip(table, rows, strict=True)]
    return indptr, np.concatenate(rows).astype(index), np.concatenate(counts).astype(dtype)


@st.composite
def problems(draw):
    """Draw interactions at or near an edge, with factors of a few digits."""
    edge = draw(st.sampled_from(EDGES))
    n, m, f = draw(st.sampled_from((3, 4, 5))), draw(st.sampled_from((4, 3, 5))), draw(st.sampled_from((2, 1, 3)))
    if edge == "one row":
        n = 1
    elif edge == "one column":
        m = 1
    elif edge == "more factors than columns":
        m, f = 2, 4
    dtype, index = draw(st.sampled_from(tuple(COUNTS))), draw(st.sampled_from(("int64", "int32")))
    floats, layout = draw(st.sampled_from(("float64", "float64", "float32"))), draw(st.sampled_from(LAYOUTS))
    reg, alpha = draw(st.sampled_from(REGS)), draw(st.sampled_from(ALPHAS))
    values = COUNTS[dtype]
    if "float32" in {floats, dtype}:  # well conditioned, then
        reg, alpha, values = max(reg, 1), min(alpha, 2), FRACTIONS if dtype[0] == "f" else (1, 2, 3, 7)
    table = _table(edge, np.frombuffer(draw(st.binary(min_size=n * m, max_size=n * m)), dtype=np.uint8), (n, m), values)
    size = (n + m) * f
    factors = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), dtype=np.int8).reshape(n + m, f) / 128.0
    arrays = (
        factors[:n].astype(floats),
        factors[n:].astype(floats),
        *csr(table, dtype, index, edge.startswith("columns")),
    )
    return Problem(*(laid_out(array, layout) for array in arrays), reg, alpha, f"{edge}; counts {dtype}; {layout}")


def _table(edge, codes, shape, values):
    """Put counts where the codes say so: half of the pairs have none, and one in eight a stored zero."""
    choices = np.array([np.nan, np.nan, np.nan, 0.0, *values])
    table = choices[codes % 8].reshape(shape)
    if edge == "the first row is empty":
        table[0] = np.nan
    elif edge == "the last row is empty":
        table[-1] = np.nan
    elif edge == "the rows in the middle are empty":
        table[1:-1] = np.nan
    elif edge == "nobody touched the last column":
        table[:, -1] = np.nan
    elif edge == "nobody touched the first column":
        table[:, 0] = np.nan
    elif edge == "many stored zeros":
        table[np.isnan(table)] = 0
    elif edge == "a row of stored zeros alone":
        table[0] = 0
    elif edge == "no entries at all":
        table[:] = np.nan
    elif edge in ("every pair observed", "columns in any order"):
        table = choices[4 + codes % 4].reshape(shape)
    return table


def by_hand():
    """Two users, three items, two factors: all that follows can be computed on paper."""
    table = np.array([[np.nan, 3, np.nan], [1, np.nan, 2]])
    V = np.array([[1.0, 0], [0, 2], [0, 1]])
    U = np.array([[1.0, 0.5], [0.5, -1]])
    return Problem(U, V, *csr(table), 1.0, 2.0)


def table_of_forms():
    """Counts for every form: rows that are empty, full and in between, and an item that nobody touched."""
    nan = np.nan
    return np.array(
        [[nan, 1, nan, 2, nan], [nan] * 5, [3, 1, 0, 1, nan], [nan, nan, 1, nan, nan], [nan] * 5, [2, nan, 0, nan, nan]]
    )


def forms():
    """One problem in every legal form, and what is special about it."""
    rng = np.random.default_rng(0)
    U, V = (rng.integers(-8, 9, size=(n, 3)) / 8 for n in (6, 5))
    for dtype in ("int8", "uint16", "int32", "float64", "float32"):
        yield f"counts {dtype}", Problem(U, V, *csr(table_of_forms(), dtype), 1, 1.5)
    for index in ("int32", "int64"):
        for layout in LAYOUTS:
            arrays = (laid_out(array, layout) for array in (U, V, *csr(table_of_forms(), "float64", index)))
            yield f"indptr and indices {index}, {layout}", Problem(*arrays, 0.5, 2)
    yield "columns from the last to the first", Problem(U, V, *csr(table_of_forms(), backwards=True), 0.5, 2)
    few_digits = U.astype("float32"), V.astype("float32")
    yield "factors float32", Problem(*few_digits, *csr(table_of_forms()), 1.0, 1.5)
    yield "factors float32, counts float32", Problem(*few_digits, *csr(table_of_forms(), "float32"), 2, 1)
    nearly = V + 0.0
    nearly[:, 2] = nearly[:, 0] + 1e-3 * V[:, 2]
    yield "two columns of fixed nearly the same", Problem(U / 3, nearly / 3, *csr(table_of_forms()), 1e-4, 0.7)
    yield "a reg of 1e-3", Problem(U / 3, V, *csr(table_of_forms()), 1e-3, 2.0)
    yield "a reg of 1000", Problem(U / 3, V, *csr(table_of_forms()), 1000, 2.0)
    yield "factors of zeros", Problem(U * 0, V * 0, *csr(table_of_forms()), 0.5, 2.0)
    yield "one item is zeros", Problem(U, V * [[1], [1], [1], [0], [1]], *csr(table_of_forms()), 0.5, 2.0)


def small_integers():
    """Counts that small integers hold, and c or c - 1 they do not."""
    for dtype, table, alphas in (
        ("uint8", [[255, 1], [np.nan, 254]], (1, 2, 40, 1.0)),
        ("int8", [[127, 1], [np.nan, 100]], (1, 2, 40, 0.5)),
        ("int16", [[1000, 1], [np.nan, 32767]], (1, 40, 2.0)),
        ("uint16", [[65535, 1], [np.nan, 2000]], (1, 40)),
    ):
        for alpha in alphas:
            U, V = np.array([[0.25, 0.5], [-0.5, 1]]), np.array([[1.0, 0], [0.5, 1]])
            yield f"counts {dtype}, alpha {alpha!r}", Problem(U, V, *csr(np.array(table, dtype=float), dtype), 2, alpha)


def listeners(stored_zeros=True):
    """Twelve users and ten items in two groups; user 4 touched nothing, and nobody the items 0 and 9."""
    rng = np.random.default_rng(1)
    table = np.full((12, 10), np.nan)
    for u in range(12):
        favourites = np.arange(1, 5) if u % 2 else np.arange(5, 9)
        table[u, favourites] = rng.integers(1, 6, 4)
        table[u, rng.choice(favourites)] = np.nan
        table[u, rng.integers(1, 9)] = 1
        if stored_zeros:
            table[u, [0, 9]] = 0, np.nan
    table[4] = np.nan
    return Problem(np.zeros((12, 1)), np.zeros((10, 1)), *csr(table), 0.1, 2.0)


def three_groups():
    """Three groups of four users and three items each: within a group all was touched, across groups nothing."""
    table = np.where(np.kron(np.eye(3), np.ones((4, 3))) > 0, 2.0, np.nan)
    return Problem(np.zeros((12, 1)), np.zeros((9, 1)), *csr(table), 1.0, 1.0)


# Lengths are powers of two, so the cosine with each query is exact by any formula: 1, ½, 0, -½ and -1, all of them
# more than once, between rows of several lengths. Rows 3 and 10 are zeros.
EQUAL_COSINES = np.array(
    [
        [1, 1, 1, 1],
        [2, 0, 0, 0],
        [-1, -1, 1, 1],
        [0, 0, 0, 0],
        [4, 0, 0, 0],
        [1, 1, 1, -1],
        [-2, -2, -2, -2],
        [1, -1, -1, -1],
        [2, 2, 2, 2],
        [0, 0, -1, 0],
        [0, 0, 0, 0],
        [0, 0.5, 0, 0],
        [-0.5, 0.5, -0.5, -0.5],
        [1, 1, 1, 1],
    ]
)


def many_equal(n=300):
    """Many rows with few different cosines: neither luck nor a short array keeps equal ones in order."""
    rng = np.random.default_rng(0)
    V = EQUAL_COSINES[rng.integers(0, len(EQUAL_COSINES), n)]
    V[0] = 1
    return V


def good():
    """A problem that every function takes, with an empty row and a stored zero."""
    return Problem(
        np.array([[1.0], [0.5], [0.25], [2]]),
        np.array([[1.0], [0.5], [0]]),
        np.array([0, 2, 2, 3, 5]),
        np.array([0, 2, 1, 2, 1]),
        np.array([1, 2, 0, 1, 3]),
        0.5,
        1.0,
    )


def bad_options():
    """What is wrong with them, reg and alpha."""
    yield "reg = 0", 0, 1.0
    yield "reg = 0.0", 0.0, 1.0
    yield "reg = -1", -1, 1.0
    yield "reg = -1e-9", -1e-9, 1.0
    yield "alpha = -1", 0.5, -1
    yield "alpha = -1e-9", 0.5, -1e-9


def bad_counts():
    """What is wrong with them, and counts."""
    counts = good().counts
    yield from with_bad(counts, -1, -0.25)
    yield from ((f"{what}, as float32", broken.astype("float32")) for what, broken in with_bad(counts, -1))
    yield "a count of -1 among integers", np.array([1, 2, -1, 1, 3])
    yield "counts below zero alone", -1 - counts


def bad_indptr():
    """What is wrong with it, and an indptr for the five entries of a good problem."""
    for indptr, what in (
        ([1, 2, 2, 3, 5], "begins with 1"),
        ([2, 2, 2, 3, 5], "begins with 2"),
        ([0, 2, 2, 3, 4], "ends with 4 for 5 entries"),
        ([0, 0, 0, 0, 0], "ends with 0 for 5 entries"),
        ([0, 2, 2, 3, 6], "ends with 6 for 5 entries"),
        ([0, 3, 2, 3, 5], "decreases"),
        ([0, 2, 1, 3, 5], "decreases"),
        ([0, 2, 2, 7, 5], "decreases"),
        ([0, 5, 0, 5, 5], "decreases"),
        ([0, -1, 2, 3, 5], "decreases"),
    ):
        for index in ("int64", "int32"):
            yield f"an indptr that {what}", np.array(indptr, dtype=index)


def bad_rows():
    """What is wrong with them, and rows, reg and alpha: what three functions refuse."""
    indptr, indices, counts = good().rows
    for what, reg, alpha in bad_options():
        yield what, (indptr, indices, counts), reg, alpha
    for what, broken in bad_counts():
        yield what, (indptr, indices, broken), 0.5, 1.0
    for what, broken in bad_indptr():
        yield what, (broken, indices, counts), 0.5, 1.0


def sparse(n, m, f, entries=4):
    """So many users and items, and a few entries for each user: (U, V, (indptr, indices, counts))."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, m, (n, 1))
    indices = (first + np.arange(entries) * (m // entries)) % m  # different ones in each row
    rows = np.arange(n + 1) * entries, indices.ravel(), rng.integers(1, 6, n * entries)
    return rng.normal(size=(n, f)), rng.normal(size=(m, f)), rows
