"""From the end of a check to its status and its message."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pytest_mlkata.errors import CheckFailed, Inconclusive, NotStarted, SubmissionRaised, SubmissionStopped
from pytest_mlkata.model import Status


@dataclass(frozen=True)
class Outcome:
    """What running one check came to."""

    status: Status
    message: str = ""
    counterexample: str = ""


PASSED = Outcome(Status.PASSED)


class Blocked(BaseException):
    """The check was not run, since what it presupposes does not hold."""


class BrokenKata(Exception):
    """The kata's own reference fails the check: no submission can be judged by it."""


_STATUS: tuple[tuple[type[BaseException], Status], ...] = (
    (NotStarted, Status.NOT_STARTED),
    (SubmissionStopped, Status.ERROR),
    (SubmissionRaised, Status.ERROR),
    (Inconclusive, Status.INCONCLUSIVE),
    (Blocked, Status.BLOCKED),
    (BrokenKata, Status.BROKEN),
    (CheckFailed, Status.FAILED),
    (AssertionError, Status.FAILED),
    # What `pytest.raises` says where nothing is raised.
    (pytest.fail.Exception, Status.FAILED),
)


def judge(ended: BaseException, counterexample: str = "") -> Outcome:
    """The outcome of a check that ended by raising `ended`.

    An exception that the table does not know was raised by the check's own code, which could not handle the answer.
    (Where the reference cannot be handled either, the caller finds the kata broken.)
    """
    for kind, status in _STATUS:
        if isinstance(ended, kind):
            return Outcome(status, _text(ended), counterexample)
    return Outcome(
        Status.FAILED, f"the answer has a form that cannot be used: {type(ended).__name__}: {ended}", counterexample
    )


def _text(ended: BaseException) -> str:
    text = str(ended).strip()
    if text:
        return text
    return "the property does not hold" if isinstance(ended, AssertionError) else type(ended).__name__
