import numpy as np

from pytest_mlkata.checks import assert_refuses, close, points, raises, require

from . import reference as answer
from .answers import candidates_of, found_by, is_exact, lists_of, ranks_candidates, whole
from .problems import CORNERS, IVF, LSH, QUERY, bad_items, bad_queries, clusters, few, forms, gaussian

# Dot products with CORNERS are no less than 1, as float32 as well; both signs occur for each plane.
PLANES = np.array([[1, -1, 0], [-1, 3, 1], [2, 1, -3], [0, -1, 1], [1, 1, -2], [-2, 0, 3], [1, -2, 1]])


@points(2)
def test_lsh_codes_has_room_for_62_bits(solution):
    """lsh_codes is exact for up to 62 planes

    A float has 53 bits, an int32 has 31. Of what type is your power of two, and of what type is the sum?
    """
    X = np.array([[1.0], [-1.0]])
    for n_bits in (8, 16, 31, 32, 33, 53, 54, 62):
        for what, signs in (
            ("all alike", np.ones(n_bits)),
            ("the first and the last turned", np.where(np.arange(n_bits) % (n_bits - 1), 1.0, -1.0)),
            ("every other one turned", np.where(np.arange(n_bits) % 2, 1.0, -1.0)),
        ):
            got = whole(solution.lsh_codes(X, signs[:, None]), f"lsh_codes([[1], [-1]], {n_bits} planes, {what})")
            ones = sum(1 << j for j, sign in enumerate(signs) if sign > 0)
            right = [ones, (1 << n_bits) - 1 - ones]
            require(got == right, f"lsh_codes([[1], [-1]], {n_bits} planes, {what}): expected {right}, got {got}")


@points(1)
def test_lsh_codes_takes_input_of_any_form(solution):
    """lsh_codes takes floats and integers of any type, one vector or one plane, and leaves them as they are

    The line above says which form it was. Products of bytes need more room than bytes, and a float32 has 24 bits.
    """
    large = 2**24 + np.array([[1, 0], [0, 0], [0, 1]])  # in float32 these are all alike
    for dtype in ("float64", "int32", "uint32", "int64"):
        X, planes = large.astype(dtype), np.array([[1.0, -1.0], [-1.0, 1.0]])
        call = f"lsh_codes({X.tolist()}, {planes.tolist()}), X {dtype}"
        got = whole(solution.lsh_codes(X, planes), call)
        require(got == [1, 0, 2], f"{call}: expected [1, 0, 2], got {got}")
    for note, X, _ in forms():
        for dtype in ("float64", "float32", "int8", "int64"):
            planes = PLANES.astype(dtype)
            right = answer.lsh_codes(X, planes).tolist()
            got = whole(solution.lsh_codes(X, planes), f"lsh_codes of CORNERS, {note}, planes {dtype}")
            require(got == right, f"lsh_codes(X, planes), X {note}, planes {dtype}: expected {right}, got {got}")
    for rows, bits in ((1, 7), (7, 1), (1, 1)):
        X, planes = CORNERS[:rows] * 1.0, PLANES[:bits] * 1.0
        got = whole(solution.lsh_codes(X, planes), f"lsh_codes of {rows} vectors and {bits} planes")
        right = answer.lsh_codes(X, planes).tolist()
        require(got == right, f"lsh_codes({X.tolist()}, {planes.tolist()}): expected {right}, got {got}")


@points(1)
def test_lsh_codes_refuses_bad_input(solution):
    """lsh_codes raises ValueError where vectors and planes have different numbers of features, and for nan

    The line above says what was wrong. A comparison with nan is false, so it does not raise by itself.
    """
    good = CORNERS.astype(float), PLANES.astype(float)
    bad = [(what, X, good[1]) for what, X in bad_items()]
    for where in ((0, 0), (3, 1), (6, 2)):
        planes = good[1].copy()
        planes[where] = np.nan
        bad.append((f"planes with nan at {where}", good[0], planes))
    bad.append(("3 features and planes of 2", good[0], good[1][:, :2]))
    bad.append(("3 features and planes of 1", good[0], good[1][:, :1]))
    bad.append(("2 features and planes of 3", good[0][:, :2], good[1]))
    bad.append(("1 feature and planes of 3", good[0][:, :1], good[1]))
    bad.append(("3 features and 3 planes of 2", good[0], good[1][:3, :2]))
    assert_refuses(solution.lsh_codes, good, bad)


@points(1, function=LSH)
def test_candidates_have_copies(solution):
    """candidates gives all items of a bucket, copies and multiples among them

    A bucket is a list of ids. Does the second item of a bucket take the place of the first?
    """
    X = np.repeat(gaussian(4, 3), 5, axis=0) * np.tile([1.0, 2.0, 1.0, 0.5, 1.0], 4)[:, None]
    index = solution.LSHIndex(X, 2, 6, 0)
    for i in range(20):
        got = candidates_of(index, X[i], f"candidates(X[{i}])", 20)
        copies = [j for j in range(20) if j // 5 == i // 5]
        missing = [j for j in copies if j not in got]
        require(not missing, f"candidates(X[{i}]) lacks {missing}: X[{i}] and these lie in one direction")
        ranks_candidates(index, X, X[i], 3, f"q = X[{i}], of which there are five multiples")


@points(1, function=LSH)
def test_query_may_find_nothing(solution):
    """query and candidates give nothing where no bucket is shared

    A bucket that does not exist is empty. Nothing is an answer, too: no ids, and no error.
    """
    X = np.array([[1.0, 2.0], [3.0, 6.0], [0.5, 1.0]])
    for n_tables, n_bits in ((1, 1), (4, 3)):
        index = solution.LSHIndex(X, n_tables, n_bits, 0)
        q = np.array([-1.0, -2.0])
        for call, got in (("candidates(q)", index.candidates(q)), ("query(q, 2)", index.query(q, 2))):
            ids = whole(got, call)
            require(ids == [], f"{call} with q = [-1, -2], and items [1, 2], [3, 6], [0.5, 1]: expected [], got {ids}")
        for k in (1, 3, 4):
            ranks_candidates(index, X, -q, k, "q in the direction of all items")


@points(1, function=LSH)
def test_query_takes_input_of_any_form(solution):
    """query takes floats and integers of any type, few items or many, and leaves them as they are

    The line above says which form it was. Squares of bytes need more room than bytes.
    """
    for note, X, q in forms():
        index = solution.LSHIndex(X, 4, 1, 0)
        for k in (1, 3, 20):
            ranks_candidates(index, X, q, k, note)
        if X.dtype.kind != "f":
            got = candidates_of(index, X[2], f"candidates(X[2]), {note}", len(X))
            require(2 in got, f"candidates(X[2]), {note}, must have 2: a vector is in its own bucket; got {got}")
    for note, X, q in few():
        index = solution.LSHIndex(X, 3, 2, 1)
        for k in (1, 2, 9):
            ranks_candidates(index, X, q, k, note)
    X = gaussian(30, 4)
    for unit in (2.0**-20, 2.0**20):
        index = solution.LSHIndex(X * unit, 3, 2, 0)
        for q in gaussian(3, 4, 1):
            ranks_candidates(index, X * unit, q * unit, 5, f"coordinates of {unit:g}")


@points(1, function=LSH)
def test_lsh_index_keeps_to_itself(solution):
    """LSHIndex draws its planes from the seed, and knows nothing of other indices or earlier queries

    The same seed gives the same index, another one another. Does each index have tables of its own?
    """
    X, other, queries = gaussian(40, 5), gaussian(60, 3, 1), gaussian(5, 5, 2)
    index = solution.LSHIndex(X, 2, 4, 0)
    before = [candidates_of(index, q, "candidates(q)", 40) for q in queries]
    solution.LSHIndex(other, 3, 2, 1)
    again = solution.LSHIndex(X, 2, 4, 0)
    seeds = [solution.LSHIndex(X, 2, 4, seed) for seed in range(1, 6)]
    for what, each in (("after other indices were made", index), ("of another index with the same seed", again)):
        after = [candidates_of(each, q, f"candidates(q) {what}", 40) for q in queries]
        require(after == before, f"candidates of five queries {what} must be the same: expected {before}, got {after}")
    told = [[candidates_of(each, q, "candidates(q)", 40) for q in queries] for each in seeds]
    require(any(each != before for each in told), "candidates of five queries are the same for seeds 0 to 5")


@points(1, function=LSH)
def test_query_refuses_bad_input(solution):
    """query and candidates raise ValueError for k < 1, for queries of other dimension, and for nan

    So does LSHIndex for nan. The line above says what was wrong. Slices with k = 0 and k = -1 give something. Is k
    looked at where there are no candidates?
    """
    X, q = CORNERS.astype(float), QUERY.astype(float)
    index = solution.LSHIndex(X, 2, 3, 0)
    bad = list(bad_queries())
    assert_refuses(index.candidates, (q,), bad)
    assert_refuses(index.query, (q, 2), [(what, broken, 2) for what, broken in bad])
    assert_refuses(index.query, (q, 1), [(f"k = {k}", q, k) for k in (0, -1, -7)])
    alone = solution.LSHIndex(X[:1], 2, 3, 0)
    assert_refuses(alone.query, (-X[0], 1), [(f"k = {k}, of no candidates", -X[0], k) for k in (0, -1, -7)])
    for what, broken in bad_items():
        raises(ValueError, solution.LSHIndex, broken, 2, 3, 0, because=what)
    single = solution.LSHIndex(X[:, :1], 2, 3, 0)
    assert_refuses(single.candidates, (q[:1],), [("3 features where the items have 1", q)])


@points(2, function=IVF)
def test_search_takes_few_items(solution):
    """search is exact in all lists for one item, for copies, and for as many lists as items

    A cluster may lose all its items, and copies are more than places. A mean of nothing is nan, and what is the index
    of the smallest where there is nan?
    """
    for note, X, q in few():
        for n_lists in sorted({1, 2, len(X)}):
            if n_lists <= len(X):
                index = solution.IVFIndex(X, n_lists, 0)
                lists_of(index, len(X), n_lists, f"{note}, {n_lists} lists")
                for k in (1, 2, len(X), len(X) + 3):
                    is_exact(index, X, q, k, n_lists, f"{note}, {n_lists} lists")


@points(1, function=IVF)
def test_lists_stay_small_where_some_are_empty(solution):
    """lists do not collapse into one where others are empty

    Of copies there are more than places, so some clusters lose all their items. What becomes of their centres, and who
    is nearest to them from then on?
    """
    X = np.random.default_rng(0).permutation(np.repeat(gaussian(40, 4), 15, axis=0))
    for seed in (0, 1, 2):
        note = f"IVFIndex(X, 60, {seed}) of 15 copies of each of 40 rows"
        largest = max(len(each) for each in lists_of(solution.IVFIndex(X, 60, seed), 600, 60, note))
        require(largest <= 180, f"the largest list of {note} must hold at most 30% of the 600 rows, got {largest}")


@points(1, function=IVF)
def test_search_takes_input_of_any_form(solution):
    """search takes floats and integers of any type, in any unit, and leaves them as they are

    The line above says which form it was. In uint8, 10 - 80 is 186.
    """
    for note, X, q in forms():
        for n_lists in (1, 3):
            index = solution.IVFIndex(X, n_lists, 0)
            lists_of(index, len(X), n_lists, note)
            for k in (1, 4, 9):
                is_exact(index, X, q, k, n_lists, note)
        ids = found_by(index, X, q, 7, 1, note)
        require(len(ids) < 7 or any(not len(each) for each in index.lists), f"search(q, 7, 1) has all items, {note}")
    X, queries = clusters(60, 3, d=4, count=5)
    for unit in (2.0**-20, 2.0**20):
        index = solution.IVFIndex(X * unit, 5, 0)
        for q in queries:
            is_exact(index, X * unit, q * unit, 7, 5, f"coordinates of {unit:g}", unit)
            found_by(index, X * unit, q * unit, 7, 1, f"coordinates of {unit:g}", unit)


@points(1, function=IVF)
def test_ivf_index_keeps_to_itself(solution):
    """IVFIndex gives the same lists for the same seed, and knows nothing of other indices or earlier searches

    A search with few probes must not change what a search with many finds. Does each index have lists of its own? Does
    all that is random come from the seed, also what becomes of an empty cluster?
    """
    X, queries = clusters(80, 4, d=3, count=8)
    index = solution.IVFIndex(X, 8, 0)
    lists = [sorted(each) for each in lists_of(index, 80, 8, "the first index")]
    before = [found_by(index, X, q, 5, 3, "at first") for q in queries]
    solution.IVFIndex(gaussian(50, 2), 5, 1)
    again = solution.IVFIndex(X, 8, 0)
    for q in queries:
        found_by(index, X, q, 80, 1, "in one list")
        is_exact(index, X, q, 2, 8, "after a search in one list")
    for what, each in (("after other indices and searches", index), ("of another index with the same seed", again)):
        now = [sorted(ids) for ids in lists_of(each, 80, 8, what)]
        require(now == lists, f"lists {what} must be the same: expected {lists}, got {now}")
        after = [found_by(each, X, q, 5, 3, what) for q in queries]
        require(after == before, f"ids of search(q, 5, 3) {what} must be the same: expected {before}, got {after}")
    copies = np.random.default_rng(0).permutation(np.repeat(gaussian(12, 3), 5, axis=0))
    note = "IVFIndex(X, 24, 3) of 5 copies of each of 12 rows"
    first, second = ([sorted(ids) for ids in lists_of(solution.IVFIndex(copies, 24, 3), 60, 24, note)] for _ in "ab")
    require(first == second, f"lists of {note}, made twice, must be the same: {first}, got {second}")


@points(1, function=IVF)
def test_search_refuses_bad_input(solution):
    """search raises ValueError for k < 1, for n_probe below 1 or above n_lists, for other dimensions, and for nan

    The line above says what was wrong. A query of one feature broadcasts; a slice beyond the end of an array is short.
    """
    X, q = CORNERS.astype(float), QUERY.astype(float)
    index = solution.IVFIndex(X, 3, 0)
    assert_refuses(index.search, (q, 2, 3), [(f"n_probe = {p} of 3 lists", q, 2, p) for p in (0, -1, 4, 5, 7)])
    assert_refuses(index.search, (q, 1, 1), [(f"k = {k}", q, k, 2) for k in (0, -1, -7)])
    assert_refuses(index.search, (q, 99, 3), [(what, broken, 2, 2) for what, broken in bad_queries()])
    single = solution.IVFIndex(X[:, :1], 3, 0)
    more = [(f"{d} features where the items have 1", q[:d], 2, 3) for d in (2, 3)]
    assert_refuses(single.search, (q[:1], 2, 3), more)


@points(1, function=IVF)
def test_ivf_index_refuses_bad_input(solution):
    """IVFIndex raises ValueError for more lists than items, and for nan

    As many lists as items are fine. A sum with nan is nan, and no comparison with it is true.
    """
    X = CORNERS.astype(float)
    bad = [(f"{n_lists} lists of 7 items", X, n_lists) for n_lists in (8, 9, 100)]
    bad += [(what, broken, 2) for what, broken in bad_items()]
    for what, broken, n_lists in bad:
        solution.IVFIndex(X, 7, 0)
        raises(ValueError, solution.IVFIndex, broken, n_lists, 0, because=what)
    copies = np.ones((4, 2))
    solution.IVFIndex(copies, 4, 0)
    raises(ValueError, solution.IVFIndex, copies, 5, 0, because="5 lists of 4 items")


@points(1)
def test_recall_at_k_counts_each_true_id_once(solution):
    """recall_at_k is a share of the true ids: one that is found twice counts once

    And -1, for nothing found, is no id. It is never above 1. Each row has as many true ids as the others.
    """
    for found, true, right in (
        ([[4, 4], [2, 2]], [[4, 1], [3, 7]], 0.25),
        ([[9, 9, 9]], [[9, 2, 3]], 1 / 3),
        ([[-1, -1], [0, -1]], [[0, 1], [0, 1]], 0.25),
        ([[-1, -1]], [[0, 1]], 0.0),
    ):
        close(solution.recall_at_k(np.array(found), np.array(true)), right, f"recall_at_k({found}, {true})")
    for layout in ("int32", "uint8", "int64"):
        found, true = np.array([[250, 3], [7, 1]]).astype(layout), np.array([[3, 9], [1, 7]]).astype(layout)
        close(solution.recall_at_k(found, true), 0.75, f"recall_at_k([[250, 3], [7, 1]], [[3, 9], [1, 7]]), {layout}")
    many = np.random.default_rng(0).permuted(np.tile(np.arange(100_000, 100_400), (3, 1)), axis=1)
    call = "recall_at_k of 400 ids for each of three queries, half of which are found"
    close(solution.recall_at_k(np.where(many % 2, many, -1), many), 0.5, call)
