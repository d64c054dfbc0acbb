"""What a check sees of a submission: its functions, and the objects that they return."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .describe import Call
from .handle import Handle, method, refuse
from .output import line
from .values import MAX_NUMBER
from .wire import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .backend import Backend

__all__ = ["Handle", "Held", "Solution", "Stream", "method"]

_MAX_PLACE: Final = 100
_TOLD, _UNTOLD = 4, 64 * 2**20
"""By so many times, and so many bytes more, may a process grow beyond what Python's allocator tells."""


_NUMBERS: Final = 2
"""Of bytes, and of values of a stream."""


@dataclass(frozen=True)
class Held:
    """What a call held at most at a time."""

    bytes: int
    """Of memory, its result among them."""
    values: int = 0
    """Of a stream among its arguments: as many as had an array that was still in use."""


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
        self.functions_called: set[str] = set()
        """The functions that were asked for since this was last emptied."""

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

    def call_keeping(self, part: int, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function with an answer of several parts, one of which only the submission itself will look at.

        Parameters
        ----------
        part
            The place of it among the parts. It stays with the submission, whatever it is, and comes as a `Handle`: so
            a later call gets it as it was, where a named tuple, say, would travel as a plain one.
        name
            The function.
        *args, **kwargs
            Its arguments.

        Returns
        -------
        tuple
            The parts. An answer that has no such part comes as it is.
        """
        return self._keeping("call keeping", part, name, args, kwargs)

    def call_before_counting(self, part: int, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function as `call_keeping` does, for a part that `count_events` is to get.

        Events are counted in a copy of the submission, which has classes of its own: there an object of `call_keeping`
        would be of none of them.
        """
        return self._keeping("call before counting", part, name, args, kwargs)

    def _keeping(self, operation: str, part: int, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._declared(name)
        call = Call(name, args, kwargs, self.parameters_of(name))
        return self._backend.request(operation, part, name, args, kwargs, call=call)

    def count_events(self, name: str, /, *args: Any, **kwargs: Any) -> dict[str, int]:
        """Call a function and return how often each place did something.

        Returns
        -------
        dict
            From ``line 5`` of the submission or ``module.py:5`` of a library to the number of events; see `counting`.
        """
        self._declared(name)
        call = Call(name, args, kwargs)
        return _counts(self._backend.request("count", name, args, kwargs, call=call), call)

    def measure_cpu(self, name: str, /, *args: Any, **kwargs: Any) -> float:
        """Call a function and return the CPU seconds it took, without those for sending the arguments."""
        self._declared(name)
        call = Call(name, args, kwargs)
        backend = self._timer() if self._timer else self._backend
        backend.request("prepare", name, args, kwargs, call=call)
        before = backend.cpu_seconds()
        backend.request("run", call=call)
        return backend.cpu_seconds() - before

    def measure_memory(self, name: str, /, *args: Any, **kwargs: Any) -> Held:
        """Call a function and return what it held at most at a time, its arguments aside.

        Python's allocator tells bytes exactly. Where the process has grown by far more than that, as code can that
        goes round the allocator, it is the growth that is returned.
        """
        self._declared(name)
        call = Call(name, args, kwargs)
        backend = self._timer() if self._timer else self._backend
        backend.request("prepare", name, args, kwargs, call=call)
        before = backend.peak_memory()
        answer = backend.request("peak", call=call)
        if type(answer) is not tuple or len(answer) != _NUMBERS or not all(map(_is_number, answer)):
            refuse(answer, call, "the count of its memory")
        told, values = answer
        grown = backend.peak_memory() - before
        return Held(grown if grown > _TOLD * told + _UNTOLD else told, values)

    def heaviest_line(self, name: str, /, *args: Any, **kwargs: Any) -> int:
        """Call a function and return the line of the submission on which it holds most memory; 0 if that is unknown."""
        call = Call(name, args, kwargs)
        backend = self._timer() if self._timer else self._backend
        backend.request("prepare", name, args, kwargs, call=call)
        answer = backend.request("heaviest line", call=call)
        return answer if _is_number(answer) else 0

    def _declared(self, name: str) -> None:
        if name not in self._functions:
            declared = ", ".join(self._functions)
            raise AttributeError(f"the kata's stub declares no `{name}`, only: {declared}")
        self.functions_called.add(name)


def _counts(answer: Any, call: Call) -> dict[str, int]:
    """Return counts that a check can rely on."""
    if type(answer) is not dict or not all(map(_is_count, answer.items())):
        refuse(answer, call, "the count of its work")
    places: Counter[str] = Counter()
    for where, count in answer.items():
        # A submission may run code of any file name; the end of it says the line.
        places[line(where[-_MAX_PLACE:], _MAX_PLACE)] += count
    return dict(places)


def _is_count(item: tuple[Any, Any]) -> bool:
    where, count = item
    return type(where) is str and _is_number(count)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_NUMBER
