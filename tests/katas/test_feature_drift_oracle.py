"""The reference of `feature_drift` against oracles that share nothing with it."""

from __future__ import annotations

import itertools
import math
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of
from scipy.stats import ks_2samp  # type: ignore[import-untyped]

from pytest_mlkata.checks import Windows, times, windows

reference: Any = reference_of("feature_drift")

N_BINS = (2, 3, 4, 7, 10, 20)


def close(got: Any, right: Any) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), np.array(right, dtype=float), rtol=1e-10, atol=1e-12)


def present(sample: Any) -> list[Fraction]:
    return sorted(Fraction(float(value)) for value in sample if not math.isnan(value))


def edges_of(expected: list[Fraction], n_bins: int) -> list[Fraction]:
    """Quantiles in exact arithmetic: at position q (n - 1), between two neighbours."""
    edges = set()
    for k in range(1, n_bins):
        position = Fraction(k, n_bins) * (len(expected) - 1)
        below = math.floor(position)
        above = min(below + 1, len(expected) - 1)
        edges.add(expected[below] + (expected[above] - expected[below]) * (position - below))
    return sorted(edges)


def psi_of(expected: Any, actual: Any, n_bins: int = 10) -> float:
    """PSI bin by bin and value by value."""
    samples = present(expected), present(actual)
    ends: list[Any] = [-math.inf, *edges_of(samples[0], n_bins), math.inf]
    total = 0.0
    for low, high in itertools.pairwise(ends):
        e, a = (max(sum(low <= value < high for value in each) / len(each), 1e-4) for each in samples)
        total += (a - e) * math.log(a / e)
    return total


@pytest.mark.parametrize("n_bins", N_BINS)
def test_psi_agrees_with_counting_in_exact_arithmetic(n_bins: int) -> None:
    @settings(max_examples=60)
    @given(windows(n_bins=n_bins, missing=True))
    def agrees(pair: Windows) -> None:
        close(reference.population_stability_index(*pair.arguments, n_bins), psi_of(*pair.arguments, n_bins))

    agrees()


@settings(max_examples=200)
@given(windows(missing=True))
def test_ks_agrees_with_scipy(pair: Windows) -> None:
    a, b = (each[~np.isnan(each)].astype(float) for each in pair.arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the p-value, which nobody asks for
        right = ks_2samp(a, b, method="asymp").statistic
    close(reference.ks_statistic(*pair.arguments), right)


@settings(max_examples=200)
@given(windows(missing=True))
def test_missing_shift_agrees_with_counting(pair: Windows) -> None:
    before, now = (Fraction(sum(math.isnan(value) for value in each.tolist()), len(each)) for each in pair.arguments)
    close(reference.missing_shift(*pair.arguments), now - before)


@settings(max_examples=100)
@given(st.lists(windows(n_bins=10, missing=True), min_size=1, max_size=3))
def test_the_report_agrees_with_its_measures(pairs: list[Windows]) -> None:
    of_reference = [pair.reference for pair in pairs if len(pair.reference) == len(pairs[0].reference)]
    of_window = [np.resize(pair.current, len(pairs[0].current)) for pair in pairs][: len(of_reference)]
    of_window = [each if np.isfinite(each).any() else np.zeros_like(each) for each in of_window]
    report = reference.drift_report(np.column_stack(of_reference), np.column_stack(of_window))
    couples = list(zip(of_reference, of_window, strict=True))
    close(report["psi"], [reference.population_stability_index(*each) for each in couples])
    close(report["ks"], [reference.ks_statistic(*each) for each in couples])
    close(report["missing"], [reference.missing_shift(*each) for each in couples])


def alerts_of(above: dict[int, list[bool]], patience: int) -> list[tuple[int, int]]:
    """Look back from every window: the last `patience` are above, and the alert of this run is not older."""
    ends = sorted(above)
    found = []
    for i, end in enumerate(ends):
        for feature, now in enumerate(above[end]):
            run = list(itertools.takewhile(lambda e, f=feature: above[e][f], reversed(ends[: i + 1])))  # type: ignore[misc]
            if now and len(run) == patience:
                found.append((end, feature))
    return found


@settings(max_examples=150, deadline=None)
@given(
    states=st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=12),
    window=st.integers(1, 4),
    step=st.integers(1, 5),
    patience=st.integers(1, 3),
)
def test_alerts_agree_with_looking_back_from_every_window(
    states: list[tuple[bool, bool, bool]], window: int, step: int, patience: int
) -> None:
    before = np.column_stack([np.arange(10.0), np.repeat([0.0, 1.0], 5), np.full(10, 3.0)])
    rows = np.array(states, dtype=float).reshape(len(states), 3) * 20 + 3
    ends = [end for end in range(len(rows) + 1) if end >= window and (end - window) % step == 0]
    above = {end: [psi_of(before[:, j], rows[end - window : end, j]) > 4 for j in range(3)] for end in ends}
    got = reference.rolling_alerts(before, rows, window, step, threshold=4, patience=patience)
    assert [tuple(map(int, each)) for each in got] == alerts_of(above, patience)


@given(times(5, dtypes=("float64", "int64")), st.sampled_from((0.5, 1, 7, 30.0)))
def test_time_weights_agree_with_exponentials(ages: Any, half_life: float) -> None:
    ages = np.abs(ages) % 300
    close(reference.time_weights(ages, half_life), [math.exp(-math.log(2) * float(x) / half_life) for x in ages])


@given(
    psi=st.lists(st.sampled_from((0.0, 0.05, 0.1, 0.15, 0.2, 0.25)), min_size=1, max_size=3),
    missing=st.lists(st.sampled_from((0.0, 0.05, -0.05, 0.06, -0.06)), min_size=1, max_size=3),
    changed=st.booleans(),
    drop=st.sampled_from((-0.5, 0.0, 0.02, 0.03, 0.1, 0.11)),
)
def test_responses_agree_with_the_table(psi: list[float], missing: list[float], changed: bool, drop: float) -> None:  # noqa: FBT001
    table = {
        "fix_upstream": changed or any(each > 0.05 or each < -0.05 for each in missing),
        "fallback": drop > 0.1,
        "retrain": any(each > 0.2 for each in psi) and drop > 0.02,
        "investigate": any(each > 0.2 for each in psi),
        "watch": any(each > 0.1 for each in psi),
        "none": True,
    }
    right = next(answer for answer, applies in table.items() if applies)
    assert reference.respond(np.array(psi), np.array(missing), changed, drop) == right


def test_the_example_of_the_spec() -> None:
    expected, actual = np.arange(10.0), np.array([7.0, 8.0, 30.0, np.nan])
    assert reference.population_stability_index(expected, actual, n_bins=2) == pytest.approx(4.604318, abs=1e-6)
    assert reference.ks_statistic(expected, actual) == pytest.approx(0.7)
    assert reference.missing_shift(expected, actual) == pytest.approx(0.25)
    before = np.array([[0.0], [1]] * 5)
    rows = np.array([0.0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1])[:, None]
    assert reference.rolling_alerts(before, rows, 4, 4) == [(8, 0)]
    assert reference.rolling_alerts(before, rows, 4, 4, patience=2) == [(12, 0)]
    close(reference.time_weights(np.array([0.0, 30, 60]), 30), [1, 0.5, 0.25])
    assert reference.respond(np.array([0.05, 0.31]), np.array([0, -0.01]), False, 0.04) == "retrain"  # noqa: FBT003
