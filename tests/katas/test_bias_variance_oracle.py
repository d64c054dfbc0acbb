"""The reference of `bias_variance` against oracles that share nothing with it."""

from __future__ import annotations

import math
import re
import statistics
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import KATAS, reference_of
from scipy.stats import chi2, kstest, sem  # type: ignore[import-untyped]

linear_model: Any = pytest.importorskip("sklearn.linear_model", reason="the extra `oracles` is not installed")
preprocessing: Any = pytest.importorskip("sklearn.preprocessing", reason="the extra `oracles` is not installed")

reference: Any = reference_of("bias_variance")

QUARTERS = st.integers(-16, 16).map(lambda number: number / 4)
PENALTIES = st.sampled_from([0.0, 0.25, 2.0, 100.0])


@st.composite
def samples(draw: Any) -> tuple[Any, Any, int]:
    """Draw samples with more distinct x than coefficients, some of which repeat."""
    degree = draw(st.integers(0, 5))
    few = draw(st.lists(st.integers(-8, 8), min_size=degree + 2, max_size=degree + 6, unique=True))
    x = np.array(few + few[: draw(st.integers(0, 2))]) / 4
    y = np.array(draw(st.lists(QUARTERS, min_size=len(x), max_size=len(x))))
    return x, y, degree


def design(x: Any, degree: int) -> Any:
    return preprocessing.PolynomialFeatures(degree, include_bias=False).fit_transform(x[:, None])


def exact(x: Any, y: Any, degree: int, l2: float) -> list[Fraction]:
    """Solve the normal equations in fractions, by Cramer's way of Gauss and Jordan."""
    xs, ys = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
    rows = [
        [sum((v ** (i + j) for v in xs), Fraction(0)) + (Fraction(l2) if i == j > 0 else 0) for j in range(degree + 1)]
        + [sum((w * v**i for v, w in zip(xs, ys, strict=True)), Fraction(0))]
        for i in range(degree + 1)
    ]
    for i, row in enumerate(rows):
        rows[i] = [value / row[i] for value in row]
        for k, other in enumerate(rows):
            if k != i:
                rows[k] = [value - other[i] * mine for value, mine in zip(other, rows[i], strict=True)]
    return [row[-1] for row in rows]


@settings(max_examples=100)
@given(samples(), PENALTIES)
def test_the_fit_agrees_with_fractions(problem: tuple[Any, Any, int], l2: float) -> None:
    x, y, degree = problem
    right = [float(value) for value in exact(x, y, degree, l2)]
    np.testing.assert_allclose(reference.polynomial_fit(x, y, degree, l2), right, rtol=1e-7, atol=1e-7)


@settings(max_examples=100)
@given(samples(), st.sampled_from([0.25, 2.0, 100.0]))
def test_the_fit_agrees_with_ridge_regression_of_scikit_learn(problem: tuple[Any, Any, int], l2: float) -> None:
    x, y, degree = problem
    if not degree:
        np.testing.assert_allclose(reference.polynomial_fit(x, y, 0, l2), [y.mean()], atol=1e-12)
        return
    ridge = linear_model.Ridge(alpha=l2, solver="svd").fit(design(x, degree), y)
    right = [ridge.intercept_, *ridge.coef_]
    np.testing.assert_allclose(reference.polynomial_fit(x, y, degree, l2), right, rtol=1e-7, atol=1e-8)


@settings(max_examples=100)
@given(samples())
def test_fit_and_prediction_agree_with_numpys_polynomials(problem: tuple[Any, Any, int]) -> None:
    x, y, degree = problem
    series = np.polynomial.Polynomial.fit(x, y, degree).convert()
    right: Any = np.append(series.coef, np.zeros(degree + 1 - len(series.coef)))
    coef = reference.polynomial_fit(x, y, degree)
    np.testing.assert_allclose(coef, right, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(reference.polynomial_predict(coef, x), np.polyval(coef[::-1], x), rtol=1e-9, atol=1e-9)


@st.composite
def ensembles(draw: Any) -> tuple[Any, Any]:
    """Draw predictions of R models at m points and the truth."""
    models, count = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    numbers = draw(st.lists(QUARTERS, min_size=(models + 1) * count, max_size=(models + 1) * count))
    values = np.array(numbers).reshape(models + 1, count)
    return values[1:], values[0]


@settings(max_examples=200)
@given(ensembles(), QUARTERS)
def test_the_parts_agree_with_statistics_point_by_point(problem: tuple[Any, Any], noise_std: float) -> None:
    predictions, truth = problem
    columns = [[Fraction(value) for value in column] for column in predictions.T.tolist()]
    bias = [statistics.mean(column) - Fraction(f) for column, f in zip(columns, truth.tolist(), strict=True)]
    bias_squared = statistics.mean([value**2 for value in bias])
    variance = statistics.mean([statistics.pvariance(column) for column in columns])
    got = reference.bias_variance(predictions, truth)
    np.testing.assert_allclose(got, (float(bias_squared), float(variance)), rtol=1e-12, atol=1e-14)
    right = float(bias_squared + variance + Fraction(noise_std) ** 2)
    assert reference.expected_error(predictions, truth, noise_std) == pytest.approx(right, rel=1e-12, abs=1e-14)


def test_the_expected_error_is_the_mean_error_on_fresh_observations() -> None:
    rng = np.random.default_rng(0)
    predictions, truth = rng.normal(size=(7, 5)), rng.normal(size=5)
    observed = truth + 0.5 * rng.standard_normal((200_000, 1, 5))
    errors = ((predictions - observed) ** 2).mean(axis=(1, 2))
    assert abs(errors.mean() - reference.expected_error(predictions, truth, 0.5)) < 6 * sem(errors)


@settings(max_examples=50)
@given(samples(), PENALTIES)
def test_the_simulation_without_noise_agrees_with_scikit_learn(problem: tuple[Any, Any, int], l2: float) -> None:
    x, f, degree = problem
    right = np.full(len(x), f.mean())
    if degree:
        features = design(x, degree)
        model = linear_model.Ridge(alpha=l2, solver="svd") if l2 else linear_model.LinearRegression()
        right = model.fit(features, f).predict(features)
    got = reference.simulate(f, x, degree, 0.0, 2, 0, l2)
    np.testing.assert_allclose(got, [right, right], rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("l2", [0.0, 0.75])
def test_the_simulation_agrees_with_the_closed_form(l2: float) -> None:
    x, f = np.array([0.5, -1.0, 2.0, 0.0, 1.25, -1.75]), np.array([1.0, 0.25, -2.0, 3.0, 0.5, -1.0])
    columns = [reference.polynomial_predict(reference.polynomial_fit(x, unit, 2, l2), x) for unit in np.eye(6)]
    smoother = np.array(columns).T
    n = 20_000
    departures = reference.simulate(f, x, 2, 0.5, n, 1, l2) - smoother @ f
    covariance = 0.25 * smoother @ smoother.T
    mean = departures.mean(axis=0)
    assert n * mean @ np.linalg.pinv(covariance, rcond=1e-10) @ mean < chi2.isf(1e-9, 3)
    np.testing.assert_allclose(np.cov(departures.T), covariance, atol=0.01)
    for row, deviation in zip(departures.T, np.sqrt(np.diag(covariance)), strict=True):
        assert kstest(row / deviation, "norm").pvalue > 1e-9
        assert abs(np.corrcoef(row[:-1], row[1:])[0, 1]) < 6 / math.sqrt(n)


@settings(max_examples=200)
@given(
    st.integers(2, 6).flatmap(
        lambda folds: st.lists(st.lists(st.integers(-40, 40), min_size=folds, max_size=folds), min_size=1, max_size=6)
    )
)
def test_the_rule_agrees_with_statistics(table: list[list[int]]) -> None:
    means = [statistics.mean([Fraction(error) for error in row]) for row in table]
    lowest = min(means)
    best = means.index(lowest)
    if means.count(lowest) > 1:
        return
    # The limit without a root: how far behind, squared, against the square of the standard error.
    square = statistics.variance([Fraction(error) for error in table[best]]) / len(table[best])
    behind = [(mean - lowest) ** 2 for mean in means]
    if any(distance == square for distance in behind if distance):
        return
    right = next(i for i, distance in enumerate(behind) if distance <= square)
    got = reference.one_standard_error_rule(np.array(table) / 8)
    assert got == right
    assert sem(table[best]) == pytest.approx(math.sqrt(square))


def test_the_example_of_the_spec() -> None:
    text = (KATAS / "bias_variance" / "spec.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"np": np} | {name: getattr(reference, name) for name in dir(reference) if name[0] != "_"}
    for name, array in re.findall(r"(\w+) += (np\.array\(.*?\]\))(?:  |\n)", text):
        names[name] = eval(array, {"np": np})  # the text is this repository's own
    calls = re.findall(r"^    (\w+\(.*?\)) +[≈=] +(\(.*?\)|\[.*\]|\S+)", text, re.MULTILINE)
    assert len(calls) == 7
    for call, expected in calls:
        np.testing.assert_allclose(eval(call, dict(names)), eval(expected, {}), atol=6e-7, err_msg=call)
