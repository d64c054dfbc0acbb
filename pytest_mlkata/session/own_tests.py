"""Grades a learner's own tests: by what they say of right answers, of known mistakes, and of the learner's solution."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pytest_mlkata.branches import Branches, analyse
from pytest_mlkata.errors import CheckFailed, KataError, SubmissionRaised, SubmissionStopped
from pytest_mlkata.kata.mistakes import KnownMistake, is_named, read_declared, read_mistakes
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Check, Kata, Submission
from pytest_mlkata.own_tests import FailedTest, OwnTests
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.solution.describe import Call
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.proctor import Sitting, loaded_for
from pytest_mlkata.solution.vet import vet

SECONDS = 120.0
"""After so long no further solution is tried."""
QUIET = 3.0
"""For so long there is nothing to be seen."""

_REFERENCE = "the reference"
_WHOLE = "(the file)"
_MAX_LINE = 10**6


class Grader:
    """Runs a file of tests on every solution of a kata, one after the other.

    Parameters
    ----------
    engine
        What starts solutions and tests.
    kata
        What the tests are about.
    path
        The file.
    checks
        Those of the kata.
    show
        Is told now and then how far it is.
    """

    def __init__(
        self,
        engine: Engine,
        kata: Kata,
        path: Path,
        *,
        checks: Iterable[Check] = (),
        show: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._kata = kata
        self._path = path
        self._show = show
        self._names = tuple(function.name for function in read_stub(kata.stub))
        self._checks = tuple(checks)
        self._source = ""
        self._started = time.monotonic()
        self._left_out = 0

    def grade(self, submission: Submission) -> OwnTests:
        """Run the tests on everything.

        Parameters
        ----------
        submission
            The learner's own solution.
        """
        try:
            own = self._graded(submission)
        except KataError as fault:
            own = OwnTests(str(self._path), fault=str(fault))
        return replace(own, not_tried=self._left_out, seconds=time.monotonic() - self._started)

    def _graded(self, submission: Submission) -> OwnTests:
        own = OwnTests(str(self._path))
        try:
            self._source = vet(self._path, ())
        except SubmissionStopped as fault:
            return replace(own, fault=str(fault))
        first = self._sit(self._kata.reference)
        own = replace(own, tests=len(first.collected), fault=self._fault(first))
        if own.fault:
            return own
        rights = self._rights()
        alarms, sound = self._false_alarms(first, rights)
        own = replace(own, false_alarms=alarms, rights=1 + len(rights))
        own = self._with_mistakes(own, sound)
        if submission.is_stub:
            return own
        return self._with_solution(own, submission.path, _without(first.collected, _not_ended(first)))

    def _fault(self, sitting: Sitting) -> str:
        """Return why the file cannot be run at all."""
        if sitting.fault:
            where = f"{self._path.name}, line {sitting.line}" if sitting.line else self._path.name
            return f"{where}: {sitting.fault}"
        if sitting.stopped and not sitting.collected:
            return f"{self._path.name}: {sitting.stopped}"
        if not sitting.collected:
            return f"{self._path.name}: has no tests; a test is a function test_… that asserts something"
        return ""

    def _rights(self) -> list[tuple[str, Path]]:
        """Return the name of the style and the file of each further right solution."""
        return [(_style(path), path) for path in sorted((self._kata.hidden / "right").glob("*.py"))]

    def _false_alarms(
        self, first: Sitting, rights: Sequence[tuple[str, Path]]
    ) -> tuple[tuple[FailedTest, ...], tuple[str, ...]]:
        """Return what fails on right answers, and the tests that do not."""
        alarms = list(_failures(first, _REFERENCE))
        sound = _without(first.collected, _tests(alarms))
        for number, (name, path) in enumerate(rights):
            if not sound or self._is_late("right answers", number, len(rights)):
                continue
            sitting = self._sit(path, sound)
            alarms += _failures(sitting, name)
            # One that hangs would do so again.
            sound = _without(sound, _not_ended(sitting))
        return tuple(alarms), _without(sound, _tests(alarms))

    def _with_mistakes(self, own: OwnTests, sound: tuple[str, ...]) -> OwnTests:
        """Add which known mistakes the tests that raise no false alarm catch."""
        known = [each for each in read_mistakes(self._kata) if not self._is_of_efficiency(each)]
        caught, missed = 0, []
        for number, each in enumerate(known):
            if not sound:
                missed.append(each.mistake.name)
            elif self._is_late("known mistakes", number, len(known)):
                continue
            elif (sitting := self._sit_if_loadable(each.path, sound)) is None:
                self._left_out += 1
            elif sitting.holds:
                missed.append(each.mistake.name)
            else:
                caught += 1
        return replace(own, caught=caught, mistakes=len(known), missed=tuple(missed))

    def _is_of_efficiency(self, known: KnownMistake) -> bool:
        """Tell whether an answer is right, and only takes too long or too much: no plain test sees that."""
        called = {check.category for check in self._checks if is_named(check.id, known.caught_by)}
        return bool(called) and called.issubset(EFFICIENCY_CATEGORIES)

    def _with_solution(self, own: OwnTests, path: Path, chosen: tuple[str, ...]) -> OwnTests:
        """Add what the tests say of the learner's solution, and how much of it they run."""
        sitting, branches = self._sit_traced(path, chosen)
        own = replace(own, failures=_failures(sitting))
        if branches is None:
            return own
        return replace(own, coverage=round(branches.share, 4), missing=branches.missing_lines)

    def _is_late(self, what: str, number: int, total: int) -> bool:
        """Say how far it is; tell whether there is no time left, and count what is left out."""
        seconds = time.monotonic() - self._started
        if seconds > SECONDS:
            self._left_out += 1
            return True
        if seconds > QUIET:
            self._show(f"your tests on {what}: {number} of {total}")
        return False

    def _sit(self, path: Path, chosen: tuple[str, ...] | None = None, *, first: bool = False) -> Sitting:
        """Run the tests on a solution that the kata ships.

        Raises
        ------
        KataError
            It cannot be loaded.
        """
        with ExitStack() as exits:
            try:
                solution = exits.enter_context(self._running(path))
                solution.load()
            except SubmissionStopped as fault:
                where = path.relative_to(self._kata.folder.parent)
                raise KataError(f"the kata's own {where}: {fault}; mend it") from None
            return self._examine(solution, chosen, first=first)

    def _sit_if_loadable(self, path: Path, chosen: tuple[str, ...]) -> Sitting | None:
        """Run the tests up to the first that fails; what cannot be loaded would fail them whatever they say."""
        with suppress(KataError):
            return self._sit(path, chosen, first=True)
        return None

    def _sit_traced(self, path: Path, chosen: tuple[str, ...]) -> tuple[Sitting, Branches | None]:
        """Run the tests on the learner's solution; what is not known of its branches is None."""
        with ExitStack() as exits:
            try:
                solution = exits.enter_context(self._running(path, self._kata.banned_imports))
                solution.request("trace", call=Call("import of the solution"))
            except (SubmissionStopped, SubmissionRaised) as fault:
                return Sitting(stopped=str(fault)), None
            sitting = self._examine(solution, chosen)
            return sitting, _branches(solution, vet(path, ()))

    @contextmanager
    def _running(self, path: Path, banned: tuple[str, ...] = ()) -> Iterator[Host]:
        """Give a solution its process and, if the kata has one, a folder to write to; both end with it."""
        with ExitStack() as exits:
            scratch = self._engine.scratch(self._kata)
            if scratch is not None:
                exits.callback(scratch.remove)
            solution = self._engine.apart(self._kata, path, banned, scratch)
            exits.callback(solution.close)
            yield solution

    def _examine(self, solution: Host, chosen: tuple[str, ...] | None, *, first: bool = False) -> Sitting:
        proctor = self._engine.proctor(solution, loaded=loaded_for(self._source))
        try:
            tests = self._source, self._path.name
            return proctor.sit(tests, (self._kata.name, self._names), chosen, first=first)
        finally:
            proctor.close()


def _failures(sitting: Sitting, solution: str = "") -> tuple[FailedTest, ...]:
    """Return what failed; a test that was not ended, and a file that did not begin, among it."""
    found = [FailedTest(test, message, solution) for test, message in sitting.failed.items()]
    if sitting.fault:
        found.append(FailedTest(_WHOLE, sitting.fault, solution))
    if sitting.stopped:
        found.append(FailedTest(sitting.last or _WHOLE, sitting.stopped, solution))
    return tuple(found)


def _tests(failures: Iterable[FailedTest]) -> set[str]:
    return {each.test for each in failures}


def _not_ended(sitting: Sitting) -> set[str]:
    """Return the test that took too long, or ended its process; the whole file where that is what did not run."""
    if sitting.fault:
        return {_WHOLE}
    return {sitting.last or _WHOLE} if sitting.stopped else set()


def _without(tests: Iterable[str], left_out: Collection[str]) -> tuple[str, ...]:
    """Return the tests but for some; none where the file as a whole is among those."""
    return () if _WHOLE in left_out else tuple(test for test in tests if test not in left_out)


def _style(path: Path) -> str:
    """Return what a right solution calls itself; what is no Python is told where it is run."""
    with suppress(OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return read_declared(path.read_bytes()).name.rstrip(".") or path.stem
    return path.stem


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
