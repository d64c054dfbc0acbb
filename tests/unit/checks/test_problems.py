from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import assert_every_edge_is_met, examples, smallest

from pytest_mlkata.checks import LABEL_DTYPES, LAYOUTS, BinaryProblem, binary_problems
from pytest_mlkata.checks.data.problems import DATA, MODELS


def logits(problem: BinaryProblem) -> Any:
    return problem.X.astype(float) @ problem.w.astype(float) + problem.b


def has_edge(problem: BinaryProblem, edge: str) -> bool:
    return edge in problem.edge.split("; ")


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert_every_edge_is_met(binary_problems(), (*DATA, *MODELS, *LAYOUTS))
    assert_every_edge_is_met(binary_problems(huge=False, dressed=False), (*DATA, "any weights", "equal logits"))


def test_problems_keep_the_contract() -> None:
    drawn = examples(binary_problems(), 500)
    for problem in drawn:
        n, d = problem.X.shape
        assert 1 <= n <= 9
        assert 1 <= d <= 4
        assert problem.y.shape == (n,)
        assert problem.w.shape == (d,)
        assert isinstance(problem.b, float)
        assert set(np.unique(problem.y).tolist()) <= {0, 1}
        assert np.abs(problem.X).max() <= 2
        single = np.float32 in (problem.X.dtype, problem.w.dtype)
        assert np.abs(logits(problem)).max() <= (40 if single else 1e4)
        assert problem.arguments == (*problem.inputs, problem.b)
    assert {problem.X.dtype.name for problem in drawn} == {"float64", "float32"}
    assert {problem.y.dtype.name for problem in drawn} == set(LABEL_DTYPES)
    assert {problem.X.shape[1] for problem in drawn} == {1, 2, 3, 4}
    assert {problem.X.shape[0] for problem in drawn} == set(range(1, 10))


def test_plain_problems_are_plain() -> None:
    for problem in examples(binary_problems(huge=False, dressed=False, max_samples=3, max_features=2), 200):
        assert problem.X.shape[0] <= 3
        assert problem.X.shape[1] <= 2
        assert problem.X.dtype == problem.w.dtype == np.float64
        assert problem.y.dtype == np.int64
        assert all(array.flags.c_contiguous and array.flags.writeable for array in problem.inputs)
        assert np.abs(logits(problem)).max() < 20


def test_an_edge_is_what_it_is_called() -> None:
    for problem in examples(binary_problems(), 500):
        X, y, z = problem.X, problem.y.astype(int), logits(problem)
        what, model, _ = problem.edge.split("; ")
        pairs = [slice(i, i + 2) for i in range(0, len(y), 2)]
        assert {
            "any samples": True,
            "one sample": len(y) == 1,
            "class 0 only": not y.any(),
            "class 1 only": y.all(),
            "equal rows": all(np.ptp(X[pair], axis=0).max() == 0 for pair in pairs),
            "equal rows of both classes": all(len(np.unique(X[pair], axis=0)) == 1 for pair in pairs)
            and 0 < y.mean() < 1,
            "constant column": (X[:, 0] == 1).all(),
            "column of zeros": not X[:, -1].any(),
            "separated": ((X[:, 0] > 0) == (y == 1)).all(),
        }[what], problem
        assert {
            "any weights": np.abs(z).max() < 20,
            "saturated logits": 20 <= np.abs(z).max() <= 40,
            "huge logits": 400 <= np.abs(z).max() <= 1e4,
            "equal logits": np.ptp(z) == 0,
        }[model], problem


def test_saturated_and_huge_logits_are_really_met() -> None:
    largest = [float(np.abs(logits(problem)).max()) for problem in examples(binary_problems(), 60)]
    assert any(36.8 < size <= 40 for size in largest)
    assert any(710 < size <= 800 for size in largest)
    assert any(size > 9000 for size in largest)


@pytest.mark.parametrize("edge", [*DATA, *MODELS])
def test_a_counterexample_is_small(edge: str) -> None:
    problem = smallest(binary_problems(), lambda problem: has_edge(problem, edge))
    assert problem.X.size <= 2
    assert set(problem.X.ravel().tolist()) <= {0.0, 1.0, -0.25, 0.25}
    assert abs(problem.b) in (0, 40, 1e4)
    assert not problem.w.any()
    assert (problem.X.dtype.name, problem.y.dtype.name) == ("float64", "int64")


def test_a_counterexample_of_wrong_sums_is_small() -> None:
    problem = smallest(binary_problems(), lambda problem: (problem.X.sum(axis=0) * problem.w).sum() != 0)
    assert problem.X.shape == (2, 1)
    assert np.abs(problem.X).sum() <= 2
