"""A grading run that stays: everything is loaded and collected, and each grading is a process forked from it.

Such a process finds pytest, NumPy, Hypothesis, the checks of the kata and a zygote for solutions there, has nothing to
do but to run the checks, and leaves no trace in what the next one is forked from. One grading runs at a time, so they
can share the zygote. Whoever is in doubt whether everything is still as it was ends the run, and another is started.
"""

from __future__ import annotations

import gc
import itertools
import os
import signal
import sys
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn, cast

import pytest

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Report
from pytest_mlkata.session.execution import EXAMINER, Execution
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.memory import Memory
from pytest_mlkata.session.nodes import CHECK, KataNode
from pytest_mlkata.session.recorder import ATTRIBUTE
from pytest_mlkata.session.request import RunRequest

_END_SECONDS = 10.0
"""What a run has to end its processes and to remove its folders."""
_PROGRESS_SECONDS = 0.2


@dataclass(frozen=True)
class Order:
    """What a grading is started with."""

    first: frozenset[str] = frozenset()
    """The ids of the checks that are worth running first."""
    memory: Memory = field(default_factory=Memory)
    """Of the grading before."""


@dataclass(frozen=True)
class Progress:
    """How far a grading is."""

    done: int
    total: int
    failed: str
    """The property that was found not to hold first; empty as long as there is none."""


@dataclass(frozen=True)
class Fault:
    """Why there can be no grading."""

    message: str


@dataclass(frozen=True)
class Graded:
    """What a grading found."""

    report: Report
    memory: Memory
    """For the next one."""


Answer = Progress | Graded | Fault


class Resident:
    """The other side's handle on a run that stays.

    Parameters
    ----------
    request
        What each grading is of.
    root
        The folder that relative paths belong to.

    Attributes
    ----------
    is_over
        Whether it has ended, and there will be no further answer.
    """

    def __init__(self, request: RunRequest, root: Path) -> None:
        self.is_over = False
        self._is_reaped = False
        self._pipe, theirs = Pipe()
        self._pid = os.fork()
        if not self._pid:
            self._pipe.close()
            _serve(theirs, request, root)
        theirs.close()

    def fileno(self) -> int:
        """What becomes readable when there is an answer."""
        return self._pipe.fileno()

    def order(self, order: Order) -> None:
        """Have a grading started."""
        with suppress(ConnectionError):  # `answer` says that it is gone
            self._pipe.send(order)

    def answer(self) -> Answer | None:
        """Return what came; None once the run has ended."""
        try:
            return cast("Answer", self._pipe.recv())
        except (EOFError, ConnectionError):
            self.is_over = True
            return None

    def stop(self) -> None:
        """End the run, and the grading that it may be at; once more, where Ctrl-C came in between."""
        if self._is_reaped:
            return
        self._pipe.close()
        os.kill(self._pid, signal.SIGTERM)  # it has not been waited for: the number is its own
        deadline = time.monotonic() + _END_SECONDS
        while not os.waitpid(self._pid, os.WNOHANG)[0]:
            if time.monotonic() > deadline:
                os.kill(self._pid, signal.SIGKILL)
            time.sleep(0.002)
        self._is_reaped = True


def _serve(pipe: Connection, request: RunRequest, root: Path) -> NoReturn:
    """Be the run, or a grading forked from it, and then end without what the process it comes from does at its end."""
    try:
        _stand_apart()
        grade(request, root=root, plugins=[_Forking(pipe)])
    except MlkataError as error:
        pipe.send(Fault(str(error)))
    except (KeyboardInterrupt, ConnectionError):
        os._exit(1)  # it was told to end, or nobody is there any more
    except BaseException as error:  # noqa: BLE001  # whatever it is, a person must hear of it
        pipe.send(Fault(f"the grading run failed: {type(error).__name__}: {error}"))
    finally:
        os._exit(1)


def _stand_apart() -> None:
    """Leave the terminal to the process that this one was forked from."""
    os.setsid()  # Ctrl-C is that process's
    # Bytecode knows its source by size and whole seconds, and an author may save twice in one.
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows cleans up
    raise KeyboardInterrupt


class _Forking:
    """A pytest plugin that forks where checks would run: one process for each order."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._engine_state: tuple[object, ...] | None = None
        """Of a grading, as it began."""
        self._nodes: list[KataNode] = []
        self._total = 0
        self._done = 0
        self._failed = ""
        self._told_at = 0.0
        self._is_told = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Wait for orders; in a grading, go on as pytest does."""
        _prepare(session)
        while (order := self._next_order()) is not None:
            pid = os.fork()
            if not pid:
                self._begin(session, order)
                return None
            if _status_of(pid):
                break
        return True

    def _next_order(self) -> Order | None:
        try:
            return cast("Order", self._pipe.recv())
        except EOFError:
            return None

    def _begin(self, session: pytest.Session, order: Order) -> None:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        session.items[:] = in_turn(session.items, order.first)
        self._total = len(session.items)
        execution = _execution(session.config)
        if execution.isolation != "none":  # there, what a check leaves behind reaches the next one
            execution.memory = order.memory
        self._engine_state = execution.engine.state()
        self._nodes = _nodes(session)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say how far it is, though not after every check."""
        if report.when == "call":
            self._done += 1
            first_failure = report.failed and not self._failed
            if first_failure:
                self._failed = _property(report)
            if first_failure or time.monotonic() - self._told_at > _PROGRESS_SECONDS:
                self._told_at = time.monotonic()
                self._pipe.send(Progress(self._done, self._total, self._failed))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End a grading here: what pytest does from now on is for the process that it was forked from."""
        if self._engine_state is not None:
            is_as_before = _execution(session.config).engine.state() == self._engine_state
            os._exit(0 if self._is_told and is_as_before else 1)

    def pytest_mlkata_report(self, report: Report) -> None:
        """Hand over what a grading found."""
        if self._engine_state is not None:
            examiners = [node.stash[EXAMINER] for node in self._nodes if EXAMINER in node.stash]
            remembering = [each.remembering.memory().held for each in examiners if each.remembering is not None]
            held = {check: called for memory in remembering for check, called in memory.items()}
            self._pipe.send(Graded(report, Memory(held)))
            self._is_told = True


def _property(report: pytest.TestReport) -> str:
    rider = getattr(report, ATTRIBUTE, None)
    return rider["result"]["check"]["property"] if rider else report.nodeid


def in_turn(items: Iterable[pytest.Item], first: Collection[str]) -> list[pytest.Item]:
    """Put checks that failed before the others, but no check on efficiency before one that it depends on.

    Parameters
    ----------
    items
        Checks in the order of the kata.
    first
        The ids of those that failed.
    """
    ordered: list[pytest.Item] = []
    for _, part in itertools.groupby(items, key=lambda item: item.stash[CHECK].category in EFFICIENCY_CATEGORIES):
        ordered += sorted(part, key=lambda item: item.stash[CHECK].id not in first)
    return ordered


def _prepare(session: pytest.Session) -> None:
    """Do beforehand what every grading would have to do."""
    engine = _execution(session.config).engine
    for kata in (node.kata for node in _nodes(session)):
        if kata is not None:
            engine.prepare(kata)
    # What is loaded already is then neither looked at nor copied.
    gc.collect()
    gc.freeze()


def _nodes(session: pytest.Session) -> list[KataNode]:
    nodes = dict.fromkeys(item.getparent(KataNode) for item in session.items)
    return [node for node in nodes if node is not None]


def _execution(config: pytest.Config) -> Execution:
    return cast("Execution", config.pluginmanager.getplugin("mlkata-execution"))


def _status_of(pid: int) -> int:
    """Wait for a grading; it does not outlive this process's being told to end."""
    try:
        return os.waitpid(pid, 0)[1]
    except KeyboardInterrupt:
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):  # its group may not be there yet
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
