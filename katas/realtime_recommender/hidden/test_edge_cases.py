import numpy as np

from pytest_mlkata.checks import (
    LAYOUTS,
    assert_agrees,
    assert_refuses,
    close,
    every_array_dress,
    laid_out,
    pair,
    points,
    with_bad,
)

from . import reference as answer
from .answers import NEAR, PARTS, adds, method_of, picks
from .problems import CATEGORIES, NOW, POPULARITY, TASTE, VECS, WEIGHTS, shop, warm_shop

LOSS = "in_batch_softmax_loss"
CLASS = "Recommender"


@points(2)
def test_in_batch_softmax_loss_is_stable(solution):
    """in_batch_softmax_loss is right for logits of 10,000, and never nan or infinite

    exp(800) overflows, and the logarithm of exp(-800) is not there any more. What may be taken off a row of logits
    without changing the loss, and in which form does the logarithm never see a 0?
    """
    for scale in (1.0, 30.0, 1000.0, 10_000.0):
        for name, U, V in (
            ("the right items win", [[scale], [-scale]], [[1.0], [-1.0]]),
            ("the right items lose", [[scale], [-scale]], [[-1.0], [1.0]]),
            ("all logits are high", [[scale], [scale]], [[1.0], [1.0]]),
            ("all logits are low", [[-scale], [-scale], [-scale]], [[1.0], [1.0], [1.0]]),
            ("one user of two", [[scale], [0.0]], [[-1.0], [1.0]]),
            ("one row is high and one low", [[scale], [-scale]], [[1.0], [0.999]]),
        ):
            note = f"logits of {scale:g}, {name}"
            assert_agrees(solution, answer, LOSS, np.array(U), np.array(V), 1.0, parts=PARTS, note=note, **NEAR)
    rng = np.random.default_rng(0)
    U, V = rng.normal(size=(2, 6, 4))
    assert_agrees(solution, answer, LOSS, U * 20, V * 20, parts=PARTS, note="logits of some 10,000", **NEAR)


@points(1)
def test_in_batch_softmax_loss_has_a_default_temperature(solution):
    """in_batch_softmax_loss has a temperature of 0.05 unless another is given

    The lower it is, the sharper. Is it multiplied or divided by?
    """
    U, V = np.random.default_rng(2).normal(size=(2, 4, 3)) / 3
    assert_agrees(solution, answer, LOSS, U, V, parts=PARTS, **NEAR)
    for temperature in (0.05, 0.2, 1, 7.0):
        assert_agrees(solution, answer, LOSS, U, V, temperature, parts=PARTS, **NEAR)


@points(1)
def test_in_batch_softmax_loss_takes_input_of_any_form(solution):
    """in_batch_softmax_loss takes float32, arrays of any layout and a single pair, and leaves them as they are

    The line above says which form it was. A single pair has no negatives, so it costs nothing.
    """
    U, V = np.random.default_rng(3).integers(-4, 5, (2, 5, 3)) / 8
    for (how, mine), (_, other) in zip(every_array_dress(U), every_array_dress(V), strict=True):
        assert_agrees(solution, answer, LOSS, mine, other, 0.5, parts=PARTS, note=f"U and V {how}", **NEAR)
        loss, dU, dV = pair(solution.in_batch_softmax_loss(mine[:1], other[:1], 0.5), f"{LOSS} of one pair", PARTS)
        close(loss, 0.0, f"loss of {LOSS} of one pair, {how}", **NEAR)
        close(dU, np.zeros((1, 3)), f"dU of {LOSS} of one pair, {how}", **NEAR)
        close(dV, np.zeros((1, 3)), f"dV of {LOSS} of one pair, {how}", **NEAR)
    assert_agrees(solution, answer, LOSS, U.astype(np.float32), V, 0.5, parts=PARTS, note="U float32, V float64")


@points(1)
def test_in_batch_softmax_loss_refuses_bad_input(solution):
    """in_batch_softmax_loss raises ValueError for shapes that differ, a temperature that is not positive, and nan

    The line above says what was wrong. A row or a column too few broadcasts silently at times.
    """
    U, V = np.random.default_rng(4).normal(size=(2, 3, 2))
    bad = [
        ("temperature 0", U, V, 0.0),
        ("a negative temperature", U, V, -0.5),
        ("3 users and 2 items", U, V[:2], 1.0),
        ("2 users and 3 items", U[:2], V, 1.0),
        ("3 users and 1 item", U, V[:1], 1.0),
        ("1 user and 3 items", U[:1], V, 1.0),
        ("embeddings of 2 and of 1", U, V[:, :1], 1.0),
        ("embeddings of 1 and of 2", U[:, :1], V, 1.0),
    ]
    bad += [(f"{what} of U", broken, V, 1.0) for what, broken in with_bad(U, np.nan)]
    bad += [(f"{what} of V", U, broken, 1.0) for what, broken in with_bad(V, np.nan)]
    assert_refuses(solution.in_batch_softmax_loss, (U, V, 1.0), bad)


@points(1)
def test_top_candidates_takes_input_of_any_form(solution):
    """top_candidates takes float32, arrays of any layout, one user, one item, and leaves them as they are

    The line above says which form it was.
    """
    rng = np.random.default_rng(5)
    users, items = rng.integers(-5, 6, (4, 3)).astype(float), rng.integers(-5, 6, (9, 3)).astype(float)
    for (how, mine), (_, other) in zip(every_array_dress(users), every_array_dress(items), strict=True):
        for k in (1, 4, 9):
            assert_agrees(solution, answer, "top_candidates", mine, other, k, 3, note=how)
        assert_agrees(solution, answer, "top_candidates", mine[:1], other[:1], 1, note=f"one user and one item, {how}")
        assert_agrees(solution, answer, "top_candidates", mine[:, :1], other[:, :1], 3, note=f"d = 1, {how}")
    assert_agrees(solution, answer, "top_candidates", users.astype(np.float32), items, 4, note="users alone float32")


@points(1)
def test_top_candidates_keeps_all_digits(solution):
    """top_candidates tells scores apart that differ in the ninth digit, of either sign and any size

    Everything is float64. What is left of 1,000,000,001 in float32?
    """
    user = np.array([[1.0]])
    for items, right in (
        (1e9 + np.array([0.0, 3.0, 1.0, 4.0, 2.0]), [3, 1, 4]),
        (-1e9 - np.array([0.0, 3.0, 1.0, 4.0, 2.0]), [0, 2, 4]),
        (np.array([1e-12, 3e-12, -1e-12, 0.0, 2e-12]), [1, 4, 0]),
        (np.array([-5.0, -1.0, -3.0, -2.0, -4.0]), [1, 3, 2]),
        (np.array([1e150, 2e150, -1e150, 0.0, -2e150]), [1, 0, 3]),
    ):
        close(solution.top_candidates(user, items[:, None], 3), [right], f"top_candidates([[1]], {items.tolist()}, 3)")


@points(1)
def test_top_candidates_refuses_bad_input(solution):
    """top_candidates raises ValueError for k < 1, embeddings of different lengths, and nan

    The line above says what was wrong. k as large as the catalogue is fine.
    """
    rng = np.random.default_rng(6)
    users, items = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
    solution.top_candidates(users, items, 4)
    bad = [
        ("k = 0", users, items, 0),
        ("k = -1", users, items, -1),
        ("users of 1 number and items of 2", users[:, :1], items, 2),
        ("users of 2 numbers and items of 1", users, items[:, :1], 2),
    ]
    bad += [(f"{what} of user_vecs", broken, items, 2) for what, broken in with_bad(users, np.nan)]
    bad += [(f"{what} of item_vecs", users, broken, 2) for what, broken in with_bad(items, np.nan)]
    assert_refuses(solution.top_candidates, (users, items, 2), bad)


@points(2, function=CLASS)
def test_recommend_gives_ties_to_the_lower_index(solution):
    """recommend puts equal scores in the order of their indices: in the pool, in a cold start, and in what fills up

    Candidates come in any order, and that is not what decides. Nor is the category.
    """
    vecs = np.repeat([[2.0, 1.0], [3.0, 0.0], [1.0, 1.0]], 4, axis=0)  # 0-3, 4-7, 8-11
    popularity = np.repeat([20, 0, 50], 4)
    shelves = {"vecs": vecs, "categories": np.array([3, 0, 2, 1] * 3), "popularity": popularity}
    best = [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]
    by_taste = {**shelves, "weights": (1.0, 0.0, 0.0)}
    for pool, right in (
        ([3, 1, 2, 0], [0, 1, 2, 3]),
        ([11, 7, 3, 6, 2, 10], [6, 7, 2, 3, 10, 11]),
        ([5, 9, 8, 4, 7], [4, 5, 7, 8, 9]),
    ):
        for k in range(1, len(right) + 1):
            picks(warm_shop(solution, pool, **by_taste), right[:k], 7, k, 0.0, note=f"candidates {pool}")
        rest = [item for item in best if item not in pool]
        picks(warm_shop(solution, pool, **by_taste), right + rest, 7, 12, 0.0, note=f"candidates {pool}")
    kinds = np.arange(60) % 3
    many = solution.Recommender(kinds[:, None] * 1.0, np.arange(60), kinds * 10, (1.0, 0.0, 1.0))
    right = sorted(range(60), key=lambda item: (-(item % 3), item))
    for k in (15, 60):
        picks(many, right[:k], 8, k, 0.0, context=np.zeros(1), note="cold start with 60 items of three kinds")
    many.refresh(np.array([7]), np.ones((1, 1)), np.random.default_rng(0).permutation(60)[None], 0.0)
    for k in (15, 60):
        picks(many, right[:k], 7, k, 0.0, context=np.zeros(1), note="all 60 items are candidates, in any order")
    model = shop(solution, **shelves)
    for k in (1, 2, 6, 12):
        picks(model, best[:k], 8, k, 0.0, note="cold start")
    adds(model, 12, [3.0, 0.0], 0, 0)
    picks(model, [*best, 12], 8, 13, 0.0, note="cold start, after add_item of one like 4 to 7")
    picks(model, [8, 0, 4], 8, 13, 0.0, blocked=[9, 10, 11, 1, 2, 3, 5, 6, 7, 12], note="cold start")
    model.refresh(np.array([8]), TASTE, np.array([[12, 5, 3]]), 1.0)
    picks(model, [5, 12, 3], 8, 3, 1.0, note="candidates 12, 5, 3")


@points(1, function=CLASS)
def test_recommender_of_one_item(solution):
    """Recommender works with one item, one candidate and embeddings of one number, and grows from there

    k may be larger than the catalogue: then everything that is allowed comes, and nothing is made up.
    """
    vecs, context = np.array([[2.0]]), np.zeros(1)
    model = solution.Recommender(vecs, np.array([4]), np.array([0]), WEIGHTS)
    picks(model, [0], 7, 1, 0.0, context=context)
    picks(model, [0], 7, 9, 0.0, context=context)
    picks(model, [], 7, 9, 0.0, context=context, seen={0})
    model.refresh(np.array([7]), np.array([[1.0]]), np.array([[0]]), 0.0)
    picks(model, [0], 7, 9, 0.0, context=context)
    picks(model, [0], 7, 9, 0.0, context=context, max_per_category=1)
    picks(model, [], 7, 1, 0.0, context=context, blocked=[0])
    adds(model, 1, [1.0], 4, 3)
    picks(model, [0, 1], 7, 9, 0.0, context=context)
    picks(model, [0], 7, 9, 0.0, context=context, max_per_category=1)
    picks(model, [1], 7, 9, 0.0, context=context, seen=(0,))
    picks(model, [1, 0], 8, 9, 0.0, context=context)


@points(1, function=CLASS)
def test_recommender_takes_input_of_any_form(solution):
    """Recommender takes float32, integers and arrays of any layout, and leaves them as they are

    The line above says which form it was. A popularity of whole numbers does not make that of a new item whole.
    """
    for layout in LAYOUTS:
        for floats, integers in (("float64", "int64"), ("float32", "int32")):
            for of_popularity in ("int64", "float64", "float32"):
                note = f"{floats}, {integers}, popularity {of_popularity}, {layout}"
                model = shop(
                    solution,
                    vecs=laid_out(VECS.astype(floats), layout),
                    categories=laid_out(CATEGORIES.astype(integers), layout),
                    popularity=laid_out(POPULARITY.astype(of_popularity), layout),
                )
                pools = laid_out(np.array([[6, 1, 2], [4, 2, 5]]).astype(integers), layout)
                tastes = laid_out(np.array([[1.0, 0.0], [0.0, 1.0]]).astype(floats), layout)
                users = laid_out(np.array([2_000_000_007, 8]).astype(integers), layout)
                picks(model, [3, 5], 8, 2, NOW, note=note)
                model.refresh(users, tastes, pools, NOW)
                context = laid_out(np.array([0.0, 1.0]).astype(floats), layout)
                picks(model, [1, 2, 6], 2_000_000_007, 3, NOW, context=context, note=note)
                picks(model, [5, 4, 2, 3], 8, 4, NOW + 3600, context=context, note=note)
                adds(model, 7, [0.5, 0.25], 4, 60.5, note=note)
                picks(model, [3, 7], 8, 2, NOW + 3601, note=note)


@points(1, function=CLASS)
def test_recommender_keeps_all_digits(solution):
    """Recommender tells apart what differs late: times in seconds, ids, scores, items that sold 5,000,000,000 times

    Everything is float64, also what you keep. Ids are no measurements: nothing is rounded of them.
    """
    popularity = 5_000_000_000 + np.array([3, 1, 2, 0, 5, 4, 6])
    model = shop(solution, popularity=popularity)
    picks(model, [6, 4, 5, 0, 2, 1, 3], 7, 7, 0.0, note=f"popularity {popularity.tolist()}")
    model.refresh(np.array([7]), TASTE, np.array([[1, 0]]), NOW)
    picks(model, [0, 1, 6, 4, 5, 2, 3], 7, 7, NOW, note=f"popularity {popularity.tolist()}")
    model.refresh(np.array([7]), TASTE, np.array([[5, 4]]), NOW - 20)
    picks(model, [0, 1], 7, 2, NOW, note=f"refreshed at {NOW}, then with what is of 20 s earlier")
    picks(model, [6, 4], 7, 2, NOW + 3610, note=f"refreshed at {NOW}")
    vecs = np.array([[1e9], [1e9 + 2], [1e9 + 1], [5.0]])
    model = solution.Recommender(vecs, np.arange(4), np.zeros(4), (1.0, 0.0, 0.0))
    model.refresh(np.array([7]), np.array([[1.0]]), np.array([[0, 1, 2]]), NOW)
    picks(model, [1, 2, 0], 7, 3, NOW, context=np.zeros(1), note="scores 1e9, 1e9 + 2, 1e9 + 1")
    for last in (2**53 + 1, 2**63 - 1):
        model = shop(solution)
        model.refresh(np.array([last, last - 2]), np.repeat(TASTE, 2, axis=0), np.array([[4, 6], [0, 2]]), NOW)
        note = f"users {last} and {last - 2} were refreshed at once"
        picks(model, [4, 6], last, 2, NOW, note=note)
        picks(model, [0, 2], last - 2, 2, NOW, note=note)
        picks(model, [3, 5], last - 1, 2, NOW, note=f"{note}, and nobody else")


@points(1, function=CLASS)
def test_recommender_refuses_bad_catalogues(solution):
    """Recommender raises ValueError where items lack a category or a popularity, and for nan

    The line above says what was wrong. Do not wait for the first request to find out.
    """
    bad = [
        ("7 items and 6 categories", VECS, CATEGORIES[:6], POPULARITY, WEIGHTS),
        ("7 items and 6 popularities", VECS, CATEGORIES, POPULARITY[:6], WEIGHTS),
        ("6 items and 7 of the others", VECS[:6], CATEGORIES, POPULARITY, WEIGHTS),
        ("7 items and 1 category", VECS, CATEGORIES[:1], POPULARITY, WEIGHTS),
        ("7 items and 1 popularity", VECS, CATEGORIES, POPULARITY[:1], WEIGHTS),
    ]
    bad += [
        (f"{what} of item_vecs", broken, CATEGORIES, POPULARITY, WEIGHTS) for what, broken in with_bad(VECS, np.nan)
    ]
    assert_refuses(solution.Recommender, (VECS, CATEGORIES, POPULARITY, WEIGHTS), bad)


@points(2, function=CLASS)
def test_refresh_refuses_bad_input(solution):
    """refresh raises ValueError for shapes that do not fit, candidates that are no items, and nan

    The line above says what was wrong. Index -1 is the last row to NumPy, and no item. New items count as items.
    """
    model = shop(solution)
    adds(model, 7, [1.0, 1.0], 0, 5)
    users, tastes, pools = np.array([7, 8]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0, 1, 7], [2, 7, 6]])
    bad = [
        ("2 users and 1 vector", users, tastes[:1], pools, 0.0),
        ("2 users and 1 row of candidates", users, tastes, pools[:1], 0.0),
        ("1 user and 2 rows of the others", users[:1], tastes, pools, 0.0),
        ("2 users and 3 vectors", users, np.ones((3, 2)), pools, 0.0),
        ("2 users and 3 rows of candidates", users, tastes, np.ones((3, 2), dtype=int), 0.0),
        ("vectors of 1 number", users, tastes[:, :1], pools, 0.0),
        ("vectors of 3 numbers", users, np.ones((2, 3)), pools, 0.0),
    ]
    for wrong in (-1, -8, 8, 1000):
        for place in ((0, 0), (1, 2)):
            broken = pools.copy()
            broken[place] = wrong
            bad.append((f"candidate {wrong} of 8 items", users, tastes, broken, 0.0))
    bad += [(f"{what} of user_vecs", users, broken, pools, 0.0) for what, broken in with_bad(tastes, np.nan)]
    assert_refuses(method_of(model, "refresh"), (users, tastes, pools, 0.0), bad)


@points(2, function=CLASS)
def test_recommend_refuses_bad_input(solution):
    """recommend raises ValueError for k < 1 and for a context that has another length or nan, whoever asks

    The line above says what was wrong. A cold start does not need the context, and its request is bad all the same.
    """
    model = warm_shop(solution, [2, 4, 0])
    context = np.array([0.0, 1.0])
    for user, who in ((7, "a known user"), (8, "a stranger")):
        bad = [
            (f"k = 0, {who}", user, context, 0, 0.0),
            (f"k = -1, {who}", user, context, -1, 0.0),
            (f"a context of 1 number, {who}", user, context[:1], 2, 0.0),
            (f"a context of 3 numbers, {who}", user, np.zeros(3), 2, 0.0),
        ]
        bad += [(f"{what} of the context, {who}", user, broken, 2, 0.0) for what, broken in with_bad(context, np.nan)]
        assert_refuses(method_of(model, "recommend"), (user, np.zeros(2), 2, 0.0), bad)


@points(1, function=CLASS)
def test_add_item_refuses_bad_input(solution):
    """add_item raises ValueError for an embedding of another length than the others, or with nan

    The line above says what was wrong. One number broadcasts over a row.
    """
    model = shop(solution)
    bad = [
        ("1 number, where items have 2", np.ones(1), 0, 5),
        ("3 numbers, where items have 2", np.ones(3), 0, 5),
    ]
    bad += [(what, broken, 0, 5) for what, broken in with_bad(np.ones(2), np.nan)]
    assert_refuses(method_of(model, "add_item"), (np.ones(2), 0, 5), bad)
