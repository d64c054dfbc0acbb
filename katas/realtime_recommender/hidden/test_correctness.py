import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import assert_agrees, assert_derivative, close, number, pair, points

from . import reference as answer
from .answers import NAMES, NEAR, PARTS, adds, follows, holds_the_best, part, picks
from .problems import TASTE, pairs, shop, stories, warm_shop, whole_numbers

LOSS = "in_batch_softmax_loss"
CLASS = "Recommender"


@points(1)
def test_in_batch_softmax_loss_by_hand(solution):
    """in_batch_softmax_loss of equal rows is ln B, and grows by what other items come near

    Two users and two items are enough to do it by hand: which two logits meet in one softmax?
    """
    for B in (1, 2, 4):
        rows = np.ones((B, 2))
        loss, dU, dV = pair(solution.in_batch_softmax_loss(rows, rows), f"{LOSS}(ones, ones)", PARTS)
        close(loss, np.log(B), f"loss of {LOSS} of {B} equal pairs", **NEAR)
        close(dU, np.zeros((B, 2)), f"dU of {LOSS} of {B} equal pairs", **NEAR)
        close(dV, np.zeros((B, 2)), f"dV of {LOSS} of {B} equal pairs", **NEAR)
    eye = np.eye(2)
    p = 1 / (1 + np.e**2)  # the probability of the wrong item, with logits 2 and 0
    loss, dU, dV = pair(solution.in_batch_softmax_loss(eye, eye, 0.5), f"{LOSS}(eye, eye, 0.5)", PARTS)
    close(loss, -np.log(1 - p), f"loss of {LOSS}(eye, eye, temperature=0.5)", **NEAR)
    close(dU, [[-p, p], [p, -p]], f"dU of {LOSS}(eye, eye, temperature=0.5)", **NEAR)
    close(dV, [[-p, p], [p, -p]], f"dV of {LOSS}(eye, eye, temperature=0.5)", **NEAR)


@points(2)
def test_in_batch_softmax_loss_lets_items_compete(solution):
    """in_batch_softmax_loss takes the softmax over the items, for each user

    A user of zeros likes all items alike, however long they are; an item of zeros can be chosen, too.
    In the table U V^T, does a user have a row or a column?
    """
    U, V = np.array([[2.0], [0.0]]), np.array([[1.0], [0.0]])
    p = 1 / (1 + np.e**2)
    loss, dU, dV = pair(solution.in_batch_softmax_loss(U, V, 1.0), f"{LOSS}([[2], [0]], [[1], [0]], 1)", PARTS)
    close(loss, (-np.log(1 - p) + np.log(2)) / 2, f"loss of {LOSS}([[2], [0]], [[1], [0]], 1)", **NEAR)
    close(dU, [[-p / 2], [1 / 4]], f"dU of {LOSS}([[2], [0]], [[1], [0]], 1)", **NEAR)
    close(dV, [[-p], [p]], f"dV of {LOSS}([[2], [0]], [[1], [0]], 1)", **NEAR)


@points(2)
@given(problem=pairs())
@settings(max_examples=20)
def test_in_batch_softmax_loss_has_its_derivatives(solution, problem):
    """in_batch_softmax_loss returns the derivatives of the loss by U and by V

    They are compared with finite differences of your own loss. Each logit has one factor of U and one of V; the mean
    and the temperature are factors, too.
    """
    U, V, temperature = (each.astype(float) if isinstance(each, np.ndarray) else each for each in problem)

    def loss(mine, others):
        return number(solution.in_batch_softmax_loss(mine, others, temperature)[0], f"loss of {LOSS}(U, V)")

    call = f"{LOSS}({U.tolist()}, {V.tolist()}, {temperature})"
    _, dU, dV = pair(solution.in_batch_softmax_loss(U, V, temperature), call, PARTS)
    assert_derivative(dU, lambda point: loss(point, V), U, f"dU of {call}")
    assert_derivative(dV, lambda point: loss(U, point), V, f"dV of {call}")


@points(2)
@given(problem=pairs())
@settings(max_examples=40)
def test_in_batch_softmax_loss_agrees_on_any_pairs(solution, problem):
    """in_batch_softmax_loss agrees with the definition for any embeddings and temperatures

    The counterexample is small: write its table of logits down.
    """
    assert_agrees(solution, answer, LOSS, *problem, parts=PARTS, **NEAR)


@points(1)
def test_top_candidates_by_hand(solution):
    """top_candidates gives for each user the items with the largest dot products, best first

    Not the shortest angle, and not the smallest distance. What comes out first of a sort?
    """
    items = np.array([[1.0, 0.0], [0.0, 3.0], [4.0, 4.0], [-9.0, 0.0], [2.0, -1.0]])
    users = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -2.0]])
    by_hand = [[2, 4, 0, 1, 3], [2, 1, 0, 3, 4], [3, 1, 0, 4, 2], [4, 0, 3, 1, 2]]
    for k in (1, 2, 5):
        right = [row[:k] for row in by_hand]
        close(solution.top_candidates(users, items, k), right, f"top_candidates({users.tolist()}, items, {k})")


@points(2)
def test_top_candidates_gives_ties_to_the_lower_index(solution):
    """top_candidates puts equal scores in the order of their indices, at the border of k as well

    Is your sort stable, and is it read forwards? Which of several equal items does a partition let in?
    """
    user = np.array([[1.0]])
    for scores in (np.repeat(1.0, 60), np.arange(60) % 3.0, np.arange(60) // 20 % 2.0, -(np.arange(40) % 2.0)):
        right = sorted(range(len(scores)), key=lambda i, scores=scores: (-scores[i], i))
        for k in (1, 3, 25, len(scores)):
            got = solution.top_candidates(user, scores[:, None], k)
            close(got, [right[:k]], f"top_candidates([[1]], items with scores {scores.tolist()}, {k})")


@points(1)
def test_top_candidates_takes_any_batches(solution):
    """top_candidates gives every user a row, whatever the size of a batch

    Seven users, three at a time: what about the last one? And the batch may be larger than all of them.
    """
    rng = np.random.default_rng(0)
    users, items = rng.integers(-9, 10, (7, 3)).astype(float), rng.integers(-9, 10, (12, 3)).astype(float)
    for batch_size in (1, 2, 3, 6, 7, 8, 100):
        assert_agrees(solution, answer, "top_candidates", users, items, 4, batch_size)
    assert_agrees(solution, answer, "top_candidates", users[:1], items, 4, batch_size=3)
    assert_agrees(solution, answer, "top_candidates", users, items, 4)


@points(2)
@given(problem=whole_numbers())
@settings(max_examples=40)
def test_top_candidates_agrees_on_whole_numbers(solution, problem):
    """top_candidates agrees with the definition for embeddings of small whole numbers, of which many scores are equal

    The line above has the sizes. A single item, or a user of zeros, is a user like others.
    """
    users, items, k, batch_size = problem
    call = f"top_candidates({users.tolist()}, {items.tolist() if len(items) < 9 else 'items'}, {k}, {batch_size})"
    close(solution.top_candidates(users, items, k, batch_size), answer.top_candidates(users, items, k), call)


@points(1)
def test_top_candidates_takes_any_numbers(solution):
    """top_candidates returns the best of embeddings that are no whole numbers

    Their scores are looked at, not their order within rounding.
    """
    rng = np.random.default_rng(1)
    for dtype in (np.float64, np.float32):
        users, items = rng.normal(size=(5, 8)).astype(dtype), rng.normal(size=(70, 8)).astype(dtype)
        for k in (1, 6, 70):
            got = solution.top_candidates(users, items, k, batch_size=2)
            holds_the_best(got, users, items, k, f"top_candidates(users, items, {k})")


@points(1, function=CLASS)
def test_recommend_ranks_by_similarity(solution):
    """recommend ranks the candidates of a user by the score, best first, and nothing but them if they suffice

    With weights (1, 0, 0) only user times item counts. Fewer than k may be asked for, and candidates come in any order.
    """
    model = warm_shop(solution, [4, 0, 2, 6], weights=(1.0, 0.0, 0.0))
    picks(model, [0, 2, 4, 6], 7, 4, 0.0)
    picks(model, [0, 2], 7, 2, 0.0)
    picks(model, [0], 7, 1, 0.0)
    picks(warm_shop(solution, [4, 0, 2, 6], weights=(1.0, 0.0, 0.0), taste=-TASTE), [6, 4, 2], 7, 3, 0.0)
    picks(warm_shop(solution, [4, 0, 2, 6], weights=(-1.0, 0.0, 0.0)), [6, 4, 2], 7, 3, 0.0)


@points(2, function=CLASS)
def test_recommend_weighs_three_terms(solution):
    """recommend adds up similarity, context and the logarithm of 1 + popularity, each by its weight

    The candidates are the same each time; which of them comes first depends on the weights and the context. A
    popularity of 0 has the logarithm 0.
    """
    pool = [0, 2, 3, 5]  # user: 8 6 5 3, second number: 0 0 2 3, popularity: 10 0 70 60
    east, north = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    for weights, context, right in (
        ((1.0, 0.0, 0.0), north, [0, 2, 3, 5]),
        ((0.0, 1.0, 0.0), east, [0, 2, 3, 5]),
        ((0.0, 1.0, 0.0), -east, [5, 3, 2, 0]),
        ((0.0, 0.0, 1.0), north, [3, 5, 0, 2]),
        ((0.0, 0.0, -1.0), north, [2, 0, 5, 3]),
        ((1.0, 4.0, 0.0), north, [5, 3, 0, 2]),  # 15, 13, 8, 6
        ((1.0, 0.0, 1.0), north, [0, 3, 5, 2]),  # 10.40, 9.26, 7.11, 6
        ((1.0, 0.0, 2.0), north, [3, 0, 5, 2]),  # 13.53, 12.80, 11.22, 6
        ((2.0, 1.0, 1.5), -2 * north, [0, 3, 2, 5]),  # 19.60, 12.39, 12, 6.17
    ):
        model = warm_shop(solution, pool, weights=weights)
        picks(model, right, 7, 4, 0.0, context=context, note=f"weights {weights}")


@points(1, function=CLASS)
def test_recommend_starts_cold_by_popularity(solution):
    """recommend gives a user of whom nothing is known the most popular items

    No entry is no error, and no empty page. All items are candidates then.
    """
    model = shop(solution)
    picks(model, [3, 5, 6], 7, 3, 0.0, note="nobody was refreshed")
    picks(model, [3, 5, 6, 1, 4, 0, 2], 7, 7, 0.0, note="nobody was refreshed")
    model.refresh(np.array([7]), TASTE, np.array([[2, 0]]), 0.0)
    picks(model, [3, 5], 8, 2, 0.0, note="another user was refreshed")
    picks(model, [0, 2], 7, 2, 0.0, note="after refresh of user 7")


@points(2, function=CLASS)
def test_recommend_leaves_out_seen_and_blocked(solution):
    """recommend returns nothing that was seen or is blocked, and still k items

    The rules come before the cut. Six candidates, of which two are out, still have four.
    """
    model = warm_shop(solution, [0, 1, 2, 3, 4, 5], weights=(1.0, 0.0, 0.0))
    for wrap in (tuple, list, set):
        picks(model, [1, 2, 4], 7, 3, 0.0, seen=wrap([0, 3]))
        picks(model, [0, 2, 4], 7, 3, 0.0, blocked=wrap([3, 1]))
        picks(model, [2, 4], 7, 2, 0.0, seen=wrap([0, 1]), blocked=wrap([3, 1]))
    picks(model, [0, 1, 2], 7, 3, 0.0, seen=(6,), note="seen is no candidate")
    picks(model, [0, 1, 2], 7, 3, 0.0, note="after requests with rules")


@points(2, function=CLASS)
def test_recommend_limits_categories(solution):
    """recommend takes at most max_per_category items of a category, the best of them, and still k items

    Go through the items in the order of the score. What is one too many is passed over, and the walk goes on.
    """
    rising = np.arange(7) * 10  # the other way round than this user's taste
    model = warm_shop(solution, [0, 1, 2, 3, 4, 5, 6], weights=(1.0, 0.0, 0.0), popularity=rising)
    picks(model, [0, 3, 5], 7, 3, 0.0, max_per_category=1)
    picks(model, [0, 1, 3, 4, 5], 7, 5, 0.0, max_per_category=2)
    picks(model, [0, 1, 3], 7, 3, 0.0, max_per_category=2)
    picks(model, [0, 1, 2, 3, 4, 5, 6], 7, 7, 0.0, max_per_category=3)
    picks(model, [1, 3, 6], 7, 3, 0.0, max_per_category=1, seen={0}, blocked={5})
    picks(model, [0, 1, 2, 3], 7, 4, 0.0, note="without a cap, after requests with one")
    alike = solution.Recommender(np.arange(50.0)[:, None], np.zeros(50, dtype=int), np.arange(50), (1.0, 0.0, 1.0))
    alike.refresh(np.array([7]), np.ones((1, 1)), np.arange(50)[None, :25], 0.0)
    right = [*range(24, -1, -1), *range(49, 24, -1)]
    for k in (20, 50):
        picks(alike, right[:k], 7, k, 0.0, context=np.zeros(1), note="fifty items of one category, and no cap")


@points(2, function=CLASS)
def test_recommend_fills_by_popularity(solution):
    """recommend fills the list after the pool with the most popular of the remaining items

    Two candidates, and five are asked for. Those of the pool stay in front; what follows, follows by popularity alone,
    whatever this user likes.
    """
    for weights in ((1.0, 0.5, 0.25), (1.0, 0.0, 0.0), (1.0, 0.0, -1.0)):
        model = warm_shop(solution, [2, 4], weights=weights)
        picks(model, [2, 4, 3, 5, 6], 7, 5, 0.0, note=f"weights {weights}")
        picks(model, [2, 4, 3, 5, 6, 1, 0], 7, 7, 0.0, note=f"weights {weights}")
        picks(model, [2, 4, 3], 7, 3, 0.0, context=np.array([0.0, -3.0]), note=f"weights {weights}")


@points(2, function=CLASS)
def test_recommend_fills_by_the_rules(solution):
    """recommend fills up with what the rules allow: nothing seen or blocked, nothing above the cap, nothing twice

    What the pool has taken of a category counts for the rest of the list. The list is shorter only if nothing else is
    allowed.
    """
    model = warm_shop(solution, [2, 4], weights=(1.0, 0.0, 0.0))
    picks(model, [2, 4, 5, 1], 7, 4, 0.0, seen=[3], blocked=[6])
    picks(model, [4, 3, 5, 6], 7, 4, 0.0, seen=[2])
    picks(model, [3, 5, 6], 7, 3, 0.0, seen=[2], blocked=[4], note="nothing is left of the pool")
    picks(model, [2, 4, 5], 7, 7, 0.0, max_per_category=1)
    picks(model, [2, 4, 3, 5, 6, 1], 7, 7, 0.0, max_per_category=2)
    picks(model, [2, 4, 6], 7, 7, 0.0, max_per_category=1, seen={5})
    picks(model, [], 7, 3, 0.0, seen=[0, 1, 2, 3], blocked=[3, 4, 5, 6], note="nothing is allowed at all")
    crowded = warm_shop(solution, [0, 1, 2], weights=(1.0, 0.0, 0.0))
    picks(crowded, [0, 3, 5], 7, 4, 0.0, max_per_category=1, note="the pool is of one category")
    picks(crowded, [0, 1, 3, 5, 6], 7, 5, 0.0, max_per_category=2, note="the pool is of one category")


@points(2, function=CLASS)
def test_recommend_starts_cold_by_the_rules(solution):
    """recommend keeps to the rules also where nothing is known of the user

    A page for a stranger must not show what is blocked, or what the stranger has just seen, or ten items of a kind.
    """
    model = shop(solution)
    picks(model, [6, 1], 7, 2, 0.0, seen=[3], blocked=[5])
    picks(model, [3, 5, 1], 7, 3, 0.0, max_per_category=1)
    picks(model, [3, 5, 1], 7, 7, 0.0, max_per_category=1)
    picks(model, [5, 1, 4], 7, 3, 0.0, max_per_category=1, blocked={3})
    picks(model, [2], 7, 3, 0.0, seen=(0, 1, 3), blocked=(4, 5, 6))


@points(2, function=CLASS)
def test_refresh_ends_after_ttl(solution):
    """recommend uses an entry that is as old as ttl, and none that is older

    now - then > ttl is too old. An hour is what ttl is if nothing is said. The old embedding plays no part any more.
    """
    for then in (0.0, 1_767_225_650.25):
        model = warm_shop(solution, [2, 4], now=then)
        for age, right in ((0, [2, 4]), (1, [2, 4]), (3599.5, [2, 4]), (3600, [2, 4]), (3600.25, [3, 5])):
            picks(model, right, 7, 2, then + age, note=f"{age} s after the refresh")
        model = warm_shop(solution, [2, 4], now=then, ttl=30.0)
        for age, right in ((29.5, [2, 4]), (30, [2, 4]), (30.5, [3, 5]), (3600, [3, 5])):
            picks(model, right, 7, 2, then + age, note=f"{age} s after the refresh, ttl=30")
        model.refresh(np.array([7]), TASTE, np.array([[0, 6]]), then + 3600)
        picks(model, [0, 6], 7, 2, then + 3630, note="refreshed again, ttl=30")
        picks(model, [3, 5], 7, 2, then + 3631, note="refreshed again, ttl=30")


@points(2, function=CLASS)
def test_refresh_ignores_what_is_older(solution):
    """refresh does not overwrite an entry by an older one, which it judges for each user

    Messages arrive late and out of order. Compare with the time of this user's entry: not with the last call, and not
    all users alike.
    """
    old, new = np.array([[0, 2]]), np.array([[4, 6]])
    model = warm_shop(solution, new[0], now=50.0)
    model.refresh(np.array([7]), TASTE, old, 49.5)
    picks(model, [4, 6], 7, 2, 60.0, note="refreshed at 50, then with what is of 49.5")
    model.refresh(np.array([7, 8, 9]), np.repeat(TASTE, 3, axis=0), np.repeat(old, 3, axis=0), 20.0)
    picks(model, [4, 6], 7, 2, 60.0, note="user 7 at 50, then users 7, 8 and 9 at 20")
    picks(model, [0, 2], 8, 2, 60.0, note="user 7 at 50, then users 7, 8 and 9 at 20")
    picks(model, [0, 2], 9, 2, 60.0, note="user 7 at 50, then users 7, 8 and 9 at 20")
    model.refresh(np.array([8, 7]), np.repeat(TASTE, 2, axis=0), np.repeat(new, 2, axis=0), 30.0)
    picks(model, [4, 6], 8, 2, 60.0, note="user 8 at 20, then at 30")
    model.refresh(np.array([7]), TASTE, old, 50.0)
    picks(model, [0, 2], 7, 2, 60.0, note="refreshed at 50, and again at 50, which is not older")
    model.refresh(np.array([7]), TASTE, new, 40.0)
    picks(model, [0, 2], 7, 2, 3650.0, note="refreshed at 50, then with what is of 40")
    picks(model, [3, 5], 7, 2, 3650.5, note="refreshed at 50, then with what is of 40")


@points(1, function=CLASS)
def test_refresh_replaces_the_entry(solution):
    """refresh takes the new embedding and the new candidates, of each user its own row

    Nothing of the old entry is left over, and users do not share what they have.
    """
    model = shop(solution, weights=(1.0, 0.0, 0.0))
    tastes = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    model.refresh(np.array([7, 8, 2**32 + 7]), tastes, np.array([[6, 0], [5, 0], [0, 5]]), 0.0)
    picks(model, [0, 6], 7, 2, 0.0)
    picks(model, [5, 0], 8, 2, 0.0)
    picks(model, [5, 0], 2**32 + 7, 2, 0.0)
    model.refresh(np.array([8]), TASTE, np.array([[5, 4, 6]]), 1.0)
    picks(model, [4, 5, 6], 8, 3, 1.0, note="refreshed with another embedding and three candidates")
    model.refresh(np.array([8]), -TASTE, np.array([[1]]), 2.0)
    picks(model, [1, 3], 8, 2, 2.0, note="refreshed with one candidate, where it had three")
    picks(model, [0, 6], 7, 2, 2.0, note="after other users were refreshed")


@points(2, function=CLASS)
def test_add_item_is_there_at_once(solution):
    """add_item gives the next index, and the item is recommended to strangers by its popularity

    What do you keep that is sorted by popularity, and when is it sorted?
    """
    model = shop(solution)
    picks(model, [3, 5, 6], 7, 3, 0.0)
    adds(model, 7, [1.0, 1.0], 3, 65)
    picks(model, [3, 7, 5], 7, 3, 0.0, note="after add_item with popularity 65")
    adds(model, 8, [1.0, 1.0], 0, 500)
    picks(model, [8, 3, 7], 7, 3, 0.0, note="after add_item with popularity 65, and with 500")
    adds(model, 9, [1.0, 1.0], 0, 50.5)
    picks(model, [8, 3, 7, 5, 9, 6, 1, 4, 0, 2], 7, 10, 0.0, note="after add_item with 65, 500 and 50.5")
    picks(model, [3, 7, 5], 7, 3, 0.0, blocked={8}, note="after add_item with 65, 500 and 50.5")


@points(2, function=CLASS)
def test_add_item_fills_up(solution):
    """add_item counts when a list is filled up: by popularity and by category, a new one as well

    The user has an entry that is older than the item. It is no candidate, but it may follow after them.
    """
    model = warm_shop(solution, [2, 4], weights=(1.0, 0.0, 0.0))
    adds(model, 7, [99.0, 0.0], 1000, 65)
    picks(model, [2, 4], 7, 2, 0.0, note="after add_item with popularity 65")
    picks(model, [2, 4, 3, 7], 7, 4, 0.0, note="after add_item with popularity 65")
    picks(model, [2, 4, 7, 5], 7, 5, 0.0, max_per_category=1, note="after add_item of a new category")
    adds(model, 8, [99.0, 0.0], 1, 100)
    adds(model, 9, [99.0, 0.0], 1000, 80)
    picks(model, [2, 4, 9, 5], 7, 5, 0.0, max_per_category=1, note="after add_item of 7, 8 and 9")
    picks(model, [2, 4, 8, 9, 7, 5], 7, 6, 0.0, max_per_category=2, note="after add_item of 7, 8 and 9")
    picks(model, [2, 4, 8, 3], 7, 4, 0.0, seen=[9], blocked=[7], note="after add_item of 7, 8 and 9")


@points(2, function=CLASS)
def test_add_item_can_be_a_candidate(solution):
    """add_item makes an item that the next refresh may name, with its embedding, category and popularity

    Every term of the score needs something of the new item, and the check of indices must know of it.
    """
    model = shop(solution, weights=(1.0, 1.0, 0.5))
    adds(model, 7, [6.5, 0.0], 1, 0)
    adds(model, 8, [1.0, 4.0], 9, 20_000)
    model.refresh(np.array([7]), TASTE, np.array([[8, 3, 7, 2]]), 5.0)
    # user: 1 5 6.5 6, popularity: 20000 70 0 0
    picks(model, [3, 7, 2, 8], 7, 4, 5.0, context=np.array([0.0, 0.0]))
    picks(model, [8, 3, 7, 2], 7, 4, 5.0, context=np.array([0.0, 1.0]))
    picks(model, [7, 3, 2, 8], 7, 4, 5.0, context=np.array([1.0, 0.0]))
    picks(model, [8, 3, 2, 6], 7, 4, 5.0, context=np.array([0.0, 1.0]), max_per_category=2, seen=[5, 7])
    picks(model, [3, 2, 8], 7, 3, 5.0, max_per_category=1)


@points(1, function=CLASS)
def test_recommender_keeps_to_itself(solution):
    """Recommender shares nothing with another one: no entries, no items

    Where does the dict of entries live: in the object, in the class, or in a default value?
    """
    first = warm_shop(solution, [2, 4], weights=(1.0, 0.0, 1.0))
    second = shop(solution, weights=(1.0, 0.0, 1.0))
    picks(second, [3, 5], 7, 2, 0.0, note="another recommender was refreshed")
    second.refresh(np.array([7]), TASTE, np.array([[0, 6]]), 9.0)
    picks(first, [4, 2], 7, 2, 9.0, note="another recommender was refreshed later")
    adds(first, 7, [1.0, 1.0], 0, 999)
    picks(second, [3, 5], 8, 2, 9.0, note="another recommender has a new item")
    adds(second, 7, [1.0, 1.0], 0, 5)
    picks(first, [7, 3], 8, 2, 9.0)
    third = shop(solution, weights=(0.0, 0.0, 1.0), ttl=1.0)
    picks(third, [3, 5, 6, 1, 4, 0, 2], 7, 8, 9.0, note="others were refreshed and have new items")
    picks(first, [4, 2], 7, 2, 9.0, note="a recommender with other weights and another ttl was made")


@points(3, function=CLASS)
@given(story=stories())
@settings(max_examples=40)
def test_recommender_agrees_on_any_story(solution, story):
    """Recommender agrees with the definition over stories of refreshes, new items and requests

    The line above tells the whole story: what there is, what has happened, what was asked. Follow it by hand.
    """
    follows(solution, story)


@points(1)
def test_capacity_by_hand(solution):
    """capacity counts requests per second, requests in flight, and bytes

    A day has 86,400 seconds, a second 1000 milliseconds. Arrivals per second times seconds each is how many are there.
    """
    for args, right in (
        ((86_400, 1, 1, 1000, 1, 1, 1), (1, 1, 1)),
        ((10_000_000, 20, 3, 50, 2_000_000, 128, 4), (20 * 3 * 1e7 / 86_400, 20 * 3 * 1e7 / 86_400 * 0.05, 1.024e9)),
        ((43_200, 4, 2.5, 80, 1000, 64, 2), (5, 0.4, 128_000)),
        ((1000, 0.5, 1, 100, 3, 5, 8), (500 / 86_400, 50 / 86_400, 120)),
        ((864, 1, 10, 7, 10, 10, 1), (0.1, 0.0007, 100)),
        ((10_000_000, 20, 3, 50, 3_000_000_000, 768, 4), (6944.444444444444, 347.2222222222222, 9.216e12)),
    ):
        got = solution.capacity(*args)
        for name, value in zip(NAMES, right, strict=True):
            call = f"{name} of capacity{args}"
            close(part(got, name, call), value, call, **NEAR)


@points(1)
def test_capacity_is_proportional(solution):
    """capacity doubles what depends on a number if the number doubles, and leaves the rest alone

    Which of the three answers depends on how many users there are, and which on how long an embedding is?
    """
    base = (5_000_000, 12, 4, 30, 700_000, 96, 4)
    for i, grows in enumerate(((1, 1, 0), (1, 1, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (0, 0, 1), (0, 0, 1))):
        more = tuple(value * 2 if i == j else value for j, value in enumerate(base))
        before, after = solution.capacity(*base), solution.capacity(*more)
        for name, grown in zip(NAMES, grows, strict=True):
            call = f"{name} of capacity{more}"
            close(part(after, name, call), number(part(before, name, call), call) * (2 if grown else 1), call, **NEAR)
