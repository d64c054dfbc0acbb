"""The reference of `logistic_regression` against oracles that share nothing with it."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import KATAS, reference_of
from scipy.optimize import approx_fprime  # type: ignore[import-untyped]
from scipy.special import expit, log_expit  # type: ignore[import-untyped]

from pytest_mlkata.checks import BinaryProblem, binary_problems

KATA = KATAS / "logistic_regression"

reference: Any = reference_of("logistic_regression")


@given(st.floats(-1e6, 1e6) | st.floats(-50, 50))
def test_sigmoid_agrees_with_scipy(z: float) -> None:
    np.testing.assert_allclose(reference.sigmoid(z), expit(z), rtol=1e-14, atol=0)


@pytest.mark.parametrize("z", ["-700", "-36.5", "-1", "0", "0.3", "17", "37"])
def test_sigmoid_agrees_with_forty_digits(z: str) -> None:
    with localcontext(prec=40):
        right = 1 / (1 + (-Decimal(z)).exp())
    assert float(reference.sigmoid(float(z))) == pytest.approx(float(right), rel=1e-14, abs=0)


@settings(max_examples=200)
@given(binary_problems(), st.sampled_from([0.0, 0.1, 2.0]))
def test_loss_agrees_with_log_expit(problem: BinaryProblem, l2: float) -> None:
    X, y, w = (array.astype(float) for array in problem.inputs)
    z = X @ w + problem.b
    right = -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z)) + l2 / 2 * np.dot(w, w)
    got = reference.loss(problem.X, problem.y, problem.w, problem.b, l2)
    np.testing.assert_allclose(got, right, rtol=1e-12, atol=1e-15)


@settings(max_examples=100)
@given(binary_problems(huge=False), st.sampled_from([0.0, 0.1, 2.0]))
def test_gradient_agrees_with_scipys_differences_of_log_expit(problem: BinaryProblem, l2: float) -> None:
    X, y, w = (array.astype(float) for array in problem.inputs)

    def loss(point: Any) -> Any:
        z = X @ point[:-1] + point[-1]
        return -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z)) + l2 / 2 * np.dot(point[:-1], point[:-1])

    dw, db = reference.gradient(problem.X, problem.y, problem.w, problem.b, l2)
    right = approx_fprime(np.append(w, problem.b), loss, 1e-7)
    np.testing.assert_allclose(np.append(dw, db), right, rtol=1e-4, atol=3e-6)


@settings(max_examples=100)
@given(binary_problems(huge=False), st.sampled_from([0.0, 0.1, 2.0]), st.integers(0, 8))
def test_fit_agrees_with_steps_written_out(problem: BinaryProblem, l2: float, n_iter: int) -> None:
    X, y, _ = (array.astype(float) for array in problem.inputs)
    design = np.column_stack([X, np.ones(len(X))])
    theta = np.zeros(design.shape[1])
    for _ in range(n_iter):
        errors = [expit(row @ theta) - label for row, label in zip(design, y, strict=True)]
        slopes = [
            np.mean([error * row[j] for error, row in zip(errors, design, strict=True)]) for j in range(len(theta))
        ]
        theta = theta - 0.1 * (np.array(slopes) + l2 * np.append(theta[:-1], 0.0))
    w, b = reference.fit(problem.X, problem.y, 0.1, n_iter, l2)
    np.testing.assert_allclose(np.append(w, b), theta, rtol=1e-10, atol=1e-12)


def test_bce_loss_agrees_with_the_definition() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.001, 0.999, 500)
    y = rng.integers(0, 2, 500)
    right = -sum(np.log(chance if label else 1 - chance) for label, chance in zip(y, p, strict=True)) / 500
    assert reference.bce_loss(y, p) == pytest.approx(right, rel=1e-12)


def test_the_example_of_the_spec_is_right() -> None:
    X, y, w = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1, 0]), np.array([0.5, -0.25])
    lines = (KATA / "spec.md").read_text(encoding="utf-8").splitlines()

    def says(call: str) -> list[float]:
        (line,) = [line for line in lines if line.strip().startswith(call)]
        answer = line.split("≈")[1].split("   ")[0]
        return [float(number) for number in answer.strip().translate(str.maketrans("[](),", "     ")).split()]

    def flat(pair: tuple[Any, Any]) -> list[float]:
        return [*pair[0].tolist(), float(pair[1])]

    expected = {
        "predict_proba(X, w, b)": reference.predict_proba(X, w, 0.1).tolist(),
        "loss(X, y, w, b)": [reference.loss(X, y, w, 0.1)],
        "loss(X, y, w, b, l2=0.4)": [reference.loss(X, y, w, 0.1, 0.4)],
        "gradient(X, y, w, b)": flat(reference.gradient(X, y, w, 0.1)),
        "fit(X, y, n_iter=1)": flat(reference.fit(X, y, n_iter=1)),
        "fit(X, y, n_iter=2)": flat(reference.fit(X, y, n_iter=2)),
    }
    for call, right in expected.items():
        assert says(call) == pytest.approx(right, abs=6e-7), call
