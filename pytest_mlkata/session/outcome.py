"""From the end of a check to its status and its message."""

from __future__ import annotations

import re
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
            return Outcome(status, _repeatable(_text(ended)), _repeatable(counterexample))
    message = f"the answer has a form that cannot be used: {type(ended).__name__}: {ended}"
    return Outcome(Status.FAILED, _repeatable(message), _repeatable(counterexample))


def _text(ended: BaseException) -> str:
    text = str(ended).strip()
    if isinstance(ended, AssertionError):
        text = _bare(text)
    if text:
        return text
    return "the property does not hold" if isinstance(ended, AssertionError) else type(ended).__name__


def _bare(text: str) -> str:
    """What the author of an ``assert`` wrote: pytest adds an explanation that options and environment change."""
    said = text.partition("\nassert ")[0]
    return said.partition("\n")[0] if said.startswith("assert ") else said


def _repeatable(text: str) -> str:
    """`text` without addresses of objects, which are others in every run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)
