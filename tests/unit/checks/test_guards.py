from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.checks import assert_arguments_unchanged, assert_repeatable
from pytest_mlkata.errors import CheckFailed


class Submission:
    def __init__(self) -> None:
        self._calls = 0

    def with_arguments(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        args = copy.deepcopy(args)
        return getattr(self, name)(*args, **kwargs), args, kwargs

    def polite(self, X: Any, y: Any) -> Any:
        return X.sum(), y

    def rude(self, X: Any, y: Any) -> Any:
        y[1] = 7
        return X

    def grows(self, X: list[int], y: Any) -> Any:
        X.append(1)
        return y

    def remembers(self, X: Any) -> tuple[Any, float]:
        self._calls += 1
        return X, float(self._calls)

    def rounds_differently(self, X: Any) -> tuple[Any, str]:
        self._calls += 1
        return X + 1e-14 * self._calls, "same"


def test_an_argument_that_changes_is_named_with_its_place() -> None:
    X, y = np.array([1.0, np.nan]), np.array([0, 1])
    assert_arguments_unchanged(Submission(), "polite", X, y, names="X, y")
    with pytest.raises(CheckFailed, match=r"rude\(X, y\) changes y, which belongs to the caller: at \[1\], 1 became 7"):
        assert_arguments_unchanged(Submission(), "rude", X, y, names="X, y")
    with pytest.raises(CheckFailed, match="changes argument 1, which belongs to the caller: int64"):
        assert_arguments_unchanged(Submission(), "grows", [0], y)


def test_a_second_call_must_agree_but_for_rounding() -> None:
    X = np.array([1.0, np.nan])
    assert_repeatable(Submission(), "rounds_differently", X, other=(2 * X,), call="f(X)")
    with pytest.raises(CheckFailed, match=r"^f\(X\) gave .* when called again after a call with other data"):
        assert_repeatable(Submission(), "remembers", X, other=(2 * X,), call="f(X)")
