import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import assert_refuses, close, points, raises

from .answers import agrees_on_cooccurrence, agrees_on_counts, agrees_on_items, require_same_elements
from .problems import (
    IDS,
    INTEGERS,
    ITEMS,
    LOG,
    N_ITEMS,
    QUERY,
    TIED,
    TIED_QUERIES,
    bad_items,
    bad_logs,
    cut,
    far_apart,
    item_forms,
    log_forms,
    tied_catalogues,
    tied_ids,
)


@points(2)
def test_top_k_similar_orders_ties_by_id(solution):
    """top_k_similar puts the smaller id first where similarities are equal, also where the list is cut

    A newcomer that is as good as the worst of the list, and has a smaller id, belongs into it. Does it matter in which
    chunk it comes? All vectors here have the length 2, so that cosines are exact.
    """
    for query in TIED_QUERIES:
        for seed, places in ((0, ()), (1, (5, 6, 14)), (2, range(1, 30)), (3, (20,))):
            chunks = cut((tied_ids(seed), TIED), *places)
            for k in (1, 2, 5, 9, 14, 20):
                agrees_on_items(solution, query, chunks, k, note="equal cosines", exact=True)
    vectors = np.tile([0.0, 2.0], (6, 1))
    for ids in ([5, 4, 3, 2, 1, 0], [0, 1, 2, 3, 4, 5], [4, 5, 1, 0, 3, 2]):
        for dtype in INTEGERS:
            for places in ((), (3,), (1, 2, 3, 4, 5)):
                chunks = cut((np.array(ids, dtype=dtype), vectors), *places)
                for k in (1, 2, 4):
                    agrees_on_items(solution, np.array([0.0, 2.0]), chunks, k, note=f"ids {dtype}", exact=True)


@points(1)
@given(catalogue=tied_catalogues())
@settings(max_examples=40)
def test_top_k_similar_orders_any_ties(solution, catalogue):
    """top_k_similar is right where most similarities are equal, in any chunks

    The counterexample shows where the list was cut. Selecting k of many equals takes any of them, unless it is told
    which.
    """
    agrees_on_items(solution, *catalogue, exact=True)


@points(1)
def test_top_k_similar_of_few_items(solution):
    """top_k_similar gives all items where there are fewer than k, and takes chunks of fewer than k

    Selecting the k best of an array asks for more than it has. One item, one row a chunk, k as many as there are: all
    legal.
    """
    query, vectors = QUERY.astype(float), ITEMS.astype(float)
    for m in (1, 2, 5, 7):
        for places in ((), (1,), (4,), range(1, 7)):
            for k in (m - 1, m, m + 1, 100):
                if k >= 1:
                    chunks = cut((IDS[:m], vectors[:m]), *[each for each in places if each < m])
                    agrees_on_items(solution, query, chunks, k)
    agrees_on_items(solution, np.array([3.0]), [(np.array([8, 2]), np.array([[5.0], [-0.25]]))], 2)


@points(2)
def test_top_k_similar_knows_zeros_and_opposites(solution):
    """top_k_similar gives a vector of zeros the similarity 0: better than a negative one, worse than a positive

    0 / 0 is nan, and nan has no place in any order. And a list of the best begins with nothing in it, not with zeros.
    """
    query = np.array([1.0, 2.0])
    zero, below, above = [0.0, 0.0], [-1.0, -2.5], [0.1, 0.0]
    for vectors in (
        [zero, below, above],
        [below, below[::-1], zero],
        [below, below[::-1], [-4.0, 0.1]],
        [zero, zero, zero],
        [above, zero, zero],
        [below],
        [zero],
    ):
        for places in ((), (1,), (2,), (1, 2)):
            chunks = cut(
                (np.array([5, 3, 9])[: len(vectors)], np.array(vectors)), *[p for p in places if p < len(vectors)]
            )
            for k in (1, 2, 3):
                agrees_on_items(solution, query, chunks, k)


@points(2)
def test_top_k_similar_is_blind_to_lengths(solution):
    """top_k_similar is right for vectors of any length, from 1e-9 to 1e9, side by side

    What is added to a length, so that nothing is divided by zero, is nothing next to 1 and a lot next to 1e-9. Which
    vectors are zero, and which are only short?
    """
    lengths = np.array([1e-9, 1.0, 1e9, 1e-5, 1e6, 1e-8, 30.0])
    for factor in (1.0, 1e-8, 1e8):
        for vectors in (ITEMS / np.maximum(np.linalg.norm(ITEMS, axis=1, keepdims=True), 1.0) * lengths[:, None],):
            agrees_on_items(solution, QUERY * factor, cut((IDS, vectors), 3), 7, note="lengths from 1e-9 to 1e9")
    short = (ITEMS * np.array([[1e-3], [1], [10], [0.01], [1e-3], [5e-3], [1]])).astype("float32")
    agrees_on_items(
        solution, QUERY.astype("float32") / 100, cut((IDS, short), 3), 7, note="lengths from 5e-3 in float32"
    )


@points(1)
def test_top_k_similar_keeps_what_equals_the_query(solution):
    """top_k_similar keeps an item whose vector is that of the query

    Nothing says that it is the item that was asked for: there is no id in the query.
    """
    vectors = np.array([[3.0, 1.0], [1.0, 3.0], [3.0, 1.0], [6.0, 2.0], [0.0, 1.0]])
    for k in (2, 4, 5):
        agrees_on_items(solution, np.array([3.0, 1.0]), cut((np.array([5, 1, 0, 7, 2]), vectors), 2), k)


@points(1)
def test_top_k_similar_takes_input_of_any_form(solution):
    """top_k_similar takes vectors and ids of any type and layout, and large ids, and leaves chunks as they are

    The line above says which form it was. In int8, 100 * 2 is -56, and the square of 16 is 0. A stream that gives you
    read-only arrays does not want them changed.
    """
    for note, query, ids, vectors in item_forms():
        for places in ((), (3,)):
            agrees_on_items(solution, query, cut((ids, vectors), *places), 5, note=note)
    for dtype in INTEGERS:
        chunks = cut((IDS.astype(dtype), ITEMS.astype(float)), 3)
        agrees_on_items(solution, QUERY.astype(float), chunks, 5, note=f"ids {dtype}")
    large = 2**40 - IDS * 2**20
    agrees_on_items(solution, QUERY.astype(float), cut((large, ITEMS.astype(float)), 3), 7, note="ids near 2**40")
    near = 2**40 - IDS
    few = cut((near, ITEMS.astype("float32")), 3)
    agrees_on_items(solution, QUERY.astype("float32"), few, 7, note="ids near 2**40, vectors float32")


@points(2)
def test_top_k_similar_refuses_bad_input(solution):
    """top_k_similar raises ValueError for k below 1, for a query that does not fit or has no direction, and for nan

    The line above says what was wrong. One number broadcasts over three; nan in an item that is not among the best is
    nan all the same, and so is nan in the last chunk.
    """
    good = QUERY.astype(float), cut((IDS, ITEMS.astype(float)), 3), 2
    assert_refuses(solution.top_k_similar, good, bad_items())


@points(2)
def test_reservoir_sample_of_few_elements(solution):
    """reservoir_sample gives all elements where there are k or fewer

    Nothing is left out, nothing comes twice, and nothing is raised.
    """
    for n in (1, 2, 3, 8):
        for k in (n, n + 1, 100):
            for seed in range(6):
                elements = [10 * i for i in range(n)]
                got = solution.reservoir_sample(elements, k, seed)
                require_same_elements(got, elements, f"reservoir_sample({elements}, {k}, {seed})")


@points(2)
def test_reservoir_sample_takes_any_elements(solution):
    """reservoir_sample takes elements of any kind, equal ones too

    Texts, None, 0, lists and arrays; some cannot be compared, hashed or put into one array. Equal elements are still
    different places of the stream.
    """
    for elements in (
        ["a", "", "c", "a"],
        [None, None, 0, False, "", None],
        [0, 0, 0],
        [5, 5, 5, 7],
        [[1, 2], [], [1, 2]],
        [{"user": 3}, {"user": 3}, {}],
        [(1, "x"), (1, None), (1, 2)],
        [1, "1", 2.5, None, (3,)],
        ["short", "a much longer text than that"],
        [np.array([1.0, 2.0]), np.array([1.0]), np.array([1.0, 2.0])],
        [np.array([1, 2]), np.array([3, 4])],
        [-1, 2**40, 0.5, -0.25],
    ):
        for k in (len(elements), len(elements) + 2):
            call = f"reservoir_sample({elements}, {k}, 0)"
            require_same_elements(solution.reservoir_sample(elements, k, 0), elements, call)
        alike = elements[:1] * 7
        for seed in range(4):
            got = solution.reservoir_sample(alike, 3, seed)
            require_same_elements(got, alike[:3], f"reservoir_sample({alike}, 3, {seed})")


@points(1)
def test_reservoir_sample_refuses_bad_k(solution):
    """reservoir_sample raises ValueError for k below 1

    Nothing asked for is no sample; and a negative number of elements even less.
    """
    good = (["a", "b", "c"], 1, 0)
    assert_refuses(solution.reservoir_sample, good, ((f"k = {k}", ["a", "b", "c"], k, 0) for k in (0, -1, -5)))
    raises(ValueError, solution.reservoir_sample, list(range(50)), 0, 7, because="k = 0")


@points(1)
def test_count_interactions_has_a_number_for_each_item(solution):
    """count_interactions gives n_items numbers, also where the last items, or nearly all, are in no row

    How many numbers there are does not depend on what occurs in a chunk. One row is a log, and so is one item.
    """
    for n_items in (5, 6, 9, 1000):
        agrees_on_counts(solution, cut(LOG, 4), n_items)
    agrees_on_counts(solution, [(np.array([7]), np.array([2]))], 4)
    agrees_on_counts(solution, [(np.array([7]), np.array([0]))], 1)
    agrees_on_counts(solution, cut((np.arange(600), np.arange(600) % 2), 100, 590), 2, note="600 users")
    agrees_on_counts(solution, cut((np.zeros(40, dtype=int), np.arange(40)[::-1] % 20), 7), 20, note="user 0 alone")


@points(1)
def test_count_interactions_takes_input_of_any_form(solution):
    """count_interactions takes users and items of any type and layout, and leaves chunks as they are

    The line above says which form it was. If you make one number of a user and an item, is there room for it in their
    type? Users can be any numbers, with large gaps.
    """
    for note, user, item in log_forms():
        for places in ((), (3, 9)):
            agrees_on_counts(solution, cut((user, item), *places), N_ITEMS, note=note)
    for dtype in INTEGERS:
        user, item = np.arange(250).astype(dtype), np.full(250, 3).astype(dtype)
        agrees_on_counts(solution, cut((user, item), 100), 5, note=f"250 users, {dtype}")
        user, item = np.repeat([3, 250], 100).astype(dtype), np.tile(np.arange(100), 2).astype(dtype)
        agrees_on_counts(solution, cut((user, item), 150), 100, note=f"100 items, {dtype}")
        many = np.arange(700), np.full(700, 2).astype(dtype)
        agrees_on_counts(solution, cut(many, 400), 4, note=f"700 users, items {dtype}")
        for places in ((), (3,), (5,)):
            agrees_on_counts(solution, cut(far_apart(dtype), *places), 8, note=f"users far apart, {dtype}")


@points(1)
def test_count_interactions_refuses_bad_items(solution):
    """count_interactions raises ValueError for an item below 0 or from n_items on, wherever it comes

    An index of -1 is the last item, to NumPy. A chunk may have one row only, and the last chunk counts as the first.
    """
    assert_refuses(solution.count_interactions, (cut(LOG, 5),), bad_logs(), N_ITEMS)


@points(2)
def test_cooccurrence_top_k_leaves_out_what_shares_nothing(solution):
    """cooccurrence_top_k leaves out the query, and items that share no user with it

    A cosine of 0 is no neighbour. Where fewer than k are left, the list is shorter; nobody to share makes it empty, and
    nothing is divided by 0.
    """
    user, item = np.array([1, 1, 2, 2, 3, 4, 4]), np.array([0, 3, 0, 3, 1, 5, 2])
    for places in ((), (1,), (3, 6)):
        for query in range(7):
            for k in (1, 3, 10):
                agrees_on_cooccurrence(solution, cut((user, item), *places), query, 7, k)
    agrees_on_cooccurrence(solution, [(np.array([7]), np.array([0]))], 0, 1, 3)
    agrees_on_cooccurrence(solution, [(np.array([7]), np.array([1]))], 0, 2, 3)


@points(2)
def test_cooccurrence_top_k_orders_ties_by_item(solution):
    """cooccurrence_top_k puts the smaller item first where cosines are equal, also where the list is cut

    One of one user, two of four: in both, the cosine with a query of four users is one half. What comes first does not
    depend on which was met first.
    """
    # Items 8, 5 and 9 have one user, 7 and 2 have four, of which two touch the query, 4; and 6, 1 have all of them.
    touched = [[8, 6, 4, 7, 1], [4, 5, 1, 6, 7], [2, 9, 4, 1, 6], [1, 2, 6, 4], [7, 2], [2, 7], [3]]
    user = np.repeat(np.arange(len(touched)), [len(each) for each in touched])
    item = np.concatenate([np.array(each) for each in touched])
    for places in ((), (4,), (6, 13), range(1, len(user))):
        for k in (1, 2, 3, 4, 5, 6, 7, 9):
            pairs = cut((user, item), *places)
            agrees_on_cooccurrence(solution, pairs, 4, 10, k)
            halves = [2, 5, 7, 8, 9]
            ids = np.array([1, 6, *halves])[:k]
            got = solution.cooccurrence_top_k(pairs, 4, 10, k)
            call = f"cooccurrence_top_k(pairs, 4, 10, {k}) where 1 and 6 have the cosine 1, and {halves} one half,"
            close(got, np.column_stack([ids, np.where(ids % 5 == 1, 1.0, 0.5)]), call, rtol=1e-6, atol=1e-6)


@points(1)
def test_cooccurrence_top_k_takes_input_of_any_form(solution):
    """cooccurrence_top_k takes users and items of any type and layout, and many users, and leaves chunks as they are

    The line above says which form it was. A product of two counts may need more room than an item.
    """
    for note, user, item in log_forms():
        for query in (0, 4):
            agrees_on_cooccurrence(solution, cut((user, item), 3, 9), query, N_ITEMS, 3, note=note)
    for dtype in INTEGERS:
        # 240 users of item 0, each with one of seven others: two counts of some hundred.
        user, item = (
            np.arange(240).repeat(2),
            np.column_stack([np.zeros(240, int), np.arange(240) % 7 // 3 + 1]).ravel(),
        )
        agrees_on_cooccurrence(solution, cut((user.astype(dtype), item.astype(dtype)), 101), 0, 9, 4, note=dtype)
        agrees_on_cooccurrence(solution, cut(far_apart(dtype), 5), 2, 8, 3, note=f"users far apart, {dtype}")


@points(1)
def test_cooccurrence_top_k_counts_many_users(solution):
    """cooccurrence_top_k is right where hundreds of users touch an item

    How large can a count become, and the product of two, in the type that you keep them in?
    """
    touched = [[0, 1, *([2] if user < 300 else [])] for user in range(400)]
    columns = np.repeat(np.arange(400), [len(each) for each in touched]), np.concatenate(touched)
    agrees_on_cooccurrence(solution, cut(columns, 500), 0, 4, 3, note="where 400 users touch the query")


@points(1)
def test_cooccurrence_top_k_refuses_bad_input(solution):
    """cooccurrence_top_k raises ValueError for k below 1, and for items or a query out of range

    An index of -1 is the last item, to NumPy. Rows are looked at also where the query does not occur.
    """
    good = cut(LOG, 5)
    bad = [
        *((what, pairs, 4, N_ITEMS, 2) for what, pairs in bad_logs()),
        *((f"{what}, a query without users", pairs, 3, N_ITEMS, 2) for what, pairs in list(bad_logs())[::7]),
        *((f"k = {k}", good, 4, N_ITEMS, k) for k in (0, -1, -4)),
        *((f"query_item {query} of {N_ITEMS}", good, query, N_ITEMS, 2) for query in (-1, -2, N_ITEMS, N_ITEMS + 3)),
        ("k = 0, a query without users", good, 3, N_ITEMS, 0),
    ]
    assert_refuses(solution.cooccurrence_top_k, (good, 4, N_ITEMS, 2), bad)
