"""`mlkata watch`: looks, has graded what it sees, and shows what was found, until it is told to end.

What is shown is always of what was last seen: a grading that is overtaken by a save is ended.
"""

from __future__ import annotations

import importlib
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.model import Report
from pytest_mlkata.scoring import plural
from pytest_mlkata.session.launch import find_gradings
from pytest_mlkata.session.memory import Memory
from pytest_mlkata.session.project import Project
from pytest_mlkata.session.request import RunRequest
from pytest_mlkata.session.resident import Fault, Graded, Order, Progress, Resident
from pytest_mlkata.watching.files import Notifier, Sight, Watched, require_watchfiles
from pytest_mlkata.watching.screen import Screen

_LOOK_AGAIN = 1.0
"""Seconds after which to look even where nothing was said: not every file system says when something changes."""
_GRACE = 0.2
"""Seconds that an editor has which takes the old file away before it puts the new one there."""
_WARM = ("pytest_mlkata.session.inner", "pytest_mlkata.checks")
"""What a run loads anyway, so that no run has to do it."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for.

    Attributes
    ----------
    project
        Where it was asked.
    kata
        The folder of the kata.
    given
        The solution that was named, if one was.
    isolation, weaker, seed
        As of `RunRequest`.
    """

    project: Project
    kata: Path
    given: Path | None
    isolation: str
    weaker: str
    seed: int

    @property
    def watched(self) -> Watched:
        """The files that matter."""
        file = f"{self.kata.name}.py"
        path = self.project.solutions / file if self.given is None else self.given
        return Watched(path / file if self.given is not None and path.is_dir() else path, self.kata)

    def request(self) -> RunRequest:
        """Return what there is to be graded now."""
        gradings, notes = find_gradings(self.project, [self.kata], self.given)
        return RunRequest(gradings=gradings, isolation=self.isolation, weaker=self.weaker, seed=self.seed, notes=notes)


def watch(wanted: Wanted) -> None:
    """Grade at once, and then after every change, until the person ends it.

    Raises
    ------
    MlkataError
        It cannot be begun; the message says what is missing.
    """
    require_watchfiles()
    screen = Screen.here(wanted.project.root)
    try:
        with _ended_by_signals():
            screen.status("getting ready …")
            for name in _WARM:
                importlib.import_module(name)
            watching = _Watching(wanted, screen)
            try:
                watching.go_on()
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not leave processes behind
                watching.close()
    except KeyboardInterrupt:
        return  # that is how it ends
    finally:
        screen.leave()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Have what asks this process to end end the others first."""
    before = {number: signal.signal(number, _leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    interrupted = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.signal(signal.SIGINT, interrupted)


def _leave(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


class _Watching:
    """What is known at a moment: what was seen, and what grades it."""

    def __init__(self, wanted: Wanted, screen: Screen) -> None:
        self._wanted = wanted
        self._screen = screen
        self._notifier: Notifier | None = None
        self._resident: Resident | None = None
        self._request: RunRequest | None = None
        """What `_resident` grades."""
        self._seen: Sight | None = None
        self._is_grading = False
        self._is_second_try = False
        self._failed: frozenset[str] = frozenset()
        self._memory = Memory()

    def go_on(self) -> None:
        """Look and listen, over and over."""
        while True:
            seen = self._look()
            if seen != self._seen:
                self._take_up(seen)
            self._listen()

    def close(self) -> None:
        """End every process."""
        self._drop_resident()
        self._drop_notifier()

    def _look(self) -> Sight:
        watched = self._wanted.watched
        seen = watched.look()
        if seen.solution is None and self._seen is not None and self._seen.solution is not None:
            time.sleep(_GRACE)
            seen = watched.look()
        folders = watched.folders()
        if self._notifier is None or self._notifier.folders != folders:
            self._drop_notifier()
            self._notifier = Notifier(folders)
        return seen

    def _listen(self) -> None:
        """Wait until there may be something new, and take what came from the grading."""
        notifier, resident = self._notifier, self._resident
        speakers = [each.fileno() for each in (notifier, resident) if each is not None and not each.is_over]
        for speaker in wait(speakers, _LOOK_AGAIN):
            if resident is not None and speaker == resident.fileno():
                self._hear(resident)
            elif notifier is not None:
                notifier.take()

    def _take_up(self, seen: Sight) -> None:
        """Have graded what is there now."""
        kata_changed = self._seen is None or self._seen.kata != seen.kata
        self._seen = seen
        self._is_second_try = False
        try:
            request = self._wanted.request()
        except MlkataError as error:
            self._drop_resident()
            self._screen.say(f"{error}; waiting for it", self._footer("not graded"))
            return
        if self._is_grading or kata_changed or request != self._request:
            self._drop_resident()
        if kata_changed or request != self._request:
            self._memory = Memory()
        self._request = request
        self._grade()

    def _grade(self) -> None:
        assert self._request is not None
        self._screen.status("grading …")
        if self._resident is None:
            self._resident = Resident(self._request, self._wanted.project.root)
        self._resident.order(Order(self._failed, self._memory))
        self._is_grading = True

    def _hear(self, resident: Resident) -> None:
        answer = resident.answer()
        if isinstance(answer, Progress):
            failed = f"; does not hold: {answer.failed}" if answer.failed else ""
            self._screen.status(f"grading … {answer.done} of {plural(answer.total, 'check')}{failed}")
        elif isinstance(answer, Graded):
            self._is_grading = False
            self._failed = _failed_in(answer.report)
            self._memory = answer.memory
            self._screen.card(answer.report, self._footer("graded"))
        elif isinstance(answer, Fault):
            self._is_grading = False
            self._screen.say(answer.message, self._footer("not graded"))
        else:
            self._lose_resident()

    def _lose_resident(self) -> None:
        """Go on without the run, which has ended by itself: after a grading that changed something in it, or in one."""
        was_grading = self._is_grading
        self._drop_resident()
        if was_grading and not self._is_second_try:
            self._is_second_try = True
            self._grade()
        elif was_grading:
            message = f"the grading ended by itself; `pytest --kata {self._wanted.kata.name}` says more"
            self._screen.say(message, self._footer("not graded"))

    def _drop_resident(self) -> None:
        self._is_grading = False
        if self._resident is not None:
            self._resident.stop()
            self._resident = None

    def _drop_notifier(self) -> None:
        if self._notifier is not None:
            notifier, self._notifier = self._notifier, None
            notifier.close()

    def _footer(self, done: str) -> str:
        weaker = f"; {self._wanted.weaker}" if self._wanted.weaker else ""
        solution = self._wanted.watched.solution
        root = self._wanted.project.root
        shown = solution.relative_to(root) if solution.is_relative_to(root) else solution
        return f"{done} {time.strftime('%H:%M:%S')}, watching {shown}, Ctrl-C ends{weaker}"


def _failed_in(report: Report) -> frozenset[str]:
    results = (result for card in report.scorecards for result in card.results)
    return frozenset(result.check.id for result in results if not result.status.earns)
