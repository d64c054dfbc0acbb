"""Grades a learner's own tests: by what they say of right answers, of known mistakes, and of the learner's solution."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom

from pytest_mlkata.errors import KataError, SubmissionStopped
from pytest_mlkata.kata.mistakes import KnownMistake, is_named, read_declared, read_mistakes
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Check, Kata, Submission
from pytest_mlkata.own_tests import FailedTest, OwnTests
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.session.sittings import WHOLE, Found, Sittings, Tests
from pytest_mlkata.solution.proctor import Sitting
from pytest_mlkata.solution.vet import vet

SECONDS = 120.0
"""After so long no further solution is tried."""
QUIET = 3.0
"""For so long there is nothing to be seen."""

_REFERENCE = "the reference"
_FILE = "(the file)"
_NOT_TRIED = Found(Sitting(), {}, is_whole=False)


@dataclass(frozen=True)
class Shipped:
    """A solution that the kata ships.

    Attributes
    ----------
    name
        What it is called: a style, or a mistake.
    path
        Its file.
    is_right
        Whether it is a right answer.
    """

    name: str
    path: Path
    is_right: bool = True


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
        self._checks = tuple(checks)
        self._started = time.monotonic()

    def grade(self, submission: Submission) -> OwnTests:
        """Run the tests on everything.

        Parameters
        ----------
        submission
            The learner's own solution.
        """
        own = OwnTests(str(self._path))
        try:
            own = self._graded(own, vet(self._path, ()), submission)
        except (KataError, SubmissionStopped) as fault:
            own = replace(own, fault=str(fault))
        return replace(own, seconds=time.monotonic() - self._started)

    def _graded(self, own: OwnTests, source: str, submission: Submission) -> OwnTests:
        sittings = Sittings(self._engine, self._kata, (source, self._path.name), self._is_late)
        reference, *others = self._shipped()
        # All of them before any test runs, for tests may see when a file was last read.
        sources = {each: _read(each.path) for each in (reference, *others)}
        first = sittings.on(sources[reference])
        self._require({reference: first})
        own = replace(own, tests=len(first.began.collected), fault=self._fault(first.began))
        if own.fault:
            return own
        due = _without(range(own.tests), first.failures)
        found = {reference: first} | self._found(sittings, {each: sources[each] for each in others}, due)
        self._require(found)
        own = _judged(own, found, first.began.collected, due)
        if submission.is_stub:
            return own
        return self._with_solution(own, sittings, submission.path, first)

    def _shipped(self) -> list[Shipped]:
        """Return the reference, the further right solutions, and the wrong ones that a plain test can tell."""
        rights = [Shipped(_style(path), path) for path in sorted((self._kata.hidden / "right").glob("*.py"))]
        known = [each for each in read_mistakes(self._kata) if not self._is_of_efficiency(each)]
        wrongs = [Shipped(each.mistake.name, each.path, is_right=False) for each in known]
        return [Shipped(_REFERENCE, self._kata.reference), *rights, *wrongs]

    def _is_of_efficiency(self, known: KnownMistake) -> bool:
        """Tell whether an answer is right, and only takes too long or too much: no plain test sees that."""
        called = {check.category for check in self._checks if is_named(check.id, known.caught_by)}
        return bool(called) and called.issubset(EFFICIENCY_CATEGORIES)

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

    def _require(self, found: Mapping[Shipped, Found]) -> None:
        """Raise if a right answer of the kata cannot be loaded.

        Raises
        ------
        KataError
            So it is.
        """
        for solution, each in found.items():
            if solution.is_right and each.unloadable:
                where = solution.path.relative_to(self._kata.folder.parent)
                raise KataError(f"the kata's own {where}: {each.unloadable}; mend it")

    def _found(
        self, sittings: Sittings, sources: Mapping[Shipped, str | SubmissionStopped], due: Tests
    ) -> dict[Shipped, Found]:
        """Run the tests on right and wrong solutions, and tell what came of it in the order of these."""
        found = dict.fromkeys(sources, _NOT_TRIED)
        # Tests know the time, and the numbers of processes: in an order that they could foresee, they could hold for
        # the first ten and fail for the rest. So what is found must not depend on the order, and no seed leads to it.
        order = list(sources)
        SystemRandom().shuffle(order)
        for number, solution in enumerate(order):
            if not due or self._is_late():
                break
            self._tell(number, len(order))
            found[solution] = sittings.on(sources[solution], due)
        return found

    def _with_solution(self, own: OwnTests, sittings: Sittings, path: Path, first: Found) -> OwnTests:
        """Add what the tests say of the learner's solution, and how much of it they run."""
        # What ends the run on the reference, or hangs, would do so again.
        due = _without(range(own.tests), first.stoppers)
        found, branches = sittings.on_submission(path, due)
        own = replace(own, failures=_failed(found, first.began.collected))
        if branches is None:
            return own
        return replace(own, coverage=round(branches.share, 4), missing=branches.missing_lines)

    def _is_late(self) -> bool:
        """Tell whether there is no time left."""
        return time.monotonic() - self._started > SECONDS

    def _tell(self, number: int, total: int) -> None:
        """Say how far it is, where that takes long."""
        if time.monotonic() - self._started > QUIET:
            self._show(f"your tests on the solutions of the kata: {number} of {total}")


def _judged(own: OwnTests, found: Mapping[Shipped, Found], names: tuple[str, ...], due: Tests) -> OwnTests:
    """Add what was found on the solutions of the kata, once it is known of all of them.

    Parameters
    ----------
    own
        What is known already.
    found
        What became of the tests, in the order in which it is told.
    names
        The names of all tests.
    due
        Those that hold for the reference; the others were run on nothing else.
    """
    rights = {each: result for each, result in found.items() if each.is_right}
    sound = due
    for result in rights.values():
        sound = _without(sound, result.failures)
    wrongs = {each.name: result for each, result in found.items() if not each.is_right}
    caught = {name for name, result in wrongs.items() if sound and result.failures.keys() & {*sound, WHOLE}}
    # Where no test is left to catch anything, it is known of every mistake that it slips through.
    tried = [name for name, result in wrongs.items() if name in caught or result.is_whole or not sound]
    return replace(
        own,
        false_alarms=tuple(each for key, result in rights.items() for each in _failed(result, names, key.name)),
        rights=sum(result.is_whole for result in rights.values()),
        caught=len(caught),
        mistakes=len(tried),
        missed=tuple(name for name in tried if name not in caught),
        not_tried=sum(not result.is_whole for result in rights.values()) + len(wrongs) - len(tried) if due else 0,
    )


def _failed(found: Found, names: tuple[str, ...], solution: str = "") -> tuple[FailedTest, ...]:
    """Return what failed, by name; what is no test of those that there are is the file as a whole."""
    return tuple(
        FailedTest(names[test] if 0 <= test < len(names) else _FILE, message, solution)
        for test, message in found.failures.items()
    )


def _without(tests: Iterable[int], left_out: Iterable[int]) -> Tests:
    """Return the tests but for some; none where the file as a whole is among those."""
    left_out = set(left_out)
    return () if WHOLE in left_out else tuple(test for test in tests if test not in left_out)


def _read(path: Path) -> str | SubmissionStopped:
    """Return what is in a file, or why it cannot be loaded."""
    try:
        return vet(path, ())
    except SubmissionStopped as fault:
        return fault


def _style(path: Path) -> str:
    """Return what a right solution calls itself; what is no Python is told where it is run."""
    with suppress(OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return read_declared(path.read_bytes()).name.rstrip(".") or path.stem
    return path.stem
