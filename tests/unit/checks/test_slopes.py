from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawing import examples, smallest, unmet

from pytest_mlkata.checks import gradient_sequences, gradients
from pytest_mlkata.checks.data.slopes import SHAPES

EDGES: dict[str, Callable[[Any], Any]] = {
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


def gradient_of(steps: tuple[Any, ...]) -> Any:
    return np.array([np.asarray(step, dtype=float) for step in steps])


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert unmet(gradients(), EDGES) == []
    assert unmet(gradient_sequences().map(gradient_of), RUNS) == []


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


def test_options_narrow_what_is_drawn() -> None:
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
