import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import close, points, require

from .answers import (
    agrees_on_cooccurrence,
    agrees_on_counts,
    agrees_on_items,
    happens,
    ranking,
    require_ranking,
    samples,
)
from .problems import IDS, ITEMS, LOG, N_ITEMS, QUERY, catalogues, cut, generated, logs


@points(1)
def test_top_k_similar_by_hand(solution):
    """top_k_similar gives pairs (item_id, similarity), the best first

    The ids are those of the chunks, and no positions; the similarity of (3, 4) and (1, 0) is 3 / 5.
    """
    chunks = [
        (np.array([7, 3]), np.array([[2.0, 0.0], [0.0, 5.0]])),
        (np.array([9, 4]), np.array([[3.0, 4.0], [0.0, 0.0]])),
    ]
    right = {7: 1.0, 9: 0.6, 3: 0.0, 4: 0.0}
    for k in (1, 2, 3, 4):
        got = solution.top_k_similar(np.array([1.0, 0.0]), chunks, k)
        ties = {7: 1, 9: 0.6, 3: 0, 4: 0}
        require_ranking(got, f"top_k_similar([1, 0], [([7, 3], …), ([9, 4], …)], {k})", right, k, ties=ties)


@points(1)
def test_top_k_similar_measures_the_angle(solution):
    """top_k_similar takes the cosine: neither the length of an item counts, nor that of the query

    A long vector has a large product with everything, and a short one is near to everything that is short.
    """
    vectors = np.array([[90.0, 10.0], [2.0, 2.5], [0.1, 0.1], [40.0, -44.0], [-3.0, -3.0], [500.0, 300.0]])
    ids = np.array([4, 8, 1, 9, 2, 6])
    for factor in (1.0, 0.01, 100.0):
        for query in (np.array([1.0, 1.0]), np.array([1.0, -0.2])):
            agrees_on_items(solution, query * factor, cut((ids, vectors), 2), 6)


@points(2)
def test_top_k_similar_looks_at_every_chunk(solution):
    """top_k_similar finds the best items in whichever chunks they are

    Neither the first chunk nor the last speaks for all, and what was found before is compared with what comes.
    The items are the same seven each time; only the cuts change, and the order.
    """
    for order in (slice(None), slice(None, None, -1), [3, 0, 5, 1, 6, 2, 4]):
        ids, vectors = IDS[order], ITEMS[order].astype(float)
        for places in ((), (1,), (3,), (6,), (2, 4), (1, 2, 3, 4, 5, 6)):
            for k in (1, 2, 3, 5):
                agrees_on_items(solution, QUERY.astype(float), cut((ids, vectors), *places), k)


@points(2)
def test_top_k_similar_reads_a_stream(solution):
    """top_k_similar reads a stream from the front, once

    A generator has no length and no index, and there is nothing left of it when it has been read. Whatever you need of
    a chunk, take it while it is there.
    """
    for places in ((), (3,), (1, 2, 3, 4, 5, 6)):
        for k in (1, 3, 7, 9):
            chunks = cut((IDS, ITEMS.astype(float)), *places)
            agrees_on_items(solution, QUERY.astype(float), chunks, k, note="as a generator", through=generated)


@points(2)
@given(catalogue=catalogues())
@settings(max_examples=40)
def test_top_k_similar_agrees_on_any_items(solution, catalogue):
    """top_k_similar is right for generated items, in any chunks

    There are zeros, copies, multiples and opposites among them; k can be more than there are. Cosines that are equal up
    to rounding may come in either order.
    """
    agrees_on_items(solution, *catalogue)


@points(1)
def test_reservoir_sample_gives_elements(solution):
    """reservoir_sample gives k different elements of the stream, also of a long one

    Elements, not their places; as many as were asked for, and none of them twice.
    """
    elements = [1000 + 7 * i for i in range(300)]
    for k in (1, 2, 10, 299):
        for seed in (0, 1, 2**31):
            got = solution.reservoir_sample(elements, k, seed)
            call = f"reservoir_sample([1000, 1007, …, 3093], {k}, {seed})"
            require(isinstance(got, list | tuple | np.ndarray), f"{call} must return a list, got {got!r:.80}")
            mine = [float(each) for each in got]
            require(len(mine) == k, f"{call} must return {k} elements, got {len(mine)}")
            require(len(set(mine)) == k, f"{call} returns an element twice: {sorted(mine)[:12]}")
            require(set(mine) <= set(elements), f"{call} returns what is no element: {sorted(mine)[:12]}")


@points(2)
def test_reservoir_sample_of_one_is_uniform(solution):
    """reservoir_sample draws one element so that each has the same chance

    When the second element comes, it replaces the first with probability one half. Write down what must happen when the
    third comes, so that all three have had the same chance: is your i counted from 0 or from 1?
    """
    for n, seeds in ((2, 800), (5, 500)):
        drawn = samples(solution, n, 1, seeds)
        for place in range(n):
            happens(
                [place in each for each in drawn],
                1 / n,
                f"reservoir_sample(range({n}), 1, seed), over seeds 0 to {seeds - 1}, is {place}",
            )


@points(2)
def test_reservoir_sample_is_uniform(solution):
    """reservoir_sample gives each element the same chance: the first, the k-th, the one after it, and the last

    With four of twelve it is one in three. An element that comes as number i gets in with probability k / i; whom does
    it replace then?
    """
    drawn = samples(solution, 12, 4, 500)
    for place in range(12):
        happens(
            [place in each for each in drawn],
            4 / 12,
            f"reservoir_sample(range(12), 4, seed), over seeds 0 to 499, holds {place}",
        )


@points(2)
def test_reservoir_sample_draws_elements_independently(solution):
    """reservoir_sample gives each set of k elements the same chance, and not each element alone

    Neighbours do not come together, and do not keep each other out. Whoever is replaced is drawn anew each time.
    """
    drawn = samples(solution, 4, 2, 600)
    for pair in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):
        happens(
            [each == frozenset(pair) for each in drawn],
            1 / 6,
            f"reservoir_sample(range(4), 2, seed), over seeds 0 to 599, is {list(pair)}",
        )
    drawn = samples(solution, 7, 6, 300)
    for place in range(7):
        happens(
            [place not in each for each in drawn],
            1 / 7,
            f"reservoir_sample(range(7), 6, seed), over seeds 0 to 299, leaves {place} out",
        )


@points(1)
def test_reservoir_sample_is_uniform_over_a_long_stream(solution):
    """reservoir_sample takes from all parts of a long stream alike

    A chance that falls too fast, or not at all, shows late only.
    """
    drawn = samples(solution, 400, 40, 12)
    for low, high in ((0, 40), (40, 100), (100, 200), (200, 300), (300, 400)):
        happens(
            [low <= place < high for each in drawn for place in each],
            (high - low) / 400,
            f"an element of reservoir_sample(range(400), 40, seed), over seeds 0 to 11, is from {low} to {high - 1}",
        )


@points(2)
def test_reservoir_sample_reads_a_stream(solution):
    """reservoir_sample reads a stream from the front, once, and gives the same sample for the same seed

    A generator has no length. Make one generator of random numbers from the seed, at the start, and take all draws from
    it.
    """
    for n, k in ((9, 3), (9, 1), (9, 9), (2, 5), (60, 5)):
        call = f"reservoir_sample(stream of {n}, {k}, 4)"
        first, second = (
            [float(each) for each in solution.reservoir_sample(generated(range(n)), k, 4)] for _ in range(2)
        )
        require(len(first) == min(n, k), f"{call} must return {min(n, k)} elements, got {len(first)}")
        require(len(set(first)) == len(first) and set(first) <= set(range(n)), f"{call} returns {first}")
        require(first == second, f"{call} gives {first}, and {second} for the same stream and seed")


@points(1)
def test_count_interactions_by_hand(solution):
    """count_interactions counts the users of each item

    A number for each item from 0 on, 0 for an item that nobody touched.
    """
    pairs = [(np.array([1, 1, 5]), np.array([0, 2, 0])), (np.array([6, 7, 8]), np.array([0, 1, 0]))]
    close(solution.count_interactions(pairs, 4), [4, 1, 1, 0], "count_interactions([([1, 1, 5], [0, 2, 0]), …], 4)")
    close(solution.count_interactions(pairs, 3), [4, 1, 1], "count_interactions([([1, 1, 5], [0, 2, 0]), …], 3)")


@points(2)
def test_count_interactions_counts_users_once(solution):
    """count_interactions counts a user once for an item, however often the row comes in a chunk

    Is it next to its copy, or does another item lie in between?
    """
    for user, item, n_items in (
        ([4, 4], [1, 1], 2),
        ([4, 4, 4], [1, 0, 1], 2),
        ([4, 4, 5, 5, 5, 9], [1, 1, 1, 0, 1, 1], 3),
        ([0, 0, 0, 0], [2, 0, 2, 0], 3),
        ([0, 1, 1, 2], [2, 0, 0, 2], 3),
    ):
        agrees_on_counts(solution, [(np.array(user), np.array(item))], n_items)


@points(3)
def test_count_interactions_follows_users_across_chunks(solution):
    """count_interactions counts a user once whose rows go on in the next chunk, or through several

    What has to be remembered of the chunk before, and what of the one before that? Of how many users?
    """
    for places in ((2,), (3,), (1, 2, 3), (8, 9, 10), (4, 7, 11, 15), tuple(range(1, 16))):
        agrees_on_counts(solution, cut(LOG, *places), N_ITEMS)
    rows = np.array([5, 5, 5, 5, 5, 5, 5]), np.array([1, 0, 1, 2, 0, 2, 1])
    for places in ((1,), (3,), (2, 4), (1, 2, 3, 4, 5, 6)):
        agrees_on_counts(solution, cut(rows, *places), 4, note="one user")
    rows = np.array([1, 2, 2, 3, 3, 4]), np.array([0, 0, 0, 0, 0, 0])
    for places in ((2,), (1, 3, 5), (2, 4), (1, 2, 3, 4, 5)):
        agrees_on_counts(solution, cut(rows, *places), 1, note="one item")


@points(2)
@given(log=logs())
@settings(max_examples=40)
def test_count_interactions_agrees_on_any_log(solution, log):
    """count_interactions is right for generated logs, in any chunks

    Compared with the set of users of each item. Where do chunks end, and does a row come again?
    """
    agrees_on_counts(solution, *log)


@points(2)
def test_count_interactions_reads_a_stream(solution):
    """count_interactions reads a stream from the front, once

    There is no second pass, and no number of chunks. What is not yet known of the last user when a chunk ends?
    """
    for places in ((), (5,), (3, 8, 12), tuple(range(1, 16))):
        agrees_on_counts(solution, cut(LOG, *places), N_ITEMS, note="as a generator", through=generated)


@points(1)
def test_cooccurrence_top_k_by_hand(solution):
    """cooccurrence_top_k gives pairs (item, cosine), the best first

    Items 0 and 1 have one user in common; one has three users, the other one.
    """
    pairs = [(np.array([1, 1, 5]), np.array([0, 2, 0])), (np.array([5, 5, 8]), np.array([0, 1, 0]))]
    for query, k, right in (
        (1, 2, {0: 1 / np.sqrt(3)}),
        (0, 2, {1: 1 / np.sqrt(3), 2: 1 / np.sqrt(3)}),
        (0, 1, {1: 1 / np.sqrt(3), 2: 1 / np.sqrt(3)}),
        (2, 3, {0: 1 / np.sqrt(3)}),
    ):
        got = solution.cooccurrence_top_k(pairs, query, 4, k)
        call = f"cooccurrence_top_k([([1, 1, 5], [0, 2, 0]), ([5, 5, 8], [0, 1, 0])], {query}, 4, {k})"
        require_ranking(got, call, right, k, ties=right)


@points(2)
def test_cooccurrence_top_k_weighs_popular_items(solution):
    """cooccurrence_top_k divides by the root of how many users each of the two items has

    Item 1 is touched by everybody, so it shares most users with everything; item 2 by few, but the right ones. Neither
    a share of the one nor a share of all of them is a cosine.
    """
    user = np.repeat(np.arange(9), [3, 3, 2, 1, 1, 1, 1, 2, 2])
    item = np.array([0, 1, 2, 0, 1, 2, 0, 1, 1, 1, 1, 1, 1, 3, 1, 3])
    for places in ((), (4,), (7, 13)):
        for query in (0, 1, 2, 3):
            agrees_on_cooccurrence(solution, cut((user, item), *places), query, 4, 4)


@points(3)
def test_cooccurrence_top_k_counts_distinct_users(solution):
    """cooccurrence_top_k counts each user once, also one whose rows come again or go on in other chunks

    The query may come first among the items of a user, or last, or in the next chunk. What can be said of a user before
    the next one begins?
    """
    for places in ((), (2,), (3,), (8, 9, 10), (4, 7, 11, 15), tuple(range(1, 16))):
        for query in range(N_ITEMS - 1):
            agrees_on_cooccurrence(solution, cut(LOG, *places), query, N_ITEMS, 4)


@points(2)
@given(log=logs())
@settings(max_examples=40)
def test_cooccurrence_top_k_agrees_on_any_log(solution, log):
    """cooccurrence_top_k is right for generated logs, in any chunks

    Compared with the sets of users of each item; items with the same two counts come by their number.
    """
    pairs, n_items = log
    for query, k in ((0, 3), (2, 1), (5, n_items)):
        agrees_on_cooccurrence(solution, pairs, query, n_items, k)


@points(1)
@given(log=logs())
@settings(max_examples=15)
def test_cooccurrence_top_k_is_symmetric(solution, log):
    """cooccurrence_top_k gives item a for query b the cosine that it gives item b for query a

    The formula does not change if the two are exchanged.
    """
    pairs, n_items = log
    found = {}
    for query in range(3):
        call = f"cooccurrence_top_k(pairs, {query}, {n_items}, {n_items})"
        ids, cosines = ranking(solution.cooccurrence_top_k(pairs, query, n_items, n_items), call)
        found |= {(query, int(item)): cosine for item, cosine in zip(ids, cosines, strict=True)}
    for a in range(3):
        for b in range(a):
            one, other = found.get((a, b)), found.get((b, a))
            same = one == other or (one is not None and other is not None and abs(one - other) < 1e-6)
            require(
                same, f"cooccurrence_top_k: item {b} for query {a} has {one}, and item {a} for query {b} has {other}"
            )
