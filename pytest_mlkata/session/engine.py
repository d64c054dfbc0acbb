"""Makes the files of a grading callable: the submission, and the reference beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.errors import KataError, SubmissionStopped
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.proxy import Solution
from pytest_mlkata.solution.vet import vet


@dataclass(frozen=True)
class Running:
    """A file that is ready to be called."""

    backend: Backend
    solution: Solution


class Engine:
    """One for a run: it keeps the process that solutions are forked from."""

    def __init__(self, isolation: str) -> None:
        self._zygote = Zygote() if isolation != "none" else None

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
        backend: Backend
        if self._zygote is None:
            backend = InProcess(source, name=kata.name, banned=banned, aside=aside)
        else:
            backend = Host(self._zygote, source, name=kata.name, banned=banned, limits=kata.limits)
        functions = tuple(function.name for function in read_stub(kata.stub))
        return Running(backend, Solution(backend, functions))

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
                running.backend.reset()

    def take_output(self) -> str:
        """What the submission printed since this was last asked."""
        return self._submission.backend.take_output() if self._submission is not None else ""

    def close(self) -> None:
        """End what was started."""
        for running in (self._submission, self._reference):
            if running is not None:
                running.backend.close()
