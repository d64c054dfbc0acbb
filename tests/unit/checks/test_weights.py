from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawing import examples, smallest, unmet
from hypothesis import strategies as st

from pytest_mlkata.checks import sample_weights

EDGES: dict[str, Callable[[Any], Any]] = {
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


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert unmet(sample_weights(5), EDGES) == []


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


def test_options_narrow_what_is_drawn() -> None:
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
def test_a_counterexample_is_small(wanted: Any, weights: list[float]) -> None:
    got = smallest(sample_weights(3), wanted)
    assert sorted(got.tolist()) == sorted(weights)
    assert got.dtype == np.float64
