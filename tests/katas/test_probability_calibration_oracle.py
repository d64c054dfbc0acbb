"""The reference of `probability_calibration` against oracles that share nothing with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from references import reference_of
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit, log_expit  # type: ignore[import-untyped]

from pytest_mlkata.checks import BinaryScores, binary_scores, sample_weights

calibration: Any = pytest.importorskip("sklearn.calibration", reason="the extra `oracles` is not installed")
linear_model: Any = pytest.importorskip("sklearn.linear_model", reason="the extra `oracles` is not installed")
isotonic: Any = pytest.importorskip("sklearn.isotonic", reason="the extra `oracles` is not installed")
metrics: Any = pytest.importorskip("sklearn.metrics", reason="the extra `oracles` is not installed")

reference: Any = reference_of("probability_calibration")


def cross_entropy(theta: Any, z: Any, t: Any) -> Any:
    """Platt's objective, written anew."""
    logit = -(theta[0] * z + theta[1])
    return -np.mean(t * log_expit(logit) + (1 - t) * log_expit(-logit))


def slopes(theta: Any, z: Any, t: Any) -> Any:
    """Its derivatives by the two parameters."""
    gap = t - expit(-(theta[0] * z + theta[1]))
    return np.array([np.mean(gap * z), np.mean(gap)])


def curvature(theta: Any, z: Any, _t: Any) -> Any:
    """Its second derivatives, in which the targets have no part."""
    p = expit(-(theta[0] * z + theta[1]))
    by_both = np.mean(p * (1 - p) * z)
    return np.array([[np.mean(p * (1 - p) * z**2), by_both], [by_both, np.mean(p * (1 - p))]])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    binary_scores(both_classes=True, dressed=False), st.sampled_from([1.0, 1e-3, 1e4]), st.sampled_from([0.0, 100.0])
)
def test_platts_curve_agrees_with_scipys_minimum(problem: BinaryScores, factor: float, offset: float) -> None:
    y, s = problem.arguments
    if s.std() < 1e-9:
        return
    s = ((s - s.mean()) / s.std() + offset) * factor
    z = (s - s.mean()) / s.std()
    t = np.where(y == 1, (sum(y) + 1) / (sum(y) + 2), 1 / (sum(1 - y) + 2))
    # With exact derivatives: a BFGS that takes differences for slopes sometimes gives up in their noise.
    start, how = np.zeros(2), {"method": "trust-exact", "options": {"gtol": 1e-9}}
    best = minimize(cross_entropy, start, (z, t), jac=slopes, hess=curvature, **how)
    a, b = reference.platt_scale(s, y)
    np.testing.assert_allclose((a * s.std(), b + a * s.mean()), best.x, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(slopes((a * s.std(), b + a * s.mean()), z, t), 0, atol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_platts_curve_agrees_with_sklearn_given_every_sample_as_both_classes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = (rng.random(200) < 0.2).astype(int)
    s = rng.normal(size=200) + 2 * y
    t = np.where(y == 1, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))
    model = linear_model.LogisticRegression(C=1e9, tol=1e-10)
    model.fit(np.tile(s, 2)[:, None], np.repeat([1, 0], 200), sample_weight=np.append(t, 1 - t))
    np.testing.assert_allclose(reference.platt_scale(s, y), (-model.coef_[0, 0], -model.intercept_[0]), rtol=1e-4)


@settings(max_examples=300)
@given(st.data(), st.lists(st.tuples(st.integers(0, 6), st.integers(-4, 4)), min_size=1, max_size=10))
def test_the_isotonic_fit_agrees_with_sklearn(data: st.DataObject, points: list[tuple[int, int]]) -> None:
    x, y = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    weight = data.draw(st.none() | sample_weights(len(x), dressed=False))
    thresholds, values = reference.isotonic_fit(x, y, weight)
    assert (np.diff(thresholds) > 0).all()
    assert len(thresholds) == len(values)
    model = isotonic.IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=weight)
    where = np.linspace(-1, 7, 33)
    np.testing.assert_allclose(reference.isotonic_predict(thresholds, values, where), model.predict(where), atol=1e-9)


@settings(max_examples=200)
@given(binary_scores(logits=False), st.sampled_from([1, 2, 7, 10, 1000]))
def test_bins_agree_with_sklearn_and_with_counting(problem: BinaryScores, n_bins: int) -> None:
    y, p = problem.y_true.astype(float), problem.y_score.astype(float)
    p = np.where((p == 0) | (p == 1), p, p * 0.99 + 0.00317)  # off the edges
    mean_p, rate, count = reference.reliability_curve(y, p, n_bins)
    right_rate, right_p = calibration.calibration_curve(y, p, n_bins=n_bins)
    np.testing.assert_allclose(mean_p, right_p, atol=1e-12)
    np.testing.assert_allclose(rate, right_rate, atol=1e-12)
    in_bin = [[min(int(each * n_bins), n_bins - 1) for each in p].count(b) for b in range(n_bins)]
    assert list(count) == [each for each in in_bin if each]
    error = sum(c / len(y) * abs(m - r) for c, m, r in zip(count, mean_p, rate, strict=True))
    assert reference.expected_calibration_error(y, p, n_bins) == pytest.approx(error, abs=1e-12)
    assert reference.brier_score(y, p) == pytest.approx(metrics.brier_score_loss(y, p, pos_label=1), abs=1e-12)


def test_the_example_of_the_spec() -> None:
    np.testing.assert_allclose(
        reference.platt_scale(np.array([-1.0, 1.0]), np.array([0, 1])), (-0.693147, 0), atol=1e-6
    )
    x, y = np.array([3.0, 1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 3.0, 4.0, 5.0])
    for weight, level in ((None, 2.333333), (np.array([1.0, 1.0, 4.0, 1.0, 1.0]), 2.666667)):
        thresholds, values = reference.isotonic_fit(x, y, weight)
        np.testing.assert_allclose(thresholds, [1, 2, 3, 4])
        np.testing.assert_allclose(values, [1, level, level, 5], atol=1e-6)
    got = reference.isotonic_predict(
        np.array([1.0, 2.0, 4.0]), np.array([0.0, 0.5, 1.0]), np.array([3.0, 0.0, 1.5, 9.0])
    )
    np.testing.assert_allclose(got, [0.75, 0, 0.25, 1])
    y_true, p = np.array([0, 0, 1, 1, 1]), np.array([0.0, 0.125, 0.375, 0.875, 1.0])
    mean_p, rate, count = reference.reliability_curve(y_true, p, 4)
    np.testing.assert_allclose(mean_p, [0.0625, 0.375, 0.9375])
    np.testing.assert_allclose(rate, [0, 1, 1])
    assert list(count) == [2, 1, 2]
    assert reference.expected_calibration_error(y_true, p, 4) == pytest.approx(0.175)
    assert reference.brier_score(y_true, p) == pytest.approx(0.084375)
