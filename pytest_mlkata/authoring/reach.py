"""What of a kata's reference its checks run: a line or a branch that they never run could as well be wrong."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.branches import Branches, analyse
from pytest_mlkata.model import Kata, Submission
from pytest_mlkata.session.execution import Execution
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest
from pytest_mlkata.solution.arcs import Arcs


@dataclass(frozen=True)
class Reach:
    """What the checks run of a reference, and what is to be mended.

    Attributes
    ----------
    branches
        Of ``reference.py``; None where it is no Python, or the kata is broken.
    findings
        One for each line and each branch that they never run.
    """

    branches: Branches | None
    findings: tuple[Finding, ...]


class _Tracing:
    """A plugin of the run that has the submission traced; not the reference beside it."""

    def __init__(self) -> None:
        self.arcs = Arcs()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        execution = session.config.pluginmanager.getplugin("mlkata-execution")
        assert isinstance(execution, Execution)
        execution.engine.trace = self.arcs


def reach(kata: Kata, *, seed: int = 0) -> Reach:
    """Grade the reference of a kata in this process and see what of it runs.

    Parameters
    ----------
    kata
        The kata.
    seed
        What the examples are drawn from.
    """
    tracing = _Tracing()
    grading = Grading(kata.folder, Submission(kata.name, kata.reference))
    request = RunRequest((grading,), isolation="none", seed=seed, shrink=False, diagnose=False)
    (card,) = grade(request, root=kata.folder, plugins=[tracing]).scorecards
    if card.broken:
        return Reach(None, (Finding(kata.hidden, f"what the checks run cannot be seen: {card.broken}; mend the kata"),))
    try:
        source = kata.reference.read_text("utf-8")
        branches = analyse(source, tracing.arcs.seen)
    except (OSError, SyntaxError, ValueError) as error:
        return Reach(None, (Finding(kata.reference, f"cannot be read: {error}; mend it"),))
    return Reach(branches, _findings(kata, branches))


def _findings(kata: Kata, branches: Branches) -> tuple[Finding, ...]:
    lines = [
        f"line {line} is never run by the checks; add a check that needs it, or remove it"
        for line in branches.missing_lines
    ]
    missing = set(branches.missing_lines)
    ways = [
        f"line {start} never {_where(end)}; add a check that needs it, or remove the branch"
        for start, end in branches.missing_branches
        # What follows from a line that is said already goes without saying.
        if start not in missing and end not in missing
    ]
    return tuple(Finding(kata.reference, message) for message in lines + ways)


def _where(end: int) -> str:
    return f"goes on to line {end}" if end > 0 else "is the last line that runs"
