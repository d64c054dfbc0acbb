from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawing import examples, smallest, unmet
from hypothesis import strategies as st

from pytest_mlkata.checks import gradient_sequences, gradients, sample_weights, times
from pytest_mlkata.checks.data.arrays import SHAPES

GRADIENTS: dict[str, Callable[[Any], Any]] = {
    "about one": lambda g: np.abs(g).min() >= 0.5 and np.abs(g).max() <= 3,
    "tiny": lambda g: np.abs(g).min() > 0 and np.abs(g).max() <= 1e-6,
    "large": lambda g: np.abs(g).min() >= 100,
    "many magnitudes": lambda g: np.abs(g).max() > 1e6 * np.abs(g).min() > 0,
    "both signs": lambda g: g.min() < 0 < g.max(),
    "equal sizes": lambda g: g.size > 1 and np.ptp(np.abs(g)) == 0 and g.any(),
    "zeros among others": lambda g: g.any() and not g.all(),
    "all zero": lambda g: not g.any(),
    "a number": lambda g: g.shape == (),
    "a table": lambda g: g.ndim == 2,
    "float32": lambda g: g.dtype == np.float32,
    "read-only": lambda g: not g.flags.writeable,
}
RUNS: dict[str, Callable[[Any], Any]] = {
    "one step": lambda run: len(run) == 1,
    "sixty steps": lambda run: len(run) == 60,
    "a few steps": lambda run: 1 < len(run) < 6,
    "the same in every step": lambda run: len(run) > 1 and not np.ptp(run, axis=0).any(),
    "signs that alternate": lambda run: len(run) > 1 and (np.sign(run[1:]) == -np.sign(run[:-1])).all() and run.any(),
    "shrinking": lambda run: (np.diff(np.abs(run), axis=0) < 0).any(axis=0).any() and np.ptp(np.sign(run)) < 2,
    "an element that stays zero": lambda run: run[0].size > 1 and (np.abs(run).max(axis=0) == 0).any() and run.any(),
    "changing by 1e4": lambda run: (np.abs(run).max(axis=0) > 9e3 * np.abs(run).min(axis=0)).any(),
    "tiny": lambda run: 0 < np.abs(run).max() < 1e-3,
}
WEIGHTS: dict[str, Callable[[Any], Any]] = {
    "ones": lambda w: (w == 1).all(),
    "equal, not one": lambda w: len(set(w.tolist())) == 1 and w[0] != 1,
    "zeros": lambda w: (w == 0).any() and (w > 0).sum() > 1,
    "a single one": lambda w: (w > 0).sum() == 1,
    "whole": lambda w: (w == np.round(w)).all() and len(set(w[w > 0].tolist())) > 1,
    "fractions": lambda w: (w != np.round(w)).any() and len(set(w.tolist())) > 1,
    "a million": lambda w: w.max() == 1e6 * w[w > 0].min(),
    "float32": lambda w: w.dtype == np.float32,
    "read-only": lambda w: not w.flags.writeable,
    "not contiguous": lambda w: not w.flags.contiguous,
}
TIMES: dict[str, Callable[[Any], Any]] = {
    "increasing": lambda t: (np.diff(t) > 0).all(),
    "decreasing": lambda t: (np.diff(t) < 0).all(),
    "unsorted": lambda t: (np.diff(t) > 0).any() and (np.diff(t) < 0).any(),
    "sorted with duplicates": lambda t: (np.diff(t) >= 0).all() and (np.diff(t) == 0).any() and np.ptp(t) > 0,
    "unsorted with duplicates": lambda t: (np.diff(t) < 0).any() and len(np.unique(t)) < len(t),
    "all equal": lambda t: np.ptp(t) == 0,
    "far apart": lambda t: np.ptp(t) >= 3e9,
    "seconds since 1970": lambda t: t.min() > 1.7e9,
    "negative": lambda t: t.min() < 0,
    "int64": lambda t: t.dtype == np.int64,
    "halves": lambda t: (t != np.round(t)).any(),
    "read-only": lambda t: not t.flags.writeable,
    "not contiguous": lambda t: not t.flags.contiguous,
}


def gradient_of(steps: tuple[Any, ...]) -> Any:
    return np.array([np.asarray(step, dtype=float) for step in steps])


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert unmet(gradients(), GRADIENTS) == []
    assert unmet(gradient_sequences().map(gradient_of), RUNS) == []
    assert unmet(sample_weights(5), WEIGHTS) == []
    assert unmet(times(5), TIMES) == []


def test_gradients_keep_the_contract() -> None:
    drawn = examples(gradients(), 500)
    for g in drawn:
        sizes = np.abs(g[g != 0])
        assert np.isfinite(g).all()
        assert sizes.max(initial=0) <= 1e3
        assert sizes.min(initial=1) >= 0.999e-8
        assert not np.signbit(g[g == 0]).any()
    assert {g.shape for g in drawn} == set(SHAPES)


def test_runs_keep_the_contract() -> None:
    drawn = examples(gradient_sequences(), 500)
    for steps in drawn:
        assert 1 <= len(steps) <= 60
        assert len({step.shape for step in steps}) == len({step.dtype for step in steps}) == 1
        sizes = np.abs(gradient_of(steps)).reshape(len(steps), -1)
        assert sizes.max() <= 1.0001e3
        for element in sizes.T:
            assert not element.any() or element.all()
            assert element.max() <= 1.0001e4 * element.min()
            assert not element.any() or element.min() >= 0.9999e-8
    assert {steps[0].shape for steps in drawn} == set(SHAPES)
    assert {steps[0].dtype.name for steps in drawn} == {"float64", "float32"}


def test_options_narrow_what_gradients_are_drawn() -> None:
    for g in examples(gradients((2, 3), zeros=False, dressed=False), 100):
        assert g.shape == (2, 3)
        assert g.all()
        assert g.dtype == np.float64
        assert g.flags.c_contiguous
    drawn = examples(gradient_sequences((4,), max_steps=5, dressed=False), 100)
    assert {len(steps) for steps in drawn} == {1, 2, 3, 5}
    assert {step.shape for steps in drawn for step in steps} == {(4,)}
    assert {step.dtype.name for steps in drawn for step in steps} == {"float64"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (lambda _: True, 1.0),
        (lambda g: not g.any(), 0.0),
        (lambda g: g.min() < 0, -1.0),
        (lambda g: 0 < np.abs(g).max() < 1e-5, 1e-8),
    ],
)
def test_a_counterexample_of_a_gradient_is_small(wanted: Any, expected: float) -> None:
    got = smallest(gradients(), wanted)
    assert got.size <= 3
    assert set(got.ravel().tolist()) <= {expected, 1.0}
    assert got.dtype == np.float64


def test_a_counterexample_of_a_run_is_small() -> None:
    (step,) = smallest(gradient_sequences(), lambda _: True)
    assert step == 1.0
    two = smallest(gradient_sequences(), lambda steps: len(steps) > 1)
    assert [float(step) for step in two] == [1.0, 1.0]
    changing = smallest(
        gradient_sequences(),
        lambda steps: len(steps) > 1 and np.ptp(np.sign(steps[0])) == 0 and (steps[0] != steps[1]).any(),
    )
    assert len(changing) == 2
    assert changing[0].size == 1


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_weights_keep_the_contract(n: int) -> None:
    for w in examples(sample_weights(n), 150):
        assert w.shape == (n,)
        assert np.isfinite(w).all()
        assert w.min() >= 0
        assert w.max() > 0
        assert w.max() <= 1e6 * w[w > 0].min()


def test_whole_weights_are_so_many_samples() -> None:
    drawn = examples(sample_weights(4, whole=True), 200)
    assert {float(value) for w in drawn for value in w} == {0, 1, 2, 3, 5}


def test_options_narrow_what_weights_are_drawn() -> None:
    for w in examples(sample_weights(st.integers(1, 20), zeros=False, dressed=False), 200):
        assert 1 <= len(w) <= 20
        assert w.min() > 0
        assert w.dtype == np.float64
        assert w.flags.c_contiguous
        assert w.flags.writeable


@pytest.mark.parametrize(
    ("wanted", "weights"),
    [
        (lambda _: True, [1.0, 1.0, 1.0]),
        (lambda w: not w.all(), [1.0, 1.0, 0.0]),
        (lambda w: w[0] == 0 and w[1:].all(), [0.0, 1.0, 1.0]),
        (lambda w: w.max() == 1e6, [1e6, 1.0, 1.0]),
    ],
)
def test_a_counterexample_of_weights_is_small(wanted: Any, weights: list[float]) -> None:
    got = smallest(sample_weights(3), wanted)
    assert sorted(got.tolist()) == sorted(weights)
    assert got.dtype == np.float64


@pytest.mark.parametrize("n", [0, 1, 5, 40])
def test_times_keep_the_contract(n: int) -> None:
    for t in examples(times(n), 150):
        assert t.shape == (n,)
        assert t.dtype in (np.int64, np.float64)
        assert np.isfinite(t).all()
        # Differences of neighbours are exact in float64.
        assert (2 * t.astype(float) == np.round(2 * t.astype(float))).all()
        assert np.abs(t).max(initial=0) < 1e10


def test_options_narrow_what_times_are_drawn() -> None:
    for t in examples(times(st.integers(0, 30), dtypes=("int64",), dressed=False), 200):
        assert len(t) <= 30
        assert t.dtype == np.int64
        assert t.flags.c_contiguous
        assert t.flags.writeable


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (lambda _: True, [0, 0, 0]),
        (lambda t: (np.diff(t) > 0).all(), [1, 2, 3]),
        (lambda t: (np.diff(t) < 0).any(), [0, 0, 1]),
    ],
)
def test_a_counterexample_of_times_is_small(wanted: Any, expected: list[int]) -> None:
    got = smallest(times(3), wanted)
    assert sorted(got.tolist()) in (expected, [value - 1 for value in expected])
    assert got.dtype == np.int64
