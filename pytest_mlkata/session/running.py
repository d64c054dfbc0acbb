"""One file that is ready to be called."""

from __future__ import annotations

from collections.abc import Callable

from pytest_mlkata.checks.guards import Guarded
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.host import Host


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
    host
        Starts it in a process of its own. Time is measured there, whatever the isolation: in this process a BLAS with
        several threads, or whatever else is loaded, would decide. Without it nothing that is measured means anything.
    """

    def __init__(self, backend: Backend, source: str, kata: Kata, host: Callable[[], Host] | None) -> None:
        self.backend = backend
        self.source = source
        self._start_host = host
        self._timer: Host | None = None
        functions = read_stub(kata.stub)
        self.solution = Guarded(
            backend,
            tuple(function.name for function in functions),
            parameters={function.name: function.parameters for function in functions},
            timer=None if isinstance(backend, Host) or host is None else self._host,
            may_vary=kata.guards.may_vary,
        )

    def _host(self) -> Host:
        if self._timer is None:
            assert self._start_host is not None
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
