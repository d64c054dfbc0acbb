from __future__ import annotations

from math import gcd

import numpy as np
import pytest
from drawing import assert_every_edge_is_met, examples, smallest

from pytest_mlkata.checks import LAYOUTS, windows
from pytest_mlkata.checks.data.samples import CONTENTS, MISSING


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert_every_edge_is_met(windows(missing=True), (*CONTENTS, *MISSING, *LAYOUTS))


@pytest.mark.parametrize("missing", [False, True])
def test_windows_keep_the_contract(missing: bool) -> None:  # noqa: FBT001
    drawn = examples(windows(missing=missing), 500)
    for pair in drawn:
        for window in pair.arguments:
            assert window.ndim == 1
            assert np.isfinite(window).any()
            assert missing or np.isfinite(window).all()
            assert not np.isinf(window).any()
            assert np.isfinite(window).sum() <= 12
        assert pair.arguments == pair.inputs
    assert {pair.reference.dtype.name for pair in drawn} == {"float64", "float32"}
    sizes = [(len(pair.reference), len(pair.current)) for pair in drawn]
    for compared in (np.less, np.equal, np.greater):
        assert sum(compared(*size) for size in sizes) > 50
    assert any(1 in size for size in sizes)


def test_an_edge_is_what_it_is_called() -> None:
    for pair in examples(windows(), 500):
        reference, current = (sorted(window.tolist()) for window in pair.arguments)
        assert {
            "any values": True,
            "few distinct values": len({*reference, *current}) <= 3,
            "equal windows": current in (reference, sorted(reference * 2)),
            "same values in another order": current in (reference, sorted(reference * 2)),
            "constant reference": len(set(reference)) == 1,
            "constant current": len(set(current)) == 1,
            "current above the reference": min(current) > max(reference),
            "current beyond both ends": not [x for x in current if min(reference) <= x <= max(reference)],
            "shifted": True,
            "one value each": len(reference) == len(current) == 1,
        }[pair.edge.split("; ")[0]], pair


@pytest.mark.parametrize("n_bins", [2, 3, 4, 10])
def test_no_value_lies_on_an_edge_by_rounding(n_bins: int) -> None:
    on_an_edge = 0
    for pair in examples(windows(n_bins=n_bins, missing=True), 500):
        reference = pair.reference[np.isfinite(pair.reference)].astype(float)
        n = len(reference)
        assert n == 1 or gcd(n - 1, n_bins) == 1
        edges = np.quantile(reference, np.arange(1, n_bins) / n_bins)
        ranked = np.sort(reference)
        lower = np.floor(np.arange(1, n_bins) * (n - 1) / n_bins).astype(int)
        doubtful = edges[ranked[lower] != ranked[np.minimum(lower + 1, n - 1)]]
        values = np.concatenate([reference, pair.current[np.isfinite(pair.current)]])
        assert np.abs(values[:, None] - doubtful).min(initial=1) > 0.01
        on_an_edge += bool(np.isin(pair.current, edges).any())
    assert on_an_edge > 50


def test_ties_inside_and_between_windows_are_met_within_sixty_draws() -> None:
    drawn = examples(windows(), 60)
    assert sum(len(np.unique(pair.reference)) < len(pair.reference) for pair in drawn) > 20
    assert sum(bool(np.isin(pair.current, pair.reference).any()) for pair in drawn) > 20
    assert sum(bool((pair.current < pair.reference.min()).any()) for pair in drawn) > 3
    assert sum(bool((pair.current > pair.reference.max()).any()) for pair in drawn) > 3


def test_options_narrow_what_is_drawn() -> None:
    for pair in examples(windows(max_length=4, dressed=False), 100):
        for window in pair.arguments:
            assert 1 <= len(window) <= 4
            assert window.dtype == np.float64
            assert window.flags.c_contiguous
            assert window.flags.writeable
    with pytest.raises(ValueError, match="max_length must be at least 4, got 3"):
        windows(max_length=3)


@pytest.mark.parametrize("edge", [*CONTENTS, *MISSING])
def test_a_counterexample_is_small(edge: str) -> None:
    pair = smallest(windows(missing=True), lambda pair: edge in pair.edge.split("; "))
    assert len(pair.reference) <= 3
    assert len(pair.current) <= 4
    assert set(np.abs(np.nan_to_num(np.concatenate(pair.arguments))).tolist()) <= {0, 1, 20}


def test_a_counterexample_of_unequal_lengths_is_small() -> None:
    pair = smallest(windows(), lambda pair: len(pair.current) > len(pair.reference))
    assert (pair.reference.tolist(), pair.current.tolist()) == ([0.0], [0.0, 0.0])
