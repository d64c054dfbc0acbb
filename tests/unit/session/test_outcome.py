"""How a check ended decides its status and what is said of it."""

from __future__ import annotations

import pytest

from pytest_mlkata.errors import (
    CheckFailed,
    Inconclusive,
    NotStarted,
    SubmissionRaised,
    SubmissionStopped,
    SubmissionUnloadable,
)
from pytest_mlkata.model import Status
from pytest_mlkata.session.outcome import PASSED, Blocked, BrokenKata, judge


@pytest.mark.parametrize(
    ("ended", "status", "message"),
    [
        (CheckFailed("expected 1, got 2"), Status.FAILED, "expected 1, got 2"),
        (AssertionError("expected 1"), Status.FAILED, "expected 1"),
        (AssertionError(), Status.FAILED, "the property does not hold"),
        (CheckFailed(" "), Status.FAILED, "CheckFailed"),
        (pytest.fail.Exception("DID NOT RAISE ValueError"), Status.FAILED, "DID NOT RAISE ValueError"),
        (SubmissionRaised("ValueError: no"), Status.ERROR, "ValueError: no"),
        (SubmissionStopped("took more than 2 s"), Status.ERROR, "took more than 2 s"),
        (SubmissionUnloadable("ranks.py, line 3: SyntaxError"), Status.ERROR, "ranks.py, line 3: SyntaxError"),
        (NotStarted("`rank` is not defined"), Status.NOT_STARTED, "`rank` is not defined"),
        (Inconclusive("about 9 times"), Status.INCONCLUSIVE, "about 9 times"),
        (Blocked("rank is not correct yet"), Status.BLOCKED, "rank is not correct yet"),
        (BrokenKata("the reference fails it"), Status.BROKEN, "the reference fails it"),
        (KeyError("w"), Status.FAILED, "the answer has a form that cannot be used: KeyError: 'w'"),
        (SystemExit(0), Status.FAILED, "the answer has a form that cannot be used: SystemExit: 0"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_the_table(ended: BaseException, status: Status, message: str) -> None:
    outcome = judge(ended, "x = 1")
    assert (outcome.status, outcome.message, outcome.counterexample) == (status, message, "x = 1")


def test_a_submission_that_raises_as_a_check_would_is_an_error() -> None:
    class Both(SubmissionRaised, AssertionError):
        pass

    assert judge(Both("AssertionError: own")).status is Status.ERROR


def test_passed_says_nothing() -> None:
    assert (PASSED.status, PASSED.message, PASSED.counterexample) == (Status.PASSED, "", "")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("assert 1 == 2\n +  where 1 = f(0)", "assert 1 == 2"),
        ("ranks must rise\nassert [2, 1] == [1, 2]\n  At index 0", "ranks must rise"),
        ("ranks must rise\nas integers\nassert False", "ranks must rise\nas integers"),
    ],
)
def test_of_an_assertion_what_its_author_wrote_is_said(said: str, message: str) -> None:
    """The rest depends on -v and on the CI service."""
    assert judge(AssertionError(said)).message == message


def test_addresses_are_left_out() -> None:
    outcome = judge(CheckFailed("got <object object at 0x7f12aB34>"), "f = <function f at 0x1>")
    assert (outcome.message, outcome.counterexample) == ("got <object object>", "f = <function f>")
    assert judge(KeyError(object)).message.endswith("KeyError: <class 'object'>")
