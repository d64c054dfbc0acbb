"""Grades a learner's own tests: by what they say of right answers, of known mistakes, and of the learner's solution."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pytest_mlkata.branches import Branches, analyse
from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.kata.mistakes import KnownMistake, read_declared, read_mistakes
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Check, Kata, Submission
from pytest_mlkata.own_tests import FailedTest, OwnTests
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.session.nodes import OwnTestsItem, kata_node
from pytest_mlkata.session.recorder import ATTRIBUTE
from pytest_mlkata.session.replays import name_of
from pytest_mlkata.solution.describe import Call
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.proctor import Sitting, loaded_for
from pytest_mlkata.solution.vet import vet

SECONDS = 120.0
"""After so long no further solution is tried."""
QUIET = 3.0
"""For so long there is nothing to be seen."""
FOUND = pytest.StashKey[OwnTests]()

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
        self._efficiency = {name_of(check) for check in checks if check.category in EFFICIENCY_CATEGORIES}
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
        own = self._graded(submission)
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
        hung = {first.last} if first.stopped else set()
        return self._with_solution(own, submission.path, [name for name in first.collected if name not in hung])

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
        paths = sorted((self._kata.hidden / "right").glob("*.py"))
        return [(read_declared(path.read_bytes()).name.rstrip(".") or path.stem, path) for path in paths]

    def _false_alarms(
        self, first: Sitting, rights: Sequence[tuple[str, Path]]
    ) -> tuple[tuple[FailedTest, ...], tuple[str, ...]]:
        """Return what fails on right answers, and the tests that do not."""
        alarms = list(_failures(first, _REFERENCE))
        sound = _without(first.collected, alarms)
        for number, (name, path) in enumerate(rights):
            if not sound or self._is_late("right answers", number, len(rights)):
                continue
            found = _failures(self._sit(path, sound), name)
            alarms += found
            # One that hangs would do so again.
            sound = _without(sound, [each for each in found if each.test not in sound or _took_long(each)])
        return tuple(alarms), _without(sound, alarms)

    def _with_mistakes(self, own: OwnTests, sound: tuple[str, ...]) -> OwnTests:
        """Add which known mistakes the tests that raise no false alarm catch."""
        known = [each for each in read_mistakes(self._kata) if not self._is_of_efficiency(each)]
        caught, missed = 0, []
        for number, each in enumerate(known):
            if not sound:
                missed.append(each.mistake.name)
            elif self._is_late("known mistakes", number, len(known)):
                continue
            elif self._sit(each.path, sound, first=True).holds:
                missed.append(each.mistake.name)
            else:
                caught += 1
        return replace(own, caught=caught, mistakes=len(known), missed=tuple(missed))

    def _is_of_efficiency(self, known: KnownMistake) -> bool:
        """Tell whether an answer is right, and only takes too long or too much: no plain test sees that."""
        return bool(known.caught_by) and self._efficiency.issuperset(known.caught_by)

    def _with_solution(self, own: OwnTests, path: Path, chosen: list[str]) -> OwnTests:
        """Add what the tests say of the learner's solution, and how much of it they run."""
        sitting, branches = self._sit_traced(path, tuple(chosen))
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
        scratch = self._engine.scratch(self._kata)
        solution = self._engine.apart(self._kata, path, (), scratch)
        try:
            return self._examine(solution, chosen, first=first)
        finally:
            solution.close()
            if scratch is not None:
                scratch.remove()

    def _sit_traced(self, path: Path, chosen: tuple[str, ...]) -> tuple[Sitting, Branches | None]:
        """Run the tests on the learner's solution; what is not known of its branches is None."""
        try:
            solution = self._engine.apart(self._kata, path, self._kata.banned_imports)
            solution.request("trace", call=Call("import of the solution"))
        except (SubmissionStopped, SubmissionRaised) as fault:
            return Sitting(stopped=str(fault)), None
        try:
            sitting = self._examine(solution, chosen)
            return sitting, _branches(solution, vet(path, ()))
        finally:
            solution.close()

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


def _without(tests: Iterable[str], alarms: Sequence[FailedTest]) -> tuple[str, ...]:
    """Return the tests that raise none of these alarms; none where the file as a whole does."""
    failing = {alarm.test for alarm in alarms}
    return () if _WHOLE in failing else tuple(test for test in tests if test not in failing)


def _took_long(failed: FailedTest) -> bool:
    return failed.message.endswith(" in the tests")


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


class OwnTestsRun:
    """The plugin object that grades a learner's tests, and puts what came of it on pytest's reports."""

    def __init__(self, config: pytest.Config, engine: Callable[[], Engine]) -> None:
        self._config = config
        self._engine = engine

    def grade(self, item: OwnTestsItem) -> None:
        """Run the tests of an item; fails where they cannot be run, or raise a false alarm.

        Raises
        ------
        CheckFailed
            So it is.
        """
        node = kata_node(item)
        assert node.kata is not None
        assert node.grading.tests is not None
        grader = Grader(self._engine(), node.kata, node.grading.tests, checks=node.checks, show=self._show)
        own = grader.grade(node.grading.submission)
        item.stash[FOUND] = own
        if own.fault:
            raise CheckFailed(own.fault)
        if own.false_alarms:
            alarm = own.false_alarms[0]
            raise CheckFailed(f"false alarm: {alarm.test} fails on {alarm.solution}: {alarm.message}")

    def _show(self, text: str) -> None:
        """Repaint one line, where a person looks on."""
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        capture = self._config.pluginmanager.getplugin("capturemanager")
        if reporter is None or capture is None or not reporter.isatty:
            return
        with capture.global_and_fixture_disabled():
            reporter.rewrite(text, erase=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put what was found on the report of the call."""
        report = yield
        if call.when == "call" and FOUND in item.stash:
            setattr(report, ATTRIBUTE, {"grading": kata_node(item).grading.name, "tests": asdict(item.stash[FOUND])})
        return report
