"""Runs a submission in the judge's own process: for one's own code, with a debugger.

The same `Runner` answers the same frames as in a worker, so verdicts are the same, as far as a submission behaves. It
has no deadlines, prints where pytest captures, and what it raises carries its traceback, so that ``--pdb`` stops in it.
"""

from __future__ import annotations

import bdb
import inspect
import linecache
import random
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from _pytest import debugging  # for the name of its file alone

from pytest_mlkata.errors import SubmissionRaised, SubmissionStopped

from . import wire
from .backend import Backend
from .counting import SOLUTION
from .describe import Call
from .measuring import seed_generators
from .runner import Runner
from .verdict import unloadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

_DEBUGGER: Final = inspect.getsourcefile(debugging)


def left_debugger(error: BaseException) -> bool:
    """Tell whether a person left the debugger: unlike a submission that raises the same, that ends the run."""
    if not isinstance(error, pytest.exit.Exception):
        return isinstance(error, bdb.BdbQuit)
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename != _DEBUGGER:
        traceback = traceback.tb_next
    return traceback is not None


class InProcess(Backend):
    """Runs a submission in this process.

    Parameters
    ----------
    source, name, banned, unguarded
        As of `Backend`.
    aside
        Runs beside the submission that a person looks at, whose source a debugger goes on to show.
    """

    def __init__(
        self,
        source: str,
        *,
        name: str,
        banned: tuple[str, ...] = (),
        unguarded: tuple[str, ...] = (),
        aside: bool = False,
    ) -> None:
        super().__init__(source, name=name, banned=banned, unguarded=unguarded)
        self._aside = aside
        self._runner: Runner | None = None
        self._used = False
        self._cpu_spent = 0.0
        self._unloadable: SubmissionStopped | None = None
        self._generators: tuple[Any, Any] = (None, None)
        self._stream_error: BaseException | None = None
        self._interrupted = False

    def request(self, operation: str, *arguments: Any, call: Call) -> Any:
        """Carry out an operation, see `Backend`; what is raised has the traceback of the submission."""
        try:
            return super().request(operation, *arguments, call=call)
        except (SubmissionRaised, SubmissionStopped) as error:
            raised = self._runner.error if self._runner else None
            if raised is None:
                raise
            raise error.with_traceback(_in_solution(raised.__traceback__)) from None

    def reset(self) -> None:
        """Have the next request meet a fresh module."""
        if self._used:
            self.close()

    def take_output(self) -> str:
        """Return nothing: pytest has captured what was printed."""
        return ""

    def cpu_seconds(self) -> float:
        """Return the CPU time that this process has spent in the submission."""
        return self._cpu_spent

    def peak_memory(self) -> int:
        """Return 0: the process is the judge's."""
        return 0

    def close(self) -> None:
        """Forget the module."""
        self._runner = None
        self._used = False
        self._forget()

    def _ask(self, operation: str, arguments: tuple[Any, ...], call: Call) -> tuple[str, Any]:
        del call
        if self._unloadable is not None:
            raise type(self._unloadable)(*self._unloadable.args)
        if self._runner is None:
            self._load()
        self._used = True
        return self._exchange(operation, arguments)

    def _load(self) -> None:
        self._runner = Runner(self._pull, left_debugger)
        with _generators_kept():
            seed_generators()
            self._generators = _generator_states()
        kind, content = self._exchange("load", (self._source, self.name, self._banned))
        if kind != "value":
            self._unloadable = unloadable(kind, content, Call("import of the solution"), self.name)
            raise self._unloadable

    def _exchange(self, operation: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
        runner = self._runner
        assert runner is not None
        self._stream_error, self._interrupted = None, False
        frame = b"".join(self._frame(1, operation, arguments))
        shown = linecache.cache.get(SOLUTION)
        if runner.registration is not None:
            runner.registration.enter()
        try:
            with self._generators_of_submission(), self._interrupts():
                started = time.process_time()
                reply = runner.answer(frame)
                self._cpu_spent += time.process_time() - started
        finally:
            if runner.registration is not None:
                runner.registration.leave()
            if self._aside and shown is not None:
                linecache.cache[SOLUTION] = shown
        if self._interrupted:
            raise KeyboardInterrupt
        if self._stream_error is not None:
            raise self._stream_error
        _, kind, content = self._parse(b"".join(reply))
        return kind, content

    def _pull(self, stream: int) -> tuple[bool, Any]:
        assert self._runner is not None
        try:
            more, value = wire.unpack(b"".join(self._chunk(stream)), wire.REQUEST, self._runner.resolve)
        except BaseException as error:
            # An error of the check, which the submission must not be blamed for.
            self._stream_error = error
            raise
        return more, value

    @contextmanager
    def _generators_of_submission(self) -> Iterator[None]:
        """Give the submission the global generators in the state in which it left them."""
        with _generators_kept():
            _set_generator_states(self._generators)
            try:
                yield
            finally:
                self._generators = _generator_states()

    @contextmanager
    def _interrupts(self) -> Iterator[None]:
        """Tell a person's Ctrl-C, which ends the run, from a `KeyboardInterrupt` that the submission raises."""

        def interrupt(number: int, frame: FrameType | None) -> None:
            self._interrupted = True
            signal.default_int_handler(number, frame)

        mine = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if mine:
            signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            if mine:
                signal.signal(signal.SIGINT, signal.default_int_handler)


def _generator_states() -> tuple[Any, Any]:
    return random.getstate(), np.random.get_state()  # noqa: NPY002 (submissions use it)


def _set_generator_states(states: tuple[Any, Any]) -> None:
    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002


@contextmanager
def _generators_kept() -> Iterator[None]:
    """Leave the judge's global generators as they were."""
    states = _generator_states()
    try:
        yield
    finally:
        _set_generator_states(states)


def _in_solution(traceback: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback from the first frame in the submission on, or all of it if there is none."""
    first = traceback
    while first is not None and first.tb_frame.f_code.co_filename != SOLUTION:
        first = first.tb_next
    return first or traceback
