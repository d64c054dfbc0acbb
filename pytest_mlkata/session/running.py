"""One file that is ready to be called."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pytest_mlkata.checks.guards import Guarded
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.host import Host

OTHER_HASHES = 1


class Starts(Protocol):
    """Starts the file in a process of its own; see `Engine.apart`."""

    def __call__(self, *, file_bytes: int = 0, hash_seed: int = 0) -> Host:
        """Start it."""


class Running:
    """A file that is ready to be called.

    Parameters
    ----------
    backend
        What runs it.
    source
        What is in it.
    kata
        What it is an answer to.
    apart
        Starts it in a process of its own.
    timed
        Whether what is measured means anything. Then it is measured in such a process, whatever the isolation: in this
        one a BLAS with several threads, or whatever else is loaded, would decide.
    declares
        A file whose public functions can be called, too.
    """

    def __init__(
        self,
        backend: Backend,
        source: str,
        kata: Kata,
        apart: Starts,
        *,
        timed: bool = True,
        declares: Path | None = None,
    ) -> None:
        self.backend = backend
        self.source = source
        self._apart = apart
        self._hosts: dict[int, Host] = {}
        functions = read_stub(kata.stub)
        if declares is not None:
            declared = {function.name for function in functions}
            functions += tuple(each for each in read_stub(declares) if each.name not in declared)
        self.solution = Guarded(
            backend,
            tuple(function.name for function in functions),
            parameters={function.name: function.parameters for function in functions},
            timer=None if isinstance(backend, Host) or not timed else self._host,
            apart=lambda file_bytes: apart(file_bytes=file_bytes),
            elsewhere=lambda: self._host(OTHER_HASHES),
            may_vary=kata.guards.may_vary,
        )

    def _host(self, hash_seed: int = 0) -> Host:
        """Return a process of its own that is kept."""
        if hash_seed not in self._hosts:
            self._hosts[hash_seed] = self._apart(hash_seed=hash_seed)
        return self._hosts[hash_seed]

    def reset(self) -> None:
        """Let the next call meet a solution that has done nothing yet."""
        self.solution.start_over()
        for backend in (self.backend, *self._hosts.values()):
            backend.reset()

    def close(self) -> None:
        """End what was started."""
        for backend in (self.backend, *self._hosts.values()):
            backend.close()
