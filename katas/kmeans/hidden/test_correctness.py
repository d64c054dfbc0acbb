import itertools

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_follows_order,
    assert_unchanged_by_order,
    close,
    number,
    numbers,
    pair,
    point_clouds,
    points,
    require,
)

from . import reference as answer
from .answers import NEAR, RESULT, different_rows, draws, follows, happens
from .problems import SECOND_IS_FAR, SIZES_STAY, THIRD_IS_FAR, TIES_LATER, chain, clear, groups, paths, two_scales


@points(1)
def test_kmeans_plus_plus_gives_rows_of_the_data(solution):
    """kmeans_plus_plus gives k rows of X, exactly as they are

    Not their indices, nothing rounded, and as many as were asked for: also one, and also all.
    """
    X = np.array([[0.1, 0.7], [1 / 3, -2.3], [5.9, 1e-9], [-8.1, 4.4], [0.1, 1234.5678]])
    for k in (1, 2, 3, 5):
        for seed in (0, 1, 2, 20_000):
            call = f"kmeans_plus_plus({X.tolist()}, {k}, {seed})"
            for row in numbers(solution.kmeans_plus_plus(X, k, seed), call, (k, 2)):
                require((row == X).all(axis=1).any(), f"{call} must return rows of X, and {row.tolist()} is none")


@points(2)
def test_kmeans_plus_plus_draws_the_first_uniformly(solution):
    """kmeans_plus_plus draws the first centre uniformly from the rows, and by the seed

    A row that occurs five times is drawn five times as often; the first and the last row are drawn, too. The counts are
    over many seeds: does every seed lead to a stream of its own?
    """
    X = np.array([[7.0], [2.0], [2.0], [0.0], [2.0], [2.0], [2.0], [100.0]])
    first = draws(solution, X, 1, 240, f"X = {X.ravel().tolist()} as a column")[:, 0, 0]
    for value in (2.0, 7.0, 0.0, 100.0):
        happens(
            first == value,
            np.mean(X.ravel() == value),
            f"over seeds 0 to 239 the first centre of {X.ravel().tolist()} is {value:g}",
        )


@points(1)
def test_kmeans_plus_plus_answers_in_drawing_order(solution):
    """kmeans_plus_plus gives the rows in the order in which they were drawn

    The first centre is uniform also where all rows are drawn in the end. Is something sorted or shuffled on the way?
    """
    X = np.array([[1.0], [100.0], [0.0]])
    drawn = draws(solution, X, 3, 200, "[[1], [100], [0]]")[:, :, 0]
    for value in (1.0, 100.0, 0.0):
        happens(drawn[:, 0] == value, 1 / 3, f"over seeds 0 to 199 the first of three rows 1, 100, 0 is {value:g}")
    second_is_far = (99**2 / (99**2 + 1) + 100**2 / (100**2 + 1)) / 3
    happens(drawn[:, 1] == 100.0, second_is_far, "over seeds 0 to 199 the second of three rows 1, 100, 0 is 100")


@points(2)
def test_kmeans_plus_plus_draws_by_squared_distance(solution):
    """kmeans_plus_plus draws each next centre with probability proportional to the squared distance

    Not the distance, not the farthest row, and not the best of several draws. Each row has its own share, so three
    copies of a row have three.
    """
    drawn = draws(
        solution, two_scales(), 3, 400, "[3, 3, 3, 0, 0, 0], nine rows 1 away from the origin, and 190 origins"
    )
    reach = np.square(drawn).sum(axis=2)  # 27, 1 and 0
    call = "kmeans_plus_plus of the far row [3, 3, 3, 0, 0, 0], nine rows 1 away from the origin, and 190 origins"
    started = reach[reach[:, 0] == 0]
    happens(reach[:, 0] == 0, 0.95, f"{call}: the first centre is the origin")
    happens(started[:, 1] == 27, SECOND_IS_FAR, f"{call}: after the origin the far row comes second")
    after_near = started[started[:, 1] == 1]
    happens(after_near[:, 2] == 27, THIRD_IS_FAR, f"{call}: after the origin and a near row the far row comes third")


@points(2)
def test_kmeans_plus_plus_looks_at_the_nearest_centre(solution):
    """kmeans_plus_plus measures from the nearest of all centres drawn so far

    In five groups, a million apart, rows of a group that has a centre have next to no chance. Are distances taken to
    the first centre, to the last one, or to all of them together?
    """
    drawn = draws(solution, groups(), 5, 24, "five groups of four rows, a million apart")
    for seed, rows in enumerate(np.rint(drawn / 1e6)):
        call = f"kmeans_plus_plus(X, 5, {seed}) of five groups of four rows, a million apart,"
        count = different_rows(rows)
        require(count == 5, f"{call} must draw a row of each group, and drew from {count} of them")


@points(1)
def test_assign_by_hand(solution):
    """assign gives the index of the nearest centre

    The index, from 0, of a centre; one for each point. All features count.
    """
    X = np.array([[0.0, 0.0], [9.0, 3.0], [4.0, 0.0], [1.0, -7.0], [0.0, 9.0]])
    centers = np.array([[8.0, 1.0], [1.0, 1.0], [0.0, -9.0]])
    close(solution.assign(X, centers), [1, 0, 1, 2, 1], f"assign({X.tolist()}, {centers.tolist()})")


@points(1)
def test_assign_measures_euclidean_distance(solution):
    """assign takes the Euclidean distance: neither the sum nor the largest of the differences, nor an angle

    A point 3 away in both features is farther than one 4 away in a single one, and nearer than one 5 away.
    """
    for centers, expected in (
        ([[3.0, 3.0], [4.0, 0.0]], 1),
        ([[5.0, 0.0], [3.0, 3.0]], 1),
        ([[3.0, 3.0], [0.0, -5.0]], 0),
        ([[-3.0, 3.0], [0.0, 4.0]], 1),
    ):
        close(solution.assign(np.zeros((1, 2)), np.array(centers)), [expected], f"assign([[0, 0]], {centers})")
    centers = np.array([[100.0, 100.0], [1.0, 0.0]])
    close(solution.assign(np.array([[2.0, 2.0]]), centers), [1], f"assign([[2, 2]], {centers.tolist()})")


@points(2)
@given(cloud=point_clouds(dressed=False))
@settings(max_examples=40)
def test_assign_agrees_on_any_points(solution, cloud):
    """assign is right for generated points and centres, ties included

    Among centres at equal distance the lowest index wins.
    """
    assert_agrees(solution, answer, "assign", *cloud.arguments, note=cloud.edge)


@points(1)
@given(cloud=point_clouds(dressed=False))
@settings(max_examples=20)
def test_assign_treats_each_point_alone(solution, cloud):
    """assign gives a point the same label wherever it stands among the others

    Reordered points have reordered labels.
    """
    assert_follows_order(lambda X: solution.assign(X, cloud.centers), cloud.X, call="assign(X, centers)")


@points(1)
def test_update_by_hand(solution):
    """update gives the mean of the points of each label

    A row for each centre, in the order of the labels; a mean for each feature.
    """
    X = np.array([[0.0, 0.0], [2.0, 5.0], [4.0, 1.0], [9.0, 3.0], [1.0, -2.0]])
    labels = np.array([2, 0, 2, 1, 2])
    got = solution.update(X, labels, np.array([[8.0, 1.0], [1.0, 1.0], [0.0, -9.0]]))
    close(got, [[2, 5], [9, 3], [5 / 3, -1 / 3]], f"update({X.tolist()}, {labels.tolist()}, centers)")


@points(2)
def test_update_leaves_a_centre_without_points(solution):
    """update leaves a centre without points where it was

    A mean of nothing is nan, a sum of nothing 0. Is it the first label that is missing, one in between, or the last?
    """
    X, centers = np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[8.0, 1.0], [7.0, -7.0], [0.5, -9.0]])
    for labels, expected in (
        ([0, 0], [[2, 4], [7, -7], [0.5, -9]]),
        ([1, 1], [[8, 1], [2, 4], [0.5, -9]]),
        ([2, 2], [[8, 1], [7, -7], [2, 4]]),
        ([2, 0], [[3, 6], [7, -7], [1, 2]]),
    ):
        close(
            solution.update(X, np.array(labels), centers),
            expected,
            f"update({X.tolist()}, {labels}, {centers.tolist()})",
        )


@points(2)
@given(cloud=point_clouds(dressed=False), places=st.binary(min_size=8, max_size=8))
@settings(max_examples=40)
def test_update_agrees_on_any_points(solution, cloud, places):
    """update is right for generated points and any labels

    Labels need not be those of the nearest centre, and not every centre need have points.
    """
    labels = np.frombuffer(places, dtype=np.uint8)[: len(cloud.X)].astype(int) % cloud.k
    assert_agrees(solution, answer, "update", cloud.X, labels, cloud.centers, note=cloud.edge, **NEAR)


@points(1)
def test_kmeans_by_hand(solution):
    """kmeans gives the triple (centers, labels, inertia), known here step by step

    One update, then two, after which nothing changes any more.
    """
    X, start = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0], [9.0, 3.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])
    first, second = ([[0, 0], [5, 1]], [0, 0, 1, 1], 26), ([[1, 0], [6.5, 1.5]], [0, 0, 1, 1], 19)
    for n_iter, expected in ((1, first), (2, second), (3, second), (50, second)):
        call = f"kmeans({X.tolist()}, {start.tolist()}, {n_iter})"
        got = pair(solution.kmeans(X, start, n_iter), call, RESULT)
        for part, mine, right in zip(RESULT.split(", "), got, expected, strict=True):
            close(mine, right, f"{part} of {call}", **NEAR)


@points(2)
@given(path=paths())
@settings(max_examples=40)
def test_kmeans_returns_labels_of_its_centres(solution, path):
    """kmeans returns labels and inertia that belong to the centres that it returns

    Assign, update, assign, update: which step comes last? If the updates run out before the labels rest, the labels
    at hand are those of the centres before.
    """
    X, start, n_iter = path
    call = f"kmeans({X.tolist()}, {start.tolist()}, {n_iter})"
    centers, labels, inertia = pair(solution.kmeans(X, start, n_iter), call, RESULT)
    centers = numbers(centers, f"centers of {call}", start.shape)
    distances = np.square(X[:, None] - centers).sum(axis=2)
    told = numbers(labels, f"labels of {call}", (len(X),))
    require(
        np.isin(told, np.arange(len(start))).all(),
        f"labels of {call} must be whole numbers from 0 to {len(start) - 1}, got {told.tolist()}",
    )
    least = distances.min(axis=1)
    off = distances[np.arange(len(X)), told.astype(int)] - least > 1e-6
    point = int(off.argmax())
    nearest = int(distances[point].argmin())
    said = f"{call} returns centers of which {nearest} is nearest to point {point}, and label {told[point]:g}"
    require(not off.any(), said)
    close(inertia, least.sum(), f"inertia of {call}, for the centers that it returns", **NEAR)


@points(2)
@given(path=paths())
@settings(max_examples=40)
def test_kmeans_follows_the_path_step_by_step(solution, path):
    """kmeans makes as many updates as n_iter says, unless the labels stop changing before

    If assign and update are right and this is not: how many updates have been made after one round of your loop?
    """
    X, start, n_iter = path
    follows(solution, X, start, n_iter)


@points(1)
@given(cloud=point_clouds(dressed=False), n_iter=st.integers(1, 6))
@settings(max_examples=40)
def test_kmeans_agrees_on_any_points(solution, cloud, n_iter):
    """kmeans is right for generated points and centres

    Ties, duplicates, points that lie on centres, centres that nobody is near to: none of them is special.
    """
    assume(clear(*cloud.arguments, n_iter))
    follows(solution, *cloud.arguments, n_iter, note=cloud.edge)


@points(2)
def test_kmeans_stops_when_labels_rest(solution):
    """kmeans goes on until the labels rest, which can take many updates, and no more than n_iter

    The default is 100 updates. It is not the first of them alone that counts, nor are ten always enough.
    A point halfway between two centres has the label that assign gives it, whichever it had before.
    """
    for n, k, n_iter in ((100, 5, ()), (100, 10, ()), (250, 15, ()), (250, 15, (200,)), (250, 15, (103,))):
        follows(solution, *chain(n, k), *n_iter, note=f"{n} points on a line, {k} centres at its left end")
    follows(solution, *SIZES_STAY, note="labels that change while the sizes of the clusters do not")
    for n_iter in (1, 2, 10):
        follows(solution, *TIES_LATER, n_iter, note="a point that comes to lie halfway between two centres")


@points(1)
@given(path=paths())
@settings(max_examples=15)
def test_kmeans_never_gets_worse(solution, path):
    """kmeans has no higher inertia after more updates, and does not read the order of the points

    Each step can only lower the sum of squared distances. If it rises, something else than the mean is the centre.
    """
    X, start, _ = path
    assume(clear(X, start, 3))
    inertias = []
    for n_iter in (1, 2, 3):
        call = f"kmeans({X.tolist()}, {start.tolist()}, {n_iter})"
        inertias.append(number(pair(solution.kmeans(X, start, n_iter), call, RESULT)[2], f"inertia of {call}"))
    falls = all(after <= before + 1e-6 * (1 + before) for before, after in itertools.pairwise(inertias))
    require(falls, f"inertia of kmeans({X.tolist()}, {start.tolist()}, n_iter) rises from 1 to 3 updates: {inertias}")

    def centers_and_inertia(points):
        got, _, inertia = pair(solution.kmeans(points, start, 2), "kmeans(X, centers, 2)", RESULT)
        return got, inertia

    assert_unchanged_by_order(
        centers_and_inertia, X, call="kmeans(X, centers, 2) without labels", parts="centers, inertia", **NEAR
    )
