"""What a check sees of a submission: its functions, and the objects that they return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .describe import Call
from .handle import Handle, method
from .wire import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .backend import Backend

__all__ = ["Handle", "Solution", "Stream", "method"]


class Solution:
    """The functions of a submission: ``solution.fit(X, y, lr=0.1)``.

    Arguments and results travel by value, so nothing a function does changes what the check holds. Objects of the
    submission come back as `Handle`.

    Parameters
    ----------
    backend
        What runs the submission.
    functions
        The names that the kata declares.
    parameters
        For each of them what the stub calls its parameters.
    timer
        Gives what runs the submission where its time is measured, if that is another.
    """

    def __init__(
        self,
        backend: Backend,
        functions: tuple[str, ...],
        *,
        parameters: Mapping[str, tuple[str, ...]] | None = None,
        timer: Callable[[], Backend] | None = None,
    ) -> None:
        self._backend = backend
        self._functions = functions
        self._parameters = parameters or {}
        self._timer = timer

    def __repr__(self) -> str:
        """Return what Hypothesis shows."""
        return "solution"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a function of the submission, which need not exist there."""
        self._declared(name)

        def remote(*args: Any, **kwargs: Any) -> Any:
            call = Call(name, args, kwargs, self.parameters_of(name))
            return self._backend.request("call", name, args, kwargs, call=call)

        remote.__name__ = remote.__qualname__ = name
        return remote

    def parameters_of(self, name: str) -> tuple[str, ...]:
        """Return what the stub calls the parameters of a function, as far as that is known."""
        return self._parameters.get(name, ())

    def count_events(self, name: str, /, *args: Any, **kwargs: Any) -> dict[str, int]:
        """Call a function and return how often each place did something.

        Returns
        -------
        dict
            From ``line 5`` of the submission or ``module.py:5`` of a library to the number of events; see `counting`.
        """
        self._declared(name)
        places: dict[str, int] = self._backend.request("count", name, args, kwargs, call=Call(name, args, kwargs))
        return places

    def measure_cpu(self, name: str, /, *args: Any, **kwargs: Any) -> float:
        """Call a function and return the CPU seconds it took, without those for sending the arguments."""
        self._declared(name)
        call = Call(name, args, kwargs)
        backend = self._timer() if self._timer else self._backend
        backend.request("prepare", name, args, kwargs, call=call)
        before = backend.cpu_seconds()
        backend.request("run", call=call)
        return backend.cpu_seconds() - before

    def _declared(self, name: str) -> None:
        if name not in self._functions:
            declared = ", ".join(self._functions)
            raise AttributeError(f"the kata's stub declares no `{name}`, only: {declared}")
