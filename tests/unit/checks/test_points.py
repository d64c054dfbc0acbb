from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import assert_every_edge_is_met, examples, smallest

from pytest_mlkata.checks import LAYOUTS, PointCloud, point_clouds
from pytest_mlkata.checks.data.points import CENTERS, POINT_DTYPES, POINTS

NAMED = (*(f"points: {name}" for name in POINTS), *(f"centres: {name}" for name in CENTERS))


def squared_distances(cloud: PointCloud) -> Any:
    return np.square(cloud.X.astype(float)[:, None] - cloud.centers.astype(float)).sum(axis=2)


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert_every_edge_is_met(point_clouds(), (*NAMED, *LAYOUTS))


def test_clouds_keep_the_contract() -> None:
    drawn = examples(point_clouds(), 500)
    for cloud in drawn:
        n, d = cloud.X.shape
        assert 1 <= n <= 8
        assert 1 <= d <= 3
        assert cloud.centers.shape == (cloud.k, d)
        assert 1 <= cloud.k <= n
        assert cloud.X.dtype == cloud.centers.dtype
        assert (np.round(cloud.X) == cloud.X).all()
        # What float32 holds exactly, sums of squares included.
        assert squared_distances(cloud).max() < 2**24
        assert cloud.arguments == cloud.inputs == (cloud.X, cloud.centers)
    assert {cloud.X.dtype.name for cloud in drawn} == set(POINT_DTYPES)
    assert {cloud.X.shape[1] for cloud in drawn} == {1, 2, 3}


def test_an_edge_is_what_it_is_called() -> None:
    for cloud in examples(point_clouds(), 500):
        points, centers, _ = cloud.edge.split("; ")
        X = cloud.X.astype(float)
        steps = np.ptp(X, axis=0)
        assert {
            "any points": True,
            "duplicates": len(np.unique(X, axis=0)) < len(X),
            "one point": len(X) == 1,
            "all the same": not steps.any(),
            "on a line": np.linalg.matrix_rank(X - X[0]) <= 1,
            "one far away": (X[-1] > 900).all() and (X[:-1] < 10).all(),
            "two groups": steps.min() > 90,
        }[points.removeprefix("points: ")], cloud
        nearest = np.sort(squared_distances(cloud), axis=1)
        assert {
            "among the points": (nearest[:, 0] == 0).any(),
            "anywhere": True,
            "at equal distance": (squared_distances(cloud)[0] == 1).all(),
            "all the same": len(np.unique(cloud.centers, axis=0)) == 1,
            "one far away": (cloud.centers[-1] < -900).all(),
            "as many as points": cloud.k == len(X) and not nearest[:, 0].any(),
        }[centers.removeprefix("centres: ")], cloud


def test_what_goes_wrong_in_practice_is_met_within_sixty_draws() -> None:
    drawn = examples(point_clouds(), 60)
    distances = [np.sort(squared_distances(cloud), axis=1) for cloud in drawn]
    ties = [table for table in distances if table.shape[1] > 1 and (table[:, 0] == table[:, 1]).any()]
    assert len(ties) >= 5
    empty = [cloud for cloud in drawn if len(set(squared_distances(cloud).argmin(axis=1))) < cloud.k]
    assert len(empty) >= 5
    assert sum(len(np.unique(cloud.X, axis=0)) < cloud.k for cloud in drawn) >= 3
    means = [cloud.X.mean(axis=0) for cloud in drawn if cloud.X.dtype == np.int64]
    assert any((mean != np.round(mean)).any() for mean in means)


def test_options_narrow_what_is_drawn() -> None:
    for cloud in examples(point_clouds(max_points=3, max_dimensions=1, dressed=False), 100):
        assert len(cloud.X) <= 3
        assert cloud.X.shape[1] == 1
        assert cloud.X.dtype == np.float64
        assert all(array.flags.c_contiguous and array.flags.writeable for array in cloud.arguments)
    assert {cloud.X.dtype.name for cloud in examples(point_clouds(dtypes=("float64",)), 50)} == {"float64"}


@pytest.mark.parametrize("edge", NAMED)
def test_a_counterexample_is_small(edge: str) -> None:
    cloud = smallest(point_clouds(), lambda cloud: edge in cloud.edge)
    assert cloud.X.size <= 2
    assert cloud.centers.size <= 2
    assert set(np.abs(cloud.X).ravel().tolist()) <= {0, 1, 100, 1000}


def test_a_counterexample_of_a_broken_tie_is_small() -> None:
    def tied(cloud: PointCloud) -> bool:
        table = np.sort(squared_distances(cloud), axis=1)
        return table.shape[1] > 1 and bool((table[:, 0] == table[:, 1]).any())

    cloud = smallest(point_clouds(), tied)
    assert cloud.X.shape == cloud.centers.shape == (2, 1)
