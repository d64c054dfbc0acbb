"""Runs a file of tests on one solution of a kata, each time in fresh processes, and to the end of all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.branches import Branches, analyse
from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.solution.describe import Call
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.proctor import Sitting, loaded_for
from pytest_mlkata.solution.vet import vet

WHOLE = -1
"""Stands for the file as a whole, where a test's place among all tests belongs."""
_MAX_LINE = 10**6

Tests = tuple[int, ...]
"""Tests, by their places."""


@dataclass(frozen=True)
class Found:
    """What became of all tests on one solution.

    Attributes
    ----------
    began
        The first run of them: which tests there are, and whether there is a fault.
    failures
        What the tests say that failed, by their places, in their order; `WHOLE` for the file.
    stoppers
        The tests that ended the run of all tests, which went on without them.
    is_whole
        Whether all tests were run.
    unloadable
        Why none was: the solution cannot be loaded.
    """

    began: Sitting
    failures: dict[int, str]
    stoppers: frozenset[int] = frozenset()
    is_whole: bool = True
    unloadable: str = ""


class Sittings:
    """Runs the tests.

    Parameters
    ----------
    engine
        What starts solutions and tests.
    kata
        What the tests are about.
    tests
        What is in their file, and its name.
    is_late
        Tells whether there is no time left.
    """

    def __init__(self, engine: Engine, kata: Kata, tests: tuple[str, str], is_late: Callable[[], bool]) -> None:
        self._engine = engine
        self._kata = kata
        self._tests = tests
        self._is_late = is_late
        self._names = tuple(function.name for function in read_stub(kata.stub))
        self._loaded = loaded_for(tests[0])

    def on(self, source: str | SubmissionStopped, chosen: Tests | None = None) -> Found:
        """Run the tests on a solution that the kata ships.

        Parameters
        ----------
        source
            Its text, or why there is none.
        chosen
            The tests to run; all where it is None.
        """
        if isinstance(source, SubmissionStopped):
            return Found(Sitting(), {}, is_whole=False, unloadable=str(source))
        with self._running(source) as solution:
            try:
                solution.load()
            except SubmissionStopped as fault:
                return Found(Sitting(), {}, is_whole=False, unloadable=str(fault))
            return self._whole(solution, chosen)

    def on_submission(self, path: Path, chosen: Tests) -> tuple[Found, Branches | None]:
        """Run the tests on the learner's own solution; what is not known of its branches is None."""
        banned = self._kata.banned_imports
        with ExitStack() as exits:
            try:
                source = vet(path, banned)
                solution = exits.enter_context(self._running(source, banned))
                solution.request("trace", call=Call("import of the solution"))
            except (SubmissionStopped, SubmissionRaised) as fault:
                return Found(Sitting(stopped=str(fault)), {WHOLE: str(fault)}), None
            return self._whole(solution, chosen), _branches(solution, source)

    @contextmanager
    def _running(self, source: str, banned: tuple[str, ...] = ()) -> Iterator[Host]:
        """Give a solution its process and, if the kata has one, a folder to write to; both end with it."""
        with ExitStack() as exits:
            scratch = self._engine.scratch(self._kata)
            if scratch is not None:
                exits.callback(scratch.remove)
            solution = self._engine.apart(self._kata, source, banned, scratch)
            exits.callback(solution.close)
            yield solution

    def _whole(self, solution: Host, chosen: Tests | None) -> Found:
        """Run all tests: where one of them ends the run, those that it has kept from running once more without it.

        So what is found of a test does not depend on the others.
        """
        sitting = began = self._examine(solution, chosen)
        due = tuple(range(len(began.collected))) if chosen is None else chosen
        failures, stoppers = _failures(sitting), set[int]()
        while sitting.stopped and sitting.last is not None:
            stoppers.add(sitting.last)
            due = tuple(each for each in due if each not in failures and each not in sitting.ended)
            if not due or self._is_late():
                break
            sitting = self._examine(solution, due)
            failures |= _failures(sitting)
        else:
            due = ()
        return Found(began, dict(sorted(failures.items(), key=_place)), frozenset(stoppers), is_whole=not due)

    def _examine(self, solution: Host, chosen: Tests | None) -> Sitting:
        proctor = self._engine.proctor(solution, loaded=self._loaded)
        try:
            return proctor.sit(self._tests, (self._kata.name, self._names), chosen)
        finally:
            proctor.close()


def _failures(sitting: Sitting) -> dict[int, str]:
    """Return what failed; a test that was not ended, and a file that did not begin, among it."""
    found = dict(sitting.failed)
    if sitting.fault:
        found[WHOLE] = sitting.fault
    if sitting.stopped:
        found[WHOLE if sitting.last is None else sitting.last] = sitting.stopped
    return found


def _place(failure: tuple[int, str]) -> tuple[bool, int]:
    """Put the file as a whole last."""
    return failure[0] == WHOLE, failure[0]


def _branches(solution: Host, source: str) -> Branches | None:
    """Return what of a solution was run, as its process tells; None where that is no longer known."""
    try:
        arcs = solution.request("arcs", call=Call("the count of its lines"))
    except (SubmissionStopped, SubmissionRaised, CheckFailed):
        return None
    if type(arcs) is not tuple or not all(map(_is_arc, arcs)):
        return None
    return analyse(source, arcs)


def _is_arc(pair: object) -> bool:
    match pair:
        case (int() as start, int() as end):
            return max(abs(start), abs(end)) < _MAX_LINE
    return False
