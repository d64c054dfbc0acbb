from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import HealthCheck, given, settings

from pytest_mlkata.checks import LABEL_DTYPES, BinaryProblem, binary_problems
from pytest_mlkata.checks.data.problems import EDGES


@settings(max_examples=300, database=None)
@given(binary_problems())
def test_problems_keep_the_contract(problem: BinaryProblem) -> None:
    n, d = problem.X.shape
    assert n >= 1
    assert d >= 1
    assert problem.y.shape == (n,)
    assert problem.w.shape == (d,)
    assert set(np.unique(problem.y).tolist()) <= {0, 1}
    assert np.isfinite(problem.X).all()
    assert np.abs(problem.X).max() <= 2
    logits = problem.X.astype(float) @ problem.w.astype(float) + problem.b
    single = problem.X.dtype == np.float32
    assert np.abs(logits).max() <= (41 if single else 1e4)


@settings(max_examples=100, database=None)
@given(binary_problems(huge=False, dressed=False))
def test_plain_problems_are_plain(problem: BinaryProblem) -> None:
    assert problem.X.dtype == problem.w.dtype == np.float64
    assert problem.y.dtype == np.int64
    assert all(array.flags.c_contiguous and array.flags.writeable for array in problem.inputs)
    assert np.abs(problem.X @ problem.w + problem.b).max() < 40


def test_every_edge_is_met() -> None:
    seen: Counter[str] = Counter()
    most = 0.0

    @settings(max_examples=200, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(binary_problems())
    def look(problem: BinaryProblem) -> None:
        nonlocal most
        seen[problem.edge.split(";")[0]] += 1
        seen[problem.y.dtype.name] += 1
        seen["one class"] += len(set(problem.y.tolist())) == 1
        most = max(most, float(np.abs(problem.X.astype(float) @ problem.w + problem.b).max()))

    look()
    assert all(seen[edge] >= 5 for edge in (*EDGES, *LABEL_DTYPES))
    assert most > 9000
