import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import close, number, points, require

from . import reference as answer
from .answers import (
    candidates_of,
    found_by,
    ids_of,
    is_exact,
    lists_of,
    probes_whole_lists,
    ranks_candidates,
    whole,
)
from .problems import IVF, LSH, clusters, crowds, gaussian, neighbours


def agrees(solution, X, planes, note=""):
    """Require the right codes, exactly."""
    call = f"lsh_codes({X.tolist()}, {planes.tolist()})" + (f", {note}" if note else "")
    got = whole(solution.lsh_codes(X, planes), call)
    right = answer.lsh_codes(X, planes).tolist()
    require(got == right, f"{call}: expected {right}, got {got}")


@points(1)
def test_lsh_codes_by_hand(solution):
    """lsh_codes sets bit j, worth 2**j, for a positive dot product with plane j

    The first plane is the last bit: it tells odd from even.
    """
    X = np.array([[1.0, 2.0], [-1.0, 1.0], [3.0, -1.0], [-2.0, -2.0]])
    planes = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -3.0]])
    got = whole(solution.lsh_codes(X, planes), f"lsh_codes({X.tolist()}, {planes.tolist()})")
    require(got == [3, 2, 5, 4], f"lsh_codes({X.tolist()}, {planes.tolist()}): expected [3, 2, 5, 4], got {got}")


@points(1)
def test_lsh_codes_leaves_the_bit_of_zero(solution):
    """lsh_codes sets a bit for a dot product above 0 only

    A vector that lies in the plane is on neither side. The sign of 0 is 0, and so is the sign of -0.
    """
    agrees(solution, np.array([[1.0, -1.0], [2.0, 0.0], [-3.0, 0.0]]), np.array([[1.0, 1.0], [0.0, 5.0], [0.0, -5.0]]))


@points(2)
@given(
    size=st.tuples(st.sampled_from((1, 2, 5)), st.integers(1, 3), st.sampled_from((1, 2, 7, 8, 9, 31, 33))),
    drawn=st.binary(min_size=120, max_size=120),
)
@settings(max_examples=40)
def test_lsh_codes_agrees_on_whole_numbers(solution, size, drawn):
    """lsh_codes is right for generated vectors and planes, from 1 plane to 33 of them

    Are there dot products of 0, more planes than a byte has bits, or more than 32?
    """
    n, d, n_bits = size
    values = np.frombuffer(drawn, dtype=np.uint8) % 7 - 3.0
    agrees(solution, values[: n * d].reshape(n, d), values[120 - n_bits * d :].reshape(n_bits, d))


@points(2, function=LSH)
def test_candidates_are_on_the_same_side(solution):
    """candidates gives the items in the bucket of q, and no item that points the other way

    With one feature there are two directions, whatever the planes: an item is in the bucket of each q that has its
    sign. In more of them no plane has a vector and its opposite on the same side.
    """
    X = np.array([[2.0], [0.5], [-3.0], [9.0], [-0.25]])
    for n_tables, n_bits in ((1, 1), (1, 3), (3, 1), (8, 2), (2, 60)):
        note = f"{n_tables} tables of {n_bits} bits, X = {X.ravel().tolist()} as a column"
        index = solution.LSHIndex(X, n_tables, n_bits, 3)
        for q, right in ((1.0, [0, 1, 3]), (-7.0, [2, 4])):
            got = candidates_of(index, np.array([q]), f"candidates([{q:g}]), {note}", 5)
            require(got == right, f"candidates([{q:g}]), {note}: expected {right}, got {got}")
    X = gaussian(12, 6)
    both = np.concatenate([X, -X])
    for n_tables, n_bits in ((1, 1), (12, 1), (20, 3)):
        index = solution.LSHIndex(both, n_tables, n_bits, 0)
        for i, q in enumerate(both[:12]):
            call = f"candidates(X[{i}]), {n_tables} tables of {n_bits} bits"
            got = candidates_of(index, q, call, 24)
            require(i in got, f"{call}, must have {i}: a vector is in its own bucket")
            require(i + 12 not in got, f"{call}, has X[{i + 12}], which is -X[{i}]")


@points(2, function=LSH)
def test_candidates_are_few_for_many_bits(solution):
    """candidates of one table of many bits are those that agree in every bit

    Of 100 vectors in all directions of 64 features hardly any two share 20 bits. Do your planes lie in all directions,
    too? Is the whole code the key?
    """
    X = gaussian(100, 64)
    for seed in (0, 1, 2):
        index = solution.LSHIndex(X, 1, 20, seed)
        others = sum(len(candidates_of(index, q, f"candidates(X[{i}])", 100)) - 1 for i, q in enumerate(X))
        require(
            others <= 8,
            f"LSHIndex(X, 1, 20, {seed}) of 100 vectors in all directions: the candidates of each row of X are itself "
            f"and hardly any other, but there are {others} others",
        )


@points(2, function=LSH)
def test_candidates_come_from_every_table(solution):
    """candidates gives what shares a bucket with q in any table, and each table has planes of its own

    At 25 degrees two vectors share 8 bits in one of three tables or so. In thirty tables they meet, if these are
    independent. Which items are found if every table asks the same, or if all of them must agree?
    """
    X, queries = neighbours(60, 24, 25)
    for seed in (0, 1):
        index = solution.LSHIndex(X, 30, 8, seed)
        found = sum(i in candidates_of(index, q, "candidates(q)", 60) for i, q in enumerate(queries))
        call = f"LSHIndex(X, 30, 8, {seed}): of 60 queries, each 25 degrees away from an item,"
        require(found >= 54, f"{call} nearly all must have it among their candidates, got {found}")
        once = solution.LSHIndex(X, 1, 8, seed)
        found = sum(i in candidates_of(once, q, "candidates(q)", 60) for i, q in enumerate(queries))
        call = f"LSHIndex(X, 1, 8, {seed}): of 60 queries, each 25 degrees away from an item,"
        require(found <= 54, f"{call} many must miss it in one table, got {found} that have it")


@points(2, function=LSH)
def test_candidates_depend_on_pairs_alone(solution):
    """candidates do not depend on the order of X, and who finds an item is found by it

    A bucket knows nothing of the other items. Are the planes drawn from the seed, or made from the rows of X? Do ids
    mean rows of X as it was passed?
    """
    X = gaussian(40, 5)
    order = np.random.default_rng(1).permutation(40)
    index, shuffled = solution.LSHIndex(X, 3, 4, 7), solution.LSHIndex(X[order], 3, 4, 7)
    table = []
    for i, q in enumerate(X):
        before = candidates_of(index, q, f"candidates(X[{i}])", 40)
        after = candidates_of(shuffled, q, f"candidates(X[{i}]) with X in another order", 40)
        mapped = sorted(int(order[j]) for j in after)
        require(
            mapped == before,
            f"candidates(X[{i}]) with the rows of X in another order and the same seed must be the same items: "
            f"expected {before}, got {mapped}",
        )
        table.append(np.isin(np.arange(40), before))
    for i, j in zip(*np.nonzero(table), strict=True):
        require(table[j][i], f"candidates(X[{i}]) has {j}, but candidates(X[{j}]) does not have {i}")


@points(2, function=LSH)
def test_candidates_do_not_depend_on_length(solution):
    """candidates and query are the same for a longer vector, be it the query or an item

    A plane through the origin, a cosine: neither knows how long a vector is.
    """
    X = gaussian(40, 5)
    lengths = 2.0 ** np.random.default_rng(0).integers(-8, 9, size=(40, 1))
    index, scaled = solution.LSHIndex(X, 3, 4, 5), solution.LSHIndex(X * lengths, 3, 4, 5)
    for i, q in enumerate(gaussian(12, 5, 1)):
        before = candidates_of(index, q, f"candidates(q{i})", 40), whole(index.query(q, 7), f"query(q{i}, 7)")
        for what, other, vector in (
            ("q a thousand times as long", index, q * 1024),
            ("q a thousand times as short", index, q / 1024),
            ("each row of X of another length", scaled, q),
        ):
            after = (
                candidates_of(other, vector, f"candidates(q{i}), {what},", 40),
                whole(other.query(vector, 7), f"query(q{i}, 7), {what},"),
            )
            require(after == before, f"candidates(q), query(q, 7) with {what} must be the same: {before}, got {after}")


@points(2, function=LSH)
def test_query_ranks_by_cosine(solution):
    """query gives the k candidates with the highest cosine, the highest first, and all of them where they are fewer

    Not the dot product, which prefers the long ones, and not the distance. All candidates compete, not the first k.
    """
    X = gaussian(50, 4) * np.random.default_rng(0).choice([0.01, 1.0, 100.0], size=(50, 1))
    for n_tables, n_bits, seed in ((1, 1, 0), (4, 2, 1), (3, 6, 2)):
        index = solution.LSHIndex(X, n_tables, n_bits, seed)
        for q in gaussian(4, 4, 1):
            for k in (1, 3, 10, 50, 80):
                ranks_candidates(index, X, q, k, f"{n_tables} tables of {n_bits} bits, seed {seed}")
    X = gaussian(2000, 4)
    index = solution.LSHIndex(X, 1, 1, 0)
    for k in (10, 600):
        ranks_candidates(index, X, gaussian(1, 4, 1)[0], k, "one table of 1 bit, 2000 items")


@points(1, function=LSH)
def test_query_of_an_item_finds_it(solution):
    """query of an item gives the item itself first

    Whatever the planes, it is in its own bucket in each table, and no cosine is higher.
    """
    X = gaussian(30, 4) * np.random.default_rng(0).choice([0.1, 1.0, 10.0], size=(30, 1))
    for n_tables, n_bits, seed in ((1, 1, 0), (1, 12, 1), (5, 6, 2)):
        index = solution.LSHIndex(X, n_tables, n_bits, seed)
        for i, q in enumerate(X):
            call = f"query(X[{i}], 1), {n_tables} tables of {n_bits} bits, seed {seed}"
            got = whole(index.query(q, 1), call)
            require(got == [i], f"{call}: expected [{i}], got {got}")


@points(1, function=IVF)
def test_search_by_hand(solution):
    """search gives the pair (ids, distances), the nearest first, by Euclidean distance

    The root is taken: 3 and 4 make 5, and not 25.
    """
    X, q = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0], [0.0, 1.0]]), np.array([0.0, -1.0])
    for n_lists in (1, 2, 4):
        index = solution.IVFIndex(X, n_lists, 0)
        call = f"IVFIndex({X.tolist()}, {n_lists}, 0).search([0, -1], 3, {n_lists})"
        ids = found_by(index, X, q, 3, n_lists, f"{n_lists} lists of {X.tolist()}, q = [0, -1]")
        require(ids == [0, 3, 1], f"ids of {call}: expected [0, 3, 1], got {ids}")


@points(2, function=IVF)
def test_lists_hold_each_id_once(solution):
    """lists holds n_lists arrays of ids, and each id is in one of them

    Ids are indices of rows of X. One list has them all, and as many lists as items are legal.
    """
    X, _ = clusters(60, 1, d=3, count=6)
    for n_lists in (1, 2, 6, 13, 60):
        for seed in (0, 1):
            lists_of(solution.IVFIndex(X, n_lists, seed), 60, n_lists, f"IVFIndex(X, {n_lists}, {seed}) of 60 rows")


@points(2, function=IVF)
def test_lists_are_clusters(solution):
    """lists holds clusters of k-means: nearly all items are nearest to the mean of their own list

    Rows that were drawn are where k-means begins. How often do you assign and update, and over all items? Is the
    distance Euclidean? A mean of whole numbers is seldom a whole number.
    """
    rng = np.random.default_rng(1)
    for what, X in (
        ("uniform rows with 8 features", rng.uniform(2.0, 4.0, size=(1000, 8))),
        ("uniform rows with 2 features", rng.uniform(2.0, 4.0, size=(1000, 2))),
        ("rows with 8 whole numbers from 0 to 3", rng.integers(4, size=(1000, 8))),
    ):
        shares = []
        for seed in (0, 1, 2):
            lists = [each for each in lists_of(solution.IVFIndex(X, 32, seed), 1000, 32, "1000 rows") if each]
            means = np.array([X[each].mean(axis=0) for each in lists])
            nearest = np.square(X[:, None] - means).sum(axis=2).argmin(axis=1)
            shares.append(np.mean([nearest[i] == j for j, each in enumerate(lists) for i in each]))
        call = f"IVFIndex(X, 32, seed) of 1000 {what}"
        share = f"{np.mean(shares):.1%} over three seeds"
        require(
            np.mean(shares) >= 0.85,
            f"{call}: 85% of the rows must be nearest to the mean of their own list, got {share}",
        )


@points(3, function=IVF)
def test_search_is_exact_in_all_lists(solution):
    """search in all lists gives the nearest of all items

    If every list is probed, nothing can be missed. Ids are those of rows of X, not places within a list.
    """
    X, queries = clusters(120, 6, d=4, count=8)
    for n_lists in (1, 3, 8, 40):
        index = solution.IVFIndex(X, n_lists, 1)
        for i, q in enumerate(queries):
            for k in (1, 2, 10, 119, 120):
                is_exact(index, X, q, k, n_lists, f"query {i}")
    X, queries = clusters(2000, 2, d=4, count=8)
    index = solution.IVFIndex(X, 8, 0)
    for i, q in enumerate(queries):
        for k in (10, 700, 1900):  # what is partitioned in blocks is in order as long as there are few
            is_exact(index, X, q, k, 8, f"query {i} of 2000 items")


@points(2, function=IVF)
@given(crowd=crowds(), share=st.integers(0, 3), k=st.integers(1, 16), seed=st.integers(0, 3))
@settings(max_examples=30)
def test_search_is_exact_on_any_items(solution, crowd, share, k, seed):
    """search in all lists is exact for generated items, copies among them

    Copies leave lists empty: more lists than places. More items may be asked for than there are. Equal distances may
    come in any order.
    """
    X, q = crowd
    n_lists = max(1, len(X) * share // 3)
    note = f"IVFIndex({X.tolist()}, {n_lists}, {seed}), q = {q.tolist()}"
    index = solution.IVFIndex(X, n_lists, seed)
    lists_of(index, len(X), n_lists, note)
    is_exact(index, X, q, k, n_lists, note)


@points(2, function=IVF)
def test_search_probes_so_many_lists(solution):
    """search looks into n_probe lists, the nearest ones: each is searched to the end, and no other

    Fewer than k ids are an answer. One more list is one in addition, so no distance grows.
    """
    X, queries = clusters(90, 5, d=3, count=9)
    for n_lists, seed in ((9, 0), (20, 1)):
        index = solution.IVFIndex(X, n_lists, seed)
        lists = lists_of(index, 90, n_lists, f"IVFIndex(X, {n_lists}, {seed}) of 90 rows")
        for i, q in enumerate(queries):
            probed = [
                probes_whole_lists(index, lists, X, q, p, f"query {i} in {n_lists} lists")
                for p in (1, 2, 3, 6, n_lists - 1)
            ]
            for fewer, more in itertools.pairwise(probed):
                require(
                    fewer <= more,
                    f"with more probes search looks into lists {sorted(more)}, and with fewer into {sorted(fewer)}: "
                    "the nearest lists come first",
                )


@points(2, function=IVF)
def test_search_gives_the_nearest_of_what_it_probes(solution):
    """search gives the k nearest items of the lists that are probed

    All items of all probed lists compete, and k of them win, wherever they come from.
    """
    X, queries = clusters(90, 5, d=3, count=9)
    index = solution.IVFIndex(X, 12, 0)
    for i, q in enumerate(queries):
        for n_probe in (1, 2, 5, 12):
            everything = found_by(index, X, q, 90, n_probe, f"query {i}")
            for k in (1, 4, 30, 90):
                ids = found_by(index, X, q, k, n_probe, f"query {i}")
                right = everything[:k]
                require(
                    ids == right,
                    f"ids of search(q, {k}, {n_probe}), query {i}, must be the first of those of "
                    f"search(q, 90, {n_probe}): expected {right}, got {ids}",
                )


@points(2, function=IVF)
def test_search_of_an_item_finds_it(solution):
    """search of an item gives the item itself at distance 0, even in one list

    The list that holds an item is that of the nearest centre, and this is where search looks first. Do the lists belong
    to the centres as they are in the end? Is a distance ever the root of something below 0?
    """
    for what, X in (("clusters", clusters(200, 1, d=5, count=10)[0]), ("uniform", gaussian(300, 3) + 2.0)):
        for n_lists, seed in ((5, 0), (15, 1), (40, 2)):
            index = solution.IVFIndex(X, n_lists, seed)
            for i in range(0, len(X), 4):
                ids = found_by(index, X, X[i], 1, 1, f"q = X[{i}] of {what} in {n_lists} lists, seed {seed}")
                require(
                    ids == [i],
                    f"ids of search(X[{i}], 1, 1) of {what} in {n_lists} lists, seed {seed}: expected [{i}], got {ids}",
                )


@points(3, function=IVF)
def test_search_recalls_the_nearest(solution):
    """search finds nine in ten of the ten nearest items without looking at more than 30% of all items

    Which lists are probed? Those with the nearest centres, by the distance by which the items were clustered. Are the
    lists about equally large?
    """
    X, queries = (each + 5.0 for each in clusters(2000, 60))
    right = [np.square(X - q).sum(axis=1).argsort()[:10] for q in queries]
    for seed in (0, 1):
        index = solution.IVFIndex(X, 40, seed)
        sizes = sorted((len(each) for each in lists_of(index, 2000, 40, "2000 items in 40 clusters")), reverse=True)
        n_probe = int(np.searchsorted(np.cumsum(sizes), 600, side="right"))
        require(
            n_probe >= 1,
            f"IVFIndex(X, 40, {seed}): the largest list holds {sizes[0]} of 2000 items in 40 clusters, more than 30%",
        )
        n_probe = min(n_probe, 40)
        hits = [
            np.isin(wanted, ids_of(index.search(q, 10, n_probe)[0], f"ids of search(q, 10, {n_probe})", 2000))
            for q, wanted in zip(queries, right, strict=True)
        ]
        recall = float(np.mean(hits))
        require(
            recall >= 0.9,
            f"IVFIndex(X, 40, {seed}).search(q, 10, {n_probe}) finds {recall:.0%} of the ten nearest of 2000 items in "
            "40 clusters; 90% are due, in lists that hold at most 30% of the items",
        )


@points(1)
def test_recall_at_k_by_hand(solution):
    """recall_at_k gives the share of the true ids that are in the same row of found

    The order within a row does not matter, and a row knows nothing of the others.
    """
    for found, true, right in (
        ([[1, 2], [3, 4]], [[2, 1], [4, 9]], 0.75),
        ([[1, 2], [3, 4]], [[3, 4], [1, 2]], 0.0),
        ([[5, 6, 7]], [[7, 5, 6]], 1.0),
        ([[5], [6], [7]], [[5], [7], [6]], 1 / 3),
        ([[0, 8, 3], [2, 1, 0]], [[3, 4, 5], [0, 7, 1]], 0.5),
    ):
        close(solution.recall_at_k(np.array(found), np.array(true)), right, f"recall_at_k({found}, {true})")


@points(2)
@given(size=st.tuples(st.integers(1, 4), st.integers(1, 5)), drawn=st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_recall_at_k_agrees_on_any_ids(solution, size, drawn):
    """recall_at_k is right for generated ids

    One query or several, one id or several; ids that are in found more than once count once.
    """
    n_queries, k = size
    true = np.array([drawn.sample(range(7), k) for _ in range(n_queries)])
    found = np.array([[drawn.randrange(-1, 7) for _ in range(k)] for _ in range(n_queries)])
    right = sum(len(set(a) & set(b)) for a, b in zip(found.tolist(), true.tolist(), strict=True)) / true.size
    call = f"recall_at_k({found.tolist()}, {true.tolist()})"
    close(number(solution.recall_at_k(found, true), call), right, call)
