from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlkata.checks import assert_agrees, assert_derivative, finite_differences, raises
from pytest_mlkata.errors import CheckFailed, NotStarted, SubmissionRaised


class Submission:
    """A solution as a check sees it, with functions made of lambdas."""

    def __init__(self, **functions: Any) -> None:
        vars(self).update(functions)

    def parameters_of(self, name: str) -> tuple[str, ...]:
        return {"fit": ("X", "y", "lr"), "mean": ("x",)}.get(name, ())


class Anything:
    """A solution that takes every name for one of its functions."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: name


def always(answer: Any) -> Any:
    """A function that gives this answer whatever it is asked."""
    return lambda *_, **__: answer


def mean(x: Any) -> Any:
    return np.mean(x)


ANSWER = SimpleNamespace(mean=mean, fit=lambda X, y, lr=0.1: (X.sum(axis=0), lr * y.sum()))
X, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 2.0])


def said(solution: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(CheckFailed) as caught:
        assert_agrees(solution, ANSWER, *args, **kwargs)
    return str(caught.value)


# The reference


def test_both_are_called_with_the_same_arguments() -> None:
    seen = []

    def fit(*args: Any, **kwargs: Any) -> Any:
        seen.append((args, kwargs))
        return 1.0

    assert_agrees(Submission(fit=fit), SimpleNamespace(fit=fit), "fit", X, 3, lr=0.5)
    assert seen == [((X, 3), {"lr": 0.5})] * 2


def test_a_difference_names_the_call_by_the_stub() -> None:
    wrong = Submission(mean=np.sum)
    assert said(wrong, "mean", y) == "mean(x): expected 1.5, got 3.0 (off by 1.5)"
    assert said(wrong, "mean", y, note="x backwards").startswith("mean(x), x backwards: expected")
    assert said(SimpleNamespace(mean=np.sum), "mean", y).startswith("mean(float64 (2,)): expected")


def test_a_name_of_the_solution_s_is_not_mistaken_for_what_the_stub_says() -> None:
    assert said(Anything(), "mean", y) == "mean(float64 (2,)) must return a single number, got 'mean'"


def test_parts_are_compared_each_by_its_name() -> None:
    assert_agrees(Submission(fit=always([[4, 6], 1.5])), ANSWER, "fit", X, y, parts="w, b", lr=0.5)
    wrong_w = Submission(fit=always(([4.0, 7.0], 0.3)))
    assert said(wrong_w, "fit", X, y, parts="w, b").startswith("w of fit(X, y): 1 of 2 numbers are wrong; ")
    wrong_b = Submission(fit=always(([4.0, 6.0], 0.0)))
    message = said(wrong_b, "fit", X, y, parts="w,b", lr=2, note="any")
    assert message.startswith("b of fit(X, y, lr=2), any: expected 6.0")
    no_pair = Submission(fit=always(3))
    assert said(no_pair, "fit", X, y, parts="w, b") == "fit(X, y) must return a pair (w, b), got 3"


def test_as_many_parts_as_are_named_must_come_of_the_reference() -> None:
    with pytest.raises(ValueError, match="zip"):
        assert_agrees(Submission(fit=always((1, 2, 3))), ANSWER, "fit", X, y, parts="a, b, c")


def test_few_digits_of_an_argument_are_few_of_the_answer() -> None:
    off = Submission(mean=lambda x: np.mean(x) * (1 + 5e-5))
    assert_agrees(off, ANSWER, "mean", y.astype(np.float32))
    assert_agrees(off, ANSWER, "mean", x=y.astype(np.float32))
    assert "off by" in said(off, "mean", y)


def test_tolerances_are_handed_on() -> None:
    off = Submission(mean=lambda x: np.mean(x) + 1e-3)
    assert_agrees(off, ANSWER, "mean", y, rtol=1e-3)
    assert_agrees(off, ANSWER, "mean", y, atol=2e-3)
    assert_agrees(off, ANSWER, "mean", y, magnitude=1e5)
    assert "off by 0.001" in said(off, "mean", y, magnitude=10)


def test_an_error_of_the_reference_s_is_not_the_solution_s() -> None:
    def refuse(_: Any) -> Any:
        raise ValueError("of the kata")

    with pytest.raises(ValueError, match="of the kata"):
        assert_agrees(Submission(mean=mean), SimpleNamespace(mean=refuse), "mean", y)


# Derivatives


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4))
def test_a_smooth_function_is_differentiated(values: list[float]) -> None:
    point = np.array(values)
    slopes = finite_differences(lambda v: float(np.sin(v).sum() + v[0] ** 2), point)
    expected = np.cos(point)
    expected[0] += 2 * point[0]
    np.testing.assert_allclose(slopes, expected, atol=1e-7)


def test_the_shape_is_kept_and_the_point_is_not_changed() -> None:
    point = np.ones((2, 3), dtype=np.float32)
    slopes = finite_differences(lambda v: float((v**3).sum()), point)
    assert slopes.shape == (2, 3)
    assert slopes.dtype == np.float64
    np.testing.assert_array_equal(point, 1)
    np.testing.assert_allclose(slopes, 3, rtol=1e-7)


def test_a_number_is_a_point_too() -> None:
    assert abs(float(finite_differences(lambda v: float(v) ** 2, 1e6)) - 2e6) < 100


def test_a_derivative_agrees_with_finite_differences() -> None:
    point = np.array([1.0, -2.0])
    assert_derivative(2 * point, lambda w: float(w @ w), point, "gradient(w)")
    assert_derivative([[2.0, 0.0]], lambda w: float((w**2).sum()), np.array([[1.0, 0.0]]), "gradient(w)")
    assert_derivative(3.0, lambda b: float(3 * b), 0.5, "db")
    with pytest.raises(CheckFailed, match=r"^gradient\(w\), by finite differences: 2 of 2 numbers are wrong"):
        assert_derivative(point, lambda w: float(w @ w), point, "gradient(w)")
    with pytest.raises(CheckFailed, match=r"must return an array of shape \(2,\), got a single number|an array of"):
        assert_derivative(1.0, lambda w: float(w @ w), point, "gradient(w)")


def test_the_tolerance_of_a_derivative_can_be_chosen() -> None:
    assert_derivative(1.01, float, 0.0, "db", rtol=0.1)
    assert_derivative(1.01, float, 0.0, "db", atol=0.1)
    with pytest.raises(CheckFailed):
        assert_derivative(1.01, float, 0.0, "db")
    # A step that is too large shows the curve.
    with pytest.raises(CheckFailed):
        assert_derivative(0.0, lambda b: float(b**3), 0.0, "db", step=0.1)


# Bad input


class SubmissionValueError(SubmissionRaised, ValueError):
    pass


class SubmissionTypeError(SubmissionRaised, TypeError):
    pass


def fit(X: Any, y: Any, error: BaseException | None = None) -> Any:
    if error is not None:
        raise error
    return X, y


def test_the_class_asked_for_will_do() -> None:
    raises(ValueError, fit, X, y, SubmissionValueError("no"), because="labels other than 0/1")


def test_an_answer_is_named() -> None:
    with pytest.raises(CheckFailed) as failure:
        raises(ValueError, fit, X, y, because="labels other than 0/1")
    assert str(failure.value).startswith(
        "fit(float64 (2, 2), float64 (2,)) must raise ValueError for labels other than 0/1, but returned ([["
    )


def test_another_exception_is_named() -> None:
    with pytest.raises(CheckFailed, match="must raise ValueError for no samples\\. Instead: TypeError: oh"):
        raises(ValueError, fit, X, y, error=SubmissionTypeError("TypeError: oh"), because="no samples")


def test_faults_of_the_judge_and_missing_functions_pass_through() -> None:
    with pytest.raises(ZeroDivisionError):
        raises(ValueError, fit, X, y, ZeroDivisionError(), because="x")
    # A ValueError that is not the submission's is the check's own mistake.
    with pytest.raises(ValueError, match=r"^own$"):
        raises(ValueError, fit, X, y, ValueError("own"), because="x")
    with pytest.raises(NotStarted):
        raises(ValueError, fit, X, y, NotStarted("fit"), because="x")
