import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    LAYOUTS,
    assert_agrees,
    assert_refuses,
    close,
    laid_out,
    numbers,
    point_clouds,
    points,
    require,
)

from . import reference as answer
from .answers import NEAR, different_rows, draws, follows, happens
from .problems import (
    CENTERS,
    INTEGERS,
    LABELS,
    LOSES_ALL,
    PAIRS,
    POINTS,
    SCATTERED,
    SECOND_IS_FAR,
    WINS_LATER,
    bad_clouds,
    chain,
    chain_beside_a_wide_cluster,
    clear,
    crowded,
    forms,
    lone_clouds,
    two_scales,
)

REPEATED = (
    [[0.0, 0.0]] * 30 + [[1.0, 0.0]],
    [[5.0, 1.0]] + [[0.0, 0.0]] * 12 + [[1.0, 0.0]] * 12,
    [[0.1, 0.7], [1 / 3, 2 / 3], [0.1, 0.7], [0.9, 0.2], [0.1, 0.7], [1 / 3, 2 / 3]],
    [[3.0], [3.0], [3.0]],
    [[0.0], [1.0], [2.0], [3.0], [1e-3]],
    [[7e-4]] + [[0.0]] * 8,
)
"""Rows of which some occur again, and some do not."""


@points(2)
def test_kmeans_plus_plus_draws_different_rows(solution):
    """kmeans_plus_plus draws different rows wherever X has as many

    A copy of a row that was drawn is at distance 0. Is that its probability, or is only the row itself left out?
    """
    for rows in REPEATED:
        X = np.array(rows)
        most = different_rows(X)
        for k in range(2, most + 1):
            for seed in range(12):
                call = f"kmeans_plus_plus(X, {k}, {seed}) of {len(X)} rows, {most} of them different,"
                got = numbers(solution.kmeans_plus_plus(X, k, seed), call, (k, X.shape[1]))
                found = different_rows(got)
                require(found == k, f"{call} must return {k} different rows, got {found}: {got.tolist()}")


@points(2)
def test_kmeans_plus_plus_fills_up_with_copies(solution):
    """kmeans_plus_plus gives k rows also where X has fewer different ones

    When every row equals one that was drawn, all squared distances are 0: what do you divide by then?
    """
    for rows in REPEATED:
        X = np.array(rows)
        most = different_rows(X)
        for k in range(most + 1, len(X) + 1, 3):
            for seed in range(3):
                call = f"kmeans_plus_plus(X, {k}, {seed}) of {len(X)} rows, {most} of them different,"
                got = numbers(solution.kmeans_plus_plus(X, k, seed), call, (k, X.shape[1]))
                for row in got:
                    require((row == X).all(axis=1).any(), f"{call} must return rows of X, and {row.tolist()} is none")
                found = different_rows(got)
                require(found == most, f"{call} must return all {most} of them, got {found}: {got.tolist()}")


@points(1)
def test_kmeans_plus_plus_takes_few_rows(solution):
    """kmeans_plus_plus takes a single row, a single feature, and k as large as n

    If k is n, every row is drawn once. Which of your squared distances can come out below zero?
    """
    for few in (POINTS[:1], POINTS[:1, :1], POINTS, POINTS[:, :1], POINTS[:2], SCATTERED):
        X = few.astype(float)
        for seed in range(4):
            call = f"kmeans_plus_plus({X.tolist()}, {len(X)}, {seed})"
            got = numbers(solution.kmeans_plus_plus(X, len(X), seed), call, X.shape)
            close(np.unique(got, axis=0), np.unique(X, axis=0), f"the rows of {call}, sorted")


@points(1)
def test_kmeans_plus_plus_takes_input_of_any_form(solution):
    """kmeans_plus_plus takes float32 and integers, slices and read-only arrays, and leaves them as they are

    In uint8 1 - 2 is 255, and in int8 60 squared is 16. Are the distances taken in a type that can hold them?
    """
    origin_last = two_scales(40)
    for what, X in (
        ("uint8", (100 + origin_last * 16).astype("uint8")),
        ("uint8, the other way round", (100 - origin_last * 16).astype("uint8")),
        ("int8", (origin_last * 16 - 10).astype("int8")),
        ("int16", (origin_last * 1024 - 100).astype("int16")),
        ("int32, 100000 and more apart", (origin_last * 100_000).astype("int32")),
        ("float32, read-only", laid_out(origin_last.astype("float32"), "read-only")),
        ("float64, non-contiguous", laid_out(origin_last, "non-contiguous")),
    ):
        drawn = draws(solution, X, 2, 64, f"X {what}")
        start = float(X[-1, 0])
        second = drawn[(drawn[:, 0] == X[-1]).all(axis=1), 1, 0]
        happens(second != start, SECOND_IS_FAR, f"kmeans_plus_plus(X, 2, seed), X {what}: the far row comes second")
    for dtype in ("float64", "float32", "int32", "uint16"):
        for layout in LAYOUTS:
            X = laid_out(POINTS.astype(dtype), layout)
            call = f"kmeans_plus_plus(X, 4, 3), X {dtype}, {layout}"
            for row in numbers(solution.kmeans_plus_plus(X, 4, 3), call, (4, 2)):
                require((row == POINTS).all(axis=1).any(), f"{call} must return rows of X, and {row.tolist()} is none")


@points(1)
def test_kmeans_plus_plus_knows_no_unit(solution):
    """kmeans_plus_plus draws by the same probabilities however small the distances are

    Shares do not change with the unit of the data, and a square of 1e-10 is 1e-20. Is anything added to the squared
    distances, or are small ones taken for 0?
    """
    origin_last = two_scales(40)
    for within, unit in ((1e-6, 2.0**-22), (1e-10, 2.0**-36)):
        what = f"50 rows within {within:g} of the origin"
        reach = np.square(draws(solution, origin_last * unit, 2, 80, what) / unit).sum(axis=2)
        second = reach[reach[:, 0] == 0, 1]
        happens(second == 27, SECOND_IS_FAR, f"kmeans_plus_plus(X, 2, seed) of {what}: the far row comes second")


@points(1)
def test_kmeans_plus_plus_refuses_bad_input(solution):
    """kmeans_plus_plus raises ValueError for k below 1 and above n, and for nan in X

    The line above says what was wrong with the input. n rows can be drawn, and n + 1 cannot.
    """
    X = POINTS.astype(float)
    bad = [(f"k = {k} for 6 rows", X, k, 0) for k in (0, -1, 7, 100)]
    bad += [("k = 2 for 1 row", X[:1], 2, 0), ("k = 7 for 6 rows", X.astype(int), 7, 1)]
    clouds = {what: cloud for what, cloud, _ in bad_clouds() if what.startswith("X of nan")}
    bad += [(what, cloud, k, 0) for k in (1, 3) for what, cloud in clouds.items()]
    assert_refuses(solution.kmeans_plus_plus, (X, 6, 0), bad)
    solution.kmeans_plus_plus(X, 1, 0)


@points(2)
def test_assign_gives_ties_to_the_lower_index(solution):
    """assign gives a point at equal distance to the centre with the lower index

    Also where the later one looks nearer, lies on the other side or is the very same; and where two of three are equal.
    """
    for point, centers, expected in (
        ([0.0, 0.0], [[5.0, 0.0], [3.0, 4.0]], 0),
        ([0.0, 0.0], [[3.0, 4.0], [5.0, 0.0], [-5.0, 0.0]], 0),
        ([2.0, 0.0], [[4.0, 0.0], [0.0, 0.0]], 0),
        ([2.0, 0.0], [[0.0, 0.0], [4.0, 0.0]], 0),
        ([2.0, 0.0], [[9.0, 9.0], [4.0, 0.0], [0.0, 0.0], [2.0, 2.0]], 1),
        ([1.0, 1.0], [[7.0, 0.0], [1.0, 1.0], [1.0, 1.0]], 1),
        ([1.0, 1.0], [[3.0, 2.0], [3.0, 2.0], [3.0, 2.0]], 0),
        ([100.0, 7.0], [[112.0, 2.0], [87.0, 7.0], [95.0, 19.0]], 0),
    ):
        for dtype in (float, "float32", int):
            X, candidates = np.array([point], dtype=dtype), np.array(centers, dtype=dtype)
            close(solution.assign(X, candidates), [expected], f"assign({[point]}, {centers}), {X.dtype}")
    # The corners of a board as centres, in no order, and as points the middles of its edges and squares.
    board = np.array(list(np.ndindex(8, 8)), dtype=float)
    centers = board[np.random.default_rng(0).permutation(64)]
    X = np.vstack([board + np.array(step) for step in ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))])
    assert_agrees(solution, answer, "assign", X, centers, note="points between two or four of 64 centres")


@points(1)
@given(cloud=point_clouds())
@settings(max_examples=40)
def test_assign_takes_any_points(solution, cloud):
    """assign is right for duplicates, ties, points far away and arrays of any form

    The counterexample says what is special about the points and the centres.
    """
    assert_agrees(solution, answer, "assign", *cloud.arguments, note=cloud.edge)


@points(1)
def test_assign_takes_input_of_any_form(solution):
    """assign takes float32 and integers of any type, few points or many centres, and leaves them as they are

    The line above says which form it was. In uint8 10 - 80 is 186, and 80 squared is 0: before you subtract, turn the
    coordinates into something that can hold the result. Fractions of centres must survive that.
    """
    for note, X, centers in (*forms(), *lone_clouds(), *crowded()):
        assert_agrees(solution, answer, "assign", X, centers, note=note)
    X, centers = np.array([[3], [4], [250]], dtype=np.uint8), np.array([[4.75], [3.75], [249.5], [250.25]])
    assert_agrees(solution, answer, "assign", X, centers[[0, 1]], note="X uint8, centers with fractions")
    assert_agrees(solution, answer, "assign", X, centers, note="X uint8, centers with fractions")
    assert_agrees(solution, answer, "assign", centers, X, note="X with fractions, centers uint8")
    assert_agrees(solution, answer, "assign", POINTS + 1e6, CENTERS + 1e6, note="a million away from the origin")


@points(1)
def test_assign_refuses_bad_input(solution):
    """assign raises ValueError where points and centres have different numbers of features, and for nan

    The line above says what was wrong with the input. One feature broadcasts over two; nan is the smallest number to
    some functions and the largest to others.
    """
    assert_refuses(solution.assign, (POINTS.astype(float), CENTERS.astype(float)), bad_clouds())


@points(2)
def test_update_gives_fractions_for_integers(solution):
    """update gives fractions where points, centres or both are integers

    The mean of 0 and 1 is one half. What is the dtype of the array into which you write the means?
    """
    X, labels = PAIRS, np.array([0, 0, 1, 1])
    for points_dtype in ("float64", "int64", "uint8", "int32", "float32"):
        for centers_dtype in ("int64", "uint8", "float64"):
            centers = np.array([[3, 3], [4, 4], [5, 5]], dtype=centers_dtype)
            assert_agrees(
                solution,
                answer,
                "update",
                X.astype(points_dtype),
                labels,
                centers,
                note=f"X {points_dtype}, centers {centers_dtype}",
                **NEAR,
            )
    assert_agrees(solution, answer, "update", X.astype(int), labels, np.full((3, 2), 0.25), note="X int64", **NEAR)


@points(1)
@given(cloud=point_clouds(), places=st.binary(min_size=8, max_size=8))
@settings(max_examples=40)
def test_update_takes_any_points(solution, cloud, places):
    """update is right for duplicates, clusters of one or none, points far away and arrays of any form

    The counterexample says what is special about the points and the centres.
    """
    labels = np.frombuffer(places, dtype=np.uint8)[: len(cloud.X)].astype(int) % cloud.k
    assert_agrees(solution, answer, "update", cloud.X, labels, cloud.centers, note=cloud.edge, **NEAR)


@points(1)
def test_update_takes_input_of_any_form(solution):
    """update takes points and labels of any type, few points or many, and leaves them as they are

    The line above says which form it was. Sums and counts need more room than coordinates and labels: 600 points of 200
    are too many for a byte.
    """
    for note, X, centers in (*forms(), *lone_clouds(), *crowded()):
        assert_agrees(solution, answer, "update", X, answer.assign(X, centers), centers, note=note, **NEAR)
    for dtype in INTEGERS:
        for layout in LAYOUTS:
            labels = laid_out(LABELS.astype(dtype), layout)
            note = f"labels {dtype}, {layout}"
            assert_agrees(solution, answer, "update", POINTS.astype(float), labels, CENTERS + 0.5, note=note, **NEAR)
        X, labels = np.tile(POINTS, (100, 1)), np.tile(LABELS, 100)
        centers = CENTERS + 0.5
        note = f"600 points, X and labels {dtype}"
        assert_agrees(solution, answer, "update", X.astype(dtype), labels.astype(dtype), centers, note=note, **NEAR)
        # As many centres as an int8 can name, and features enough to take the product of the two out of it.
        many, labels = np.tile(POINTS, (20, 3)).astype(float), np.arange(120).astype(dtype)
        start = np.zeros((127, 6))
        assert_agrees(solution, answer, "update", many, labels, start, note=f"127 centres, labels {dtype}", **NEAR)


@points(1)
def test_update_refuses_bad_input(solution):
    """update raises ValueError where points and centres have different numbers of features, and for nan

    The line above says what was wrong with the input. A mean of points that have too few features broadcasts into the
    row of a centre; nan in a centre is wrong also if the centre has points.
    """
    good = POINTS.astype(float), LABELS, CENTERS.astype(float)
    bad = ((what, X, np.resize(LABELS, len(X)), centers) for what, X, centers in bad_clouds())
    assert_refuses(solution.update, good, bad)


@points(2)
def test_kmeans_keeps_empty_clusters(solution):
    """kmeans leaves a centre that has no points where it is, and it may win points later

    No nan, no zeros, no new place, no row less. Where it is, is where it was last, and not where it began.
    """
    for note, (X, centers) in (
        ("an empty cluster that wins points later", WINS_LATER),
        ("a cluster that loses its points on the way", LOSES_ALL),
        ("a centre that nobody is near to", (POINTS[:4] * 1.0, np.array([[0.0, 0.0], [500.0, 700.0], [95.0, 10.0]]))),
        ("three equal centres", (POINTS * 1.0, CENTERS[[2, 2, 2]] * 1.0)),
        ("all points the same", (POINTS[[0, 0, 0]] * 1.0, CENTERS * 1.0)),
    ):
        for n_iter in (1, 2, 3, 10):
            follows(solution, X, centers, n_iter, note=note)


@points(1)
@given(cloud=point_clouds(), n_iter=st.integers(1, 5))
@settings(max_examples=40)
def test_kmeans_takes_any_points(solution, cloud, n_iter):
    """kmeans is right for duplicates, empty clusters, points far away and arrays of any form

    The counterexample says what is special about the points and the centres.
    """
    assume(clear(*cloud.arguments, n_iter))
    follows(solution, *cloud.arguments, n_iter, note=cloud.edge)


@points(1)
def test_kmeans_takes_input_of_any_form(solution):
    """kmeans takes float32 and integers of any type, one point, feature or centre, and leaves them as they are

    The line above says which form it was. Centres that come as integers move to places between them.
    """
    for note, X, centers in (*forms(), *lone_clouds()):
        follows(solution, X, centers, note=note)
    for dtype in ("int64", "uint8", "int32", "float32"):
        for n_iter in (1, 2, 10):
            X, centers = PAIRS.astype(dtype), PAIRS[:2].astype(dtype)
            follows(solution, X, centers, n_iter, note=f"X and centers {dtype}")
            follows(solution, PAIRS, centers, n_iter, note=f"X float64, centers {dtype}")
    X, centers = (array.astype("int32") for array in chain(30, 3))
    follows(solution, X, centers, note="X and centers int32")
    X, centers = np.array([[3], [4], [250], [251]], dtype=np.uint8), np.array([[4.75], [3.75], [249.5], [120.25]])
    follows(solution, X, centers, note="X uint8, centers with fractions")
    follows(solution, centers, X, note="X with fractions, centers uint8")


@points(2)
def test_kmeans_knows_no_tolerance(solution):
    """kmeans goes on while labels change, however little the centres or the inertia do

    What is little depends on the unit of the data, and a wide cluster elsewhere must not decide. Only labels can say
    that nothing changes any more.
    """
    X, centers = chain(60, 5)
    unit = 2.0**-50
    exact = {"rtol": 1e-6, "atol": 0.0}
    for n_iter in (3, 6, 10, 100):
        follows(solution, X * unit, centers * unit, n_iter, note="coordinates of 1e-10 and less", **exact)
        wide = chain_beside_a_wide_cluster()
        follows(solution, *wide, n_iter, note="a chain, and two points far away that have a centre of their own")
        follows(solution, X / 1000 + 1e5, centers / 1000 + 1e5, n_iter, note="points 1 apart and 1e5 from the origin")


@points(1)
def test_kmeans_remembers_nothing(solution):
    """kmeans begins with the centres that it is given, whatever was asked before

    Another cloud of the same shape, or other centres for the same cloud, are another question.
    """
    X, centers = chain(30, 3)
    follows(solution, X, centers)
    follows(solution, X[::-1].copy(), centers, note="after a call with the points in another order")
    follows(solution, X, X[-3:].copy(), note="after a call with other centres")
    follows(solution, X * 2, X[-3:].copy(), 1, note="after a call with other points")
    follows(solution, X, centers, 1, note="after a call with more updates")
    follows(solution, X, centers, 4, note="after a call with one update")


@points(1)
def test_kmeans_refuses_bad_input(solution):
    """kmeans raises ValueError for more centres than points, for different numbers of features, and for nan

    The line above says what was wrong with the input. As many centres as points are fine.
    """
    good = POINTS.astype(float), POINTS.astype(float) + 1
    many = ((f"{len(centers)} centres for {len(X)} points", X, centers) for _, X, centers in crowded())
    assert_refuses(solution.kmeans, good, (*many, *bad_clouds()))
