"""The reference of `kmeans` against oracles that share nothing with it."""

from __future__ import annotations

import ast
import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from references import KATAS, reference_of
from scipy.cluster.vq import kmeans2, vq  # type: ignore[import-untyped]
from scipy.spatial.distance import cdist  # type: ignore[import-untyped]
from scipy.stats import chisquare  # type: ignore[import-untyped]

from pytest_mlkata.checks import PointCloud, point_clouds

if TYPE_CHECKING:
    from numpy.typing import NDArray

cluster: Any = pytest.importorskip("sklearn.cluster", reason="the extra `oracles` is not installed")

KATA = KATAS / "kmeans"

reference: Any = reference_of("kmeans")


def exact_path(X: NDArray[Any], centers: NDArray[Any], n_iter: int) -> tuple[list[list[Fraction]], list[int], Fraction]:
    """Lloyd's algorithm as the spec has it, in fractions: no distance is rounded, so every tie is one."""
    points = [[Fraction(float(x)) for x in row] for row in X]
    places = [[Fraction(float(x)) for x in row] for row in centers]

    def squared(a: list[Fraction], b: list[Fraction]) -> Fraction:
        return sum(((x - y) ** 2 for x, y in zip(a, b, strict=True)), Fraction(0))

    def nearest() -> list[int]:
        return [min(range(len(places)), key=lambda j: squared(point, places[j])) for point in points]

    labels = nearest()
    for _ in range(n_iter):
        for j in range(len(places)):
            mine = [point for point, label in zip(points, labels, strict=True) if label == j]
            if mine:
                places[j] = [sum(column, Fraction(0)) / len(mine) for column in zip(*mine, strict=True)]
        before, labels = labels, nearest()
        if labels == before:
            break
    return places, labels, sum((squared(p, places[j]) for p, j in zip(points, labels, strict=True)), Fraction(0))


def one_label_only(X: NDArray[Any], centers: NDArray[Any]) -> bool:
    """Whether each point is clearly nearer to one centre than to all others."""
    distances = np.sort(cdist(X, centers), axis=1)
    return distances.shape[1] == 1 or bool((distances[:, 1] - distances[:, 0] > 1e-6).all())


@settings(max_examples=200, deadline=None)
@given(point_clouds())
def test_assign_agrees_with_scipy(cloud: PointCloud) -> None:
    X, centers = (array.astype(float) for array in cloud.arguments)
    labels = reference.assign(*cloud.arguments)
    assert labels.tolist() == exact_path(X, centers, 0)[1]
    assert labels.tolist() == cdist(X, centers, "sqeuclidean").argmin(axis=1).tolist()
    if one_label_only(X, centers):
        assert labels.tolist() == vq(X, centers)[0].tolist()


@settings(max_examples=100, deadline=None)
@given(point_clouds(), st.binary(min_size=8, max_size=8))
def test_update_agrees_with_means_one_by_one(cloud: PointCloud, places: bytes) -> None:
    labels = np.frombuffer(places, dtype=np.uint8)[: len(cloud.X)].astype(int) % cloud.k
    rows = [[Fraction(float(x)) for x in point] for point in cloud.centers]
    for j in set(labels.tolist()):
        mine = [[Fraction(float(x)) for x in point] for point in cloud.X[labels == j]]
        rows[j] = [sum(column, Fraction(0)) / len(mine) for column in zip(*mine, strict=True)]
    right = np.array([[float(x) for x in row] for row in rows])
    np.testing.assert_allclose(reference.update(cloud.X, labels, cloud.centers), right, rtol=1e-12, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(point_clouds(), st.integers(1, 4))
def test_kmeans_agrees_with_fractions(cloud: PointCloud, n_iter: int) -> None:
    X, start = (array.astype(float) for array in cloud.arguments)
    places = start
    for step in range(1, n_iter + 1):
        exact_places, exact_labels, _ = exact_path(X, start, step)
        places = np.array([[float(x) for x in row] for row in exact_places])
        # Where a point lies between two means exactly, rounding may take it to either.
        whole = bool((places * 4 == np.rint(places * 4)).all())
        assume(whole or one_label_only(X, places))
    _, exact_labels, exact_inertia = exact_path(X, start, n_iter)
    centers, labels, inertia = reference.kmeans(*cloud.arguments, n_iter)
    np.testing.assert_allclose(centers, places, rtol=1e-12, atol=1e-12)
    assert labels.tolist() == exact_labels
    assert float(inertia) == pytest.approx(float(exact_inertia), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_kmeans_agrees_with_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k, d = rng.integers(20, 200), rng.integers(1, 6), rng.integers(1, 4)
    X = rng.normal(size=(n, d)) + rng.integers(0, 4, size=(n, 1))
    start = X[:k]
    centers, labels, inertia = reference.kmeans(X, start, 300)
    fitted = cluster.KMeans(k, init=start, n_init=1, tol=0.0, max_iter=300, algorithm="lloyd").fit(X)
    assert len(set(labels.tolist())) == k  # elsewhere it moves an empty cluster, which the contract does not
    np.testing.assert_allclose(centers, fitted.cluster_centers_, rtol=1e-9, atol=1e-9)
    assert labels.tolist() == fitted.labels_.tolist()
    assert float(inertia) == pytest.approx(fitted.inertia_, rel=1e-9)


@pytest.mark.parametrize("n_iter", [1, 2, 5])
def test_kmeans_agrees_with_scipy_step_by_step(n_iter: int) -> None:
    X = np.random.default_rng(n_iter).normal(size=(100, 3))
    centers, labels, _ = reference.kmeans(X, X[:4], n_iter)
    scipys, before = kmeans2(X, X[:4], iter=n_iter, minit="matrix", missing="raise")
    np.testing.assert_allclose(centers, scipys, rtol=1e-12, atol=1e-12)
    assert labels.tolist() == vq(X, scipys)[0].tolist()
    assert n_iter > 1 or labels.tolist() != before.tolist()  # SciPy's labels are those before its last update


def test_draws_follow_the_product_of_their_probabilities() -> None:
    X = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 3.0]])
    chances: dict[tuple[int, ...], float] = {}
    for order in itertools.permutations(range(4), 3):
        chance = 1 / 4
        for step in (1, 2):
            weights = cdist(X, X[list(order[:step])], "sqeuclidean").min(axis=1)
            chance *= weights[order[step]] / weights.sum()
        # The two copies cannot be told apart by what is returned.
        seen = tuple(min(i, 1) if i < 3 else 3 for i in order)
        chances[seen] = chances.get(seen, 0.0) + chance
    possible = {seen: chance for seen, chance in chances.items() if chance > 0}
    assert sum(possible.values()) == pytest.approx(1.0)
    names = {(0.0, 0.0): 0, (1.0, 0.0): 1, (0.0, 3.0): 3}
    drawn = [
        tuple(names[tuple(row)] for row in reference.kmeans_plus_plus(X, 3, seed).tolist()) for seed in range(4000)
    ]
    assert set(drawn) <= set(possible)
    counts = [drawn.count(seen) for seen in possible]
    assert chisquare(counts, 4000 * np.array(list(possible.values()))).pvalue > 1e-6


@pytest.mark.parametrize("rows", [[0, 0, 0], [0, 0, 1], [2, 1, 1, 0, 0, 0]])
def test_draws_differ_as_long_as_rows_do(rows: list[int]) -> None:
    X = np.array(rows, dtype=float)[:, None]
    for k, seed in itertools.product(range(1, len(rows) + 1), range(20)):
        drawn = reference.kmeans_plus_plus(X, k, seed)
        assert drawn.shape == (k, 1)
        assert len(set(drawn.ravel().tolist())) == min(k, len(set(rows)))


def test_the_example_of_the_spec_is_right() -> None:
    names: dict[str, Any] = {"np": np, **{name: getattr(reference, name) for name in ("assign", "update", "kmeans")}}
    lines = (KATA / "spec.md").read_text(encoding="utf-8").split("## An example")[1].splitlines()
    compared = 0
    for line in (line.strip() for line in lines if line.startswith("    ")):
        call, arrow, answer = line.partition("→")
        if not arrow:
            name, value = line.split(" = ")
            names[name] = eval(value, names)  # the spec's own text
            continue
        right = ast.literal_eval(answer.strip().split("  ")[0])
        got = eval(call, names)  # the spec's own text
        for mine, told in zip(got, right, strict=True) if isinstance(right, tuple) else [(got, right)]:
            np.testing.assert_allclose(mine, told, rtol=1e-12)
        compared += 1
    assert compared == 5
    squares = cdist(names["X"], [[0.0, 0.0]], "sqeuclidean").ravel().tolist()
    assert squares == [0, 4, 16, 90]
    assert sum(squares) == 110
