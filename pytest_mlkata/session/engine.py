"""Makes the files of a grading callable: the submission, and the reference beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_mlkata.checks.guards import Guarded
from pytest_mlkata.errors import KataError, SubmissionStopped
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.proxy import Solution
from pytest_mlkata.solution.vet import vet


class Running:
    """A file that is ready to be called.

    Parameters
    ----------
    backend
        What runs it.
    kata
        What it is an answer to.
    host
        Starts it in a process of its own. Time is measured there, whatever the isolation: in this process a BLAS with
        several threads, or whatever else is loaded, would decide.
    """

    def __init__(self, backend: Backend, kata: Kata, host: Callable[[], Host]) -> None:
        self.backend = backend
        self._start_host = host
        self._timer: Host | None = None
        functions = read_stub(kata.stub)
        self.solution = Guarded(
            backend,
            tuple(function.name for function in functions),
            parameters={function.name: function.parameters for function in functions},
            timer=None if isinstance(backend, Host) else self._host,
            may_vary=kata.guards.may_vary,
        )

    def _host(self) -> Host:
        if self._timer is None:
            self._timer = self._start_host()
        return self._timer

    def reset(self) -> None:
        """Let the next call meet a solution that has done nothing yet."""
        self.solution.start_over()
        for backend in filter(None, (self.backend, self._timer)):
            backend.reset()

    def close(self) -> None:
        """End what was started."""
        for backend in filter(None, (self.backend, self._timer)):
            backend.close()


class Engine:
    """One for a run: it keeps the process that solutions are forked from."""

    def __init__(self, isolation: str) -> None:
        self._isolation = isolation
        self._zygote: Zygote | None = None
        if isolation != "none":
            self._started()

    def _started(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote()
        return self._zygote

    def start(self, kata: Kata, path: Path, banned: tuple[str, ...], *, aside: bool = False) -> Running:
        """Make the functions of the file at `path` callable.

        Parameters
        ----------
        kata
            What the file is an answer to.
        path
            The file.
        banned
            Modules that it must not import.
        aside
            It is not what a person looks at.

        Raises
        ------
        SubmissionStopped
            The file cannot be read or parsed, or imports what the kata bans.
        """
        source = vet(path, banned)
        unguarded = kata.guards.may_change_arguments

        def host() -> Host:
            zygote = self._started()
            return Host(zygote, source, name=kata.name, banned=banned, unguarded=unguarded, limits=kata.limits)

        def here() -> InProcess:
            return InProcess(source, name=kata.name, banned=banned, unguarded=unguarded, aside=aside)

        return Running(here() if self._isolation == "none" else host(), kata, host)

    def close(self) -> None:
        """End every process."""
        if self._zygote is not None:
            self._zygote.close()


class Bench:
    """What the checks of one grading work on: the solution, and the reference once it is needed."""

    def __init__(self, engine: Engine, kata: Kata, path: Path) -> None:
        self._engine = engine
        self._kata = kata
        self._submission: Running | None = None
        self._reference: Running | None = None
        self.fault: SubmissionStopped | None = None
        """Why there is no solution to call."""
        try:
            self._submission = engine.start(kata, path, kata.banned_imports)
        except SubmissionStopped as fault:
            self.fault = fault

    @property
    def solution(self) -> Solution | None:
        """The submission; None where `fault` says why there is none."""
        return self._submission.solution if self._submission is not None else None

    @property
    def reference(self) -> Solution:
        """The kata's reference, called the same way as the solution."""
        if self._reference is None:
            try:
                self._reference = self._engine.start(self._kata, self._kata.reference, (), aside=True)
            except SubmissionStopped as fault:
                raise KataError(f"the kata's own reference: {fault}") from None
        return self._reference.solution

    def reset(self) -> None:
        """Let nothing that an earlier check left behind reach the next one, so that their order cannot matter."""
        for running in (self._submission, self._reference):
            if running is not None:
                running.reset()

    def take_output(self) -> str:
        """What the submission printed since this was last asked."""
        return self._submission.backend.take_output() if self._submission is not None else ""

    def close(self) -> None:
        """End what was started."""
        for running in (self._submission, self._reference):
            if running is not None:
                running.close()
