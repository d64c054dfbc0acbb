"""The reference of `implicit_als` against oracles that share nothing with it: full matrices, and derivatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of

from pytest_mlkata.checks import finite_differences

reference: Any = reference_of("implicit_als")

COUNTS = (math.nan, math.nan, math.nan, 0.0, 0.25, 1.0, 3.0, 200.0)


def close(got: Any, right: Any, rtol: float = 1e-9) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), np.array(right, dtype=float), rtol=rtol, atol=1e-9)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Any, Any, Any, float, float]:
    """A table of counts, nan where nothing is stored, with factors of both sides, reg and alpha."""
    n, m, f = draw(st.integers(1, 6)), draw(st.integers(1, 6)), draw(st.integers(1, 4))
    codes = draw(st.lists(st.integers(0, len(COUNTS) - 1), min_size=n * m, max_size=n * m))
    table = np.array([COUNTS[code] for code in codes]).reshape(n, m)
    if draw(st.booleans()):
        table[draw(st.integers(0, n - 1))] = math.nan
    if draw(st.booleans()):
        table[:, draw(st.integers(0, m - 1))] = math.nan
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    reg, alpha = draw(st.sampled_from((0.01, 1.0, 20.0))), draw(st.sampled_from((0.0, 0.5, 40.0)))
    return table, rng.normal(size=(n, f)), rng.normal(size=(m, f)), reg, alpha


def csr(table: Any) -> tuple[Any, Any, Any]:
    """Entry by entry."""
    indptr, indices, counts = [0], [], []
    for row in table:
        for column, count in enumerate(row):
            if not math.isnan(count):
                indices.append(column)
                counts.append(count)
        indptr.append(len(indices))
    return np.array(indptr), np.array(indices, dtype=int), np.array(counts, dtype=float)


def full(table: Any, alpha: float) -> tuple[Any, Any]:
    """Preferences and confidences of all pairs."""
    counts = np.nan_to_num(table)
    return (counts > 0).astype(float), 1 + alpha * counts


def dense_half_step(table: Any, Y: Any, reg: float, alpha: float) -> Any:
    """Solve each row with its whole diagonal matrix."""
    preferences, confidences = full(table, alpha)
    rows = []
    for p, c in zip(preferences, confidences, strict=True):
        C = np.diag(c)
        rows.append(np.linalg.solve(Y.T @ C @ Y + reg * np.eye(Y.shape[1]), Y.T @ C @ p))
    return np.array(rows)


def dense_loss(table: Any, U: Any, V: Any, reg: float, alpha: float) -> float:
    """Pair by pair."""
    preferences, confidences = full(table, alpha)
    terms = [
        confidences[i, j] * (preferences[i, j] - float(U[i] @ V[j])) ** 2 for i in range(len(U)) for j in range(len(V))
    ]
    return math.fsum(terms) + reg * math.fsum([*np.square(U).ravel(), *np.square(V).ravel()])


@settings(max_examples=150, deadline=None)
@given(logs())
def test_the_half_step_agrees_with_full_matrices(log: Any) -> None:
    table, _, V, reg, alpha = log
    close(reference.als_half_step(V, *csr(table), reg, alpha), dense_half_step(table, V, reg, alpha), rtol=1e-7)


@settings(max_examples=150, deadline=None)
@given(logs())
def test_the_loss_agrees_with_all_pairs(log: Any) -> None:
    table, U, V, reg, alpha = log
    close(reference.implicit_loss(U, V, *csr(table), reg, alpha), dense_loss(table, U, V, reg, alpha))


@settings(max_examples=60, deadline=None)
@given(logs())
def test_the_half_step_is_where_the_loss_is_flat(log: Any) -> None:
    table, _, V, reg, alpha = log
    U = reference.als_half_step(V, *csr(table), reg, alpha)

    def loss(point: Any) -> float:
        return float(reference.implicit_loss(point, V, *csr(table), reg, alpha))

    # The loss is a parabola: central differences are exact, but for rounding, whatever the step.
    slopes = finite_differences(loss, U, step=1e-2)
    np.testing.assert_allclose(slopes, 0, atol=1e-8 * (1 + alpha * 200) * (1 + np.square(V).sum()))


@settings(max_examples=60, deadline=None)
@given(log=logs(), seed=st.integers(0, 100))
def test_fit_agrees_with_full_matrices(log: Any, seed: int) -> None:
    table, U, V, reg, alpha = log
    shape = U.shape[1]
    before = math.inf
    for n_iter in (1, 2, 3):
        left, right = reference.fit(*csr(table), len(V), shape, reg, alpha, n_iter, seed)
        assert (left.shape, right.shape) == (U.shape, V.shape)
        close(right, dense_half_step(table.T, left, reg, alpha), rtol=1e-6)
        loss = dense_loss(table, left, right, reg, alpha)
        assert loss <= before * (1 + 1e-9) + 1e-9
        before = loss


def test_fit_ends_below_factors_of_zeros() -> None:
    table = np.where(np.kron(np.eye(2), np.ones((3, 4))) > 0, 3.0, math.nan)
    for seed in range(10):
        U, V = reference.fit(*csr(table), 8, 2, 0.5, 1.0, 10, seed)
        assert dense_loss(table, U, V, 0.5, 1.0) < 0.3 * dense_loss(table, U * 0, V * 0, 0.5, 1.0)


@settings(max_examples=200)
@given(
    rows=st.lists(st.lists(st.integers(-2, 2), min_size=3, max_size=3), min_size=1, max_size=8),
    item=st.integers(0, 7),
    k=st.integers(1, 9),
)
def test_similar_items_agree_with_exact_cosines(rows: list[list[int]], item: int, k: int) -> None:
    item %= len(rows)
    if not any(rows[item]):
        rows[item] = [1, 0, 2]

    def key(i: int) -> tuple[bool, float, int]:
        product, size = sum(a * b for a, b in zip(rows[i], rows[item], strict=True)), sum(a * a for a in rows[i])
        # The sign and the square of the cosine, but for the query's length: products of small integers, so exact.
        return size == 0, -math.copysign(product * product / (size or 1), product), i

    got = [int(i) for i in reference.similar_items(np.array(rows, dtype=float), item, k)]
    right = sorted((i for i in range(len(rows)) if i != item), key=key)[:k]
    lengths = [math.hypot(*row) or 1 for row in rows]
    cosines = [sum(a * b for a, b in zip(row, rows[item], strict=True)) / lengths[i] for i, row in enumerate(rows)]
    assert len(got) == len(right)
    for mine, known in zip(got, right, strict=True):  # ties of irrational lengths may fall either way
        assert mine == known or cosines[mine] == pytest.approx(cosines[known], abs=1e-12)
        assert any(rows[mine]) == any(rows[known])


def test_similar_items_gives_exact_ties_to_the_smaller_id() -> None:
    V = np.array([[1, 1, 1, 1], [2, 0, 0, 0], [0, 0, 0, 0], [4, 4, 4, 4], [0, -1, 0, 0], [0, 0, 0.5, 0], [0, 0, 0, 0]])
    close(reference.similar_items(V, 0, 9), [3, 1, 5, 4, 2, 6])
    close(reference.similar_items(V[:1], 0, 1), [])


@pytest.mark.parametrize("name", ["als_half_step", "implicit_loss", "fit"])
def test_bad_input_is_refused(name: str) -> None:
    V, good = np.ones((3, 1)), (np.array([0, 1, 3]), np.array([2, 0, 1]), np.array([1, 0, 2]))

    def call(rows: Any = good, reg: float = 0.5, alpha: float = 1.0, n_factors: int = 1) -> Any:
        if name == "fit":
            return reference.fit(*rows, 3, n_factors, reg, alpha, 1, 0)
        sides = (V,) if name == "als_half_step" else (np.ones((2, 1)), V)
        return getattr(reference, name)(*sides, *rows, reg, alpha)

    call()
    call(alpha=0)
    bad: list[dict[str, Any]] = [{"reg": 0}, {"reg": -1.0}, {"alpha": -0.5}]
    bad += [{"rows": (np.array(indptr), *good[1:])} for indptr in ([1, 2, 3], [0, 1, 2], [0, 1, 4], [0, 4, 3])]
    bad.append({"rows": (*good[:2], np.array([1, -1, 2]))})
    bad += [{"n_factors": 0}] if name == "fit" else []
    for changed in bad:
        with pytest.raises(ValueError, match=r"."):
            call(**changed)


def test_the_example_of_the_spec() -> None:
    rows, V = (np.array([0, 1, 1]), np.array([1]), np.array([3])), np.array([[1.0], [2.0]])
    close(reference.als_half_step(V, *rows, 1, 2), [[14 / 30], [0]])
    assert reference.implicit_loss(np.array([[0.5], [1]]), V, *rows, 1, 2) == pytest.approx(11.5)
    close(reference.similar_items(np.array([[1.0, 0], [0, 0], [-1, 0], [2, 0], [0, 1]]), 0, 4), [3, 4, 2, 1])
