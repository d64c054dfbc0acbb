from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytest_mlkata.checks import raises
from pytest_mlkata.errors import CheckFailed, NotStarted, SubmissionRaised


class SubmissionValueError(SubmissionRaised, ValueError):
    pass


class SubmissionTypeError(SubmissionRaised, TypeError):
    pass


X, y = np.zeros((3, 2)), np.zeros(3, dtype=np.int64)


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
        "fit(float64 (3, 2), int64 (3,)) must raise ValueError for labels other than 0/1, but returned ([["
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
