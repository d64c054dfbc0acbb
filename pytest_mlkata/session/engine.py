"""Makes the files of a grading callable: the submission, and the reference beside it."""

from __future__ import annotations

import functools
import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from pytest_mlkata.changes import compare
from pytest_mlkata.errors import KataError, SubmissionStopped
from pytest_mlkata.kata.manifest import MANIFEST
from pytest_mlkata.model import Changes, Kata
from pytest_mlkata.session.running import Running
from pytest_mlkata.solution.arcs import Arcs
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.confine import Confinement
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.launcher import Zygote, loadable
from pytest_mlkata.solution.proctor import LIBRARIES, Proctor
from pytest_mlkata.solution.proxy import Solution
from pytest_mlkata.solution.scratch import Scratch
from pytest_mlkata.solution.tracing import Traced
from pytest_mlkata.solution.vet import vet

MEGABYTE = 2**20


class Engine:
    """One for a run: it keeps the processes that solutions are forked from.

    Parameters
    ----------
    isolation
        Where solutions run, see `isolation.MEANING`.
    """

    def __init__(self, isolation: str) -> None:
        self._isolation = isolation
        self.trace: Arcs | None = None
        """Where to take down what runs of submissions that run in this process; then they are not timed apart."""
        self._exits = ExitStack()
        self._zygotes: dict[tuple[object, ...], Zygote] = {}
        self._folder: Path | None = None
        self._of_tests: Zygote | None = None
        if isolation != "none":
            self._zygote(())

    def _zygote_of(self, kata: Kata, hash_seed: int = 0) -> Zygote:
        return self._zygote(kata.requires, kata.banned_imports, hash_seed, _needed(kata))

    def _zygote(
        self,
        libraries: tuple[str, ...],
        banned: tuple[str, ...] = (),
        hash_seed: int = 0,
        loaded: tuple[str, ...] = (),
    ) -> Zygote:
        """Return the process whose workers are given these libraries, and find nothing loaded that is banned."""
        key = (libraries, loadable(banned), hash_seed, loaded)
        if key not in self._zygotes:
            boxed = self._isolation == "sandbox"
            # Bubblewrap shows what is there when it starts.
            writable = str(self._scratch_folder()) if boxed else ""
            zygote = Zygote(
                libraries, loaded=loaded, banned=banned, boxed=boxed, writable=writable, hash_seed=hash_seed
            )
            self._zygotes[key] = self._exits.enter_context(zygote)
        return self._zygotes[key]

    def _scratch_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="mlkata-")).resolve()
        return self._folder

    def prepare(self, kata: Kata) -> None:
        """Start everything that gradings of `kata` have in common, for processes that are forked from this one."""
        self._zygote_of(kata)
        if kata.limits.scratch_mb:
            self._scratch_folder()

    def state(self) -> tuple[object, ...]:
        """Return what differs once a process that solutions are forked from was replaced or lost."""
        return tuple((zygote.pid, zygote.is_connected) for zygote in self._zygotes.values())

    def scratch(self, kata: Kata) -> Scratch | None:
        """Make a folder to write to for a grading, if the kata gives one."""
        if not kata.limits.scratch_mb:
            return None
        folder = mkdtemp(prefix=f"{kata.name}-", dir=self._scratch_folder())
        return Scratch(Path(folder), kata.limits.scratch_mb * MEGABYTE)

    def start(
        self, kata: Kata, path: Path, banned: tuple[str, ...], *, scratch: Scratch | None = None, aside: bool = False
    ) -> Running:
        """Make the functions of the file at `path` callable.

        Parameters
        ----------
        kata
            What the file is an answer to.
        path
            The file.
        banned
            Modules that it must not import.
        scratch
            The folder that it may write to.
        aside
            It is not what a person looks at.

        Raises
        ------
        SubmissionStopped
            The file cannot be read or parsed, or imports what the kata bans.
        """
        source = vet(path, banned)
        unguarded = kata.guards.may_change_arguments

        apart = functools.partial(self.apart, kata, source, banned, scratch)

        def here() -> InProcess:
            return InProcess(source, name=kata.name, banned=banned, unguarded=unguarded, aside=aside)

        if self.trace is not None and not aside:
            traced = Traced(source, self.trace, name=kata.name, banned=banned, unguarded=unguarded)
            return Running(traced, source, kata, apart, timed=False)
        backend = here() if self._isolation == "none" else apart()
        return Running(backend, source, kata, apart, declares=path if aside else None)

    def apart(
        self,
        kata: Kata,
        source: str,
        banned: tuple[str, ...],
        scratch: Scratch | None = None,
        *,
        file_bytes: int = 0,
        hash_seed: int = 0,
    ) -> Host:
        """Start a source that was vetted in a process of its own, whatever the isolation.

        Parameters
        ----------
        kata, source, banned, scratch
            As of `start`.
        file_bytes
            Where it is not 0, the process dies with the first file that it would make larger than that.
        hash_seed
            Decides which hashes strings have there.
        """
        return Host(
            self._zygote_of(kata, hash_seed),
            source,
            name=kata.name,
            banned=banned,
            unguarded=kata.guards.may_change_arguments,
            limits=kata.limits,
            how=replace(self._confinement(kata, scratch), file_bytes=file_bytes),
            scratch=scratch,
        )

    def proctor(self, solution: Host, *, loaded: tuple[str, ...]) -> Proctor:
        """Give a learner's tests a process of their own, as confined as a solution's.

        Parameters
        ----------
        solution
            What they are to be run on.
        loaded
            The modules that they need.
        """
        if self._of_tests is None:
            zygote = Zygote(LIBRARIES, loaded=loaded, boxed=self._isolation == "sandbox")
            self._of_tests = self._exits.enter_context(zygote)
        return Proctor(self._of_tests, solution, Confinement(confined=self._isolation in {"confined", "sandbox"}))

    def _confinement(self, kata: Kata, scratch: Scratch | None) -> Confinement:
        return Confinement(
            confined=self._isolation in {"confined", "sandbox"},
            memory=kata.limits.memory_mb * MEGABYTE,
            scratch=str(scratch.path) if scratch else "",
            scratch_size=scratch.size if scratch else 0,
            threads=kata.limits.threads,
        )

    def close(self) -> None:
        """End every process, and then remove what was written."""
        try:
            self._exits.close()
        finally:
            if self._folder is not None:
                Scratch(self._folder, 0).remove()


def _needed(kata: Kata) -> tuple[str, ...]:
    """Return the libraries of a kata, and the parts of them that its reference names: what each worker would load."""
    if not kata.requires:
        return ()
    source = kata.reference.read_text("utf-8", errors="replace")
    parts = re.findall(rf"^\s*(?:import|from) ((?:{'|'.join(kata.requires)})\.[\w.]+)", source, re.MULTILINE)
    return (*kata.requires, *sorted(set(parts)))


class Bench:
    """What the checks of one grading work on: the solution, and the reference once it is needed."""

    def __init__(self, engine: Engine, kata: Kata, path: Path) -> None:
        self._engine = engine
        self._kata = kata
        self._submission: Running | None = None
        self._reference: Running | None = None
        self._scratch = engine.scratch(kata)
        self.fault: SubmissionStopped | None = None
        """Why there is no solution to call."""
        try:
            self._submission = engine.start(kata, path, kata.banned_imports, scratch=self._scratch)
        except SubmissionStopped as fault:
            self.fault = fault

    @property
    def solution(self) -> Solution | None:
        """The submission; None where `fault` says why there is none."""
        return self._submission.solution if self._submission is not None else None

    @property
    def backend(self) -> Backend | None:
        """What runs the submission; None where `fault` says why there is none."""
        return self._submission.backend if self._submission is not None else None

    @property
    def source(self) -> str:
        """What was handed in; nothing where `fault` says why there is none."""
        return self._submission.source if self._submission is not None else ""

    @property
    def reference(self) -> Solution:
        """The kata's reference, called the same way as the solution."""
        if self._reference is None:
            try:
                self._reference = self._engine.start(
                    self._kata, self._kata.reference, (), scratch=self._scratch, aside=True
                )
            except SubmissionStopped as fault:
                raise KataError(f"the kata's own reference: {fault}") from None
        return self._reference.solution

    @property
    def changes(self) -> Changes:
        """What was changed of the stub."""
        return compare(vet(self._kata.stub, ()), self.source)

    @property
    def scratch(self) -> Path:
        """The folder that solution and reference may write to.

        Raises
        ------
        KataError
            The kata gives none.
        """
        if self._scratch is None:
            raise KataError(
                f"{self._kata.folder / MANIFEST}: a check asks for `scratch`; add `[limits] scratch_mb = …`"
            )
        return self._scratch.path

    def reset(self) -> None:
        """Let nothing that an earlier check left behind reach the next one, so that their order cannot matter."""
        for running in filter(None, (self._submission, self._reference)):
            running.reset()
        self.clear_scratch()

    def clear_scratch(self) -> None:
        """Remove what was written."""
        if self._scratch is not None:
            self._scratch.clear()

    def take_output(self) -> str:
        """What the submission printed since this was last asked."""
        return self._submission.backend.take_output() if self._submission is not None else ""

    def close(self) -> None:
        """End what was started."""
        for running in filter(None, (self._submission, self._reference)):
            running.close()
        if self._scratch is not None:
            self._scratch.remove()
