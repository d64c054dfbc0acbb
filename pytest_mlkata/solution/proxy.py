"""What a check sees of a submission: its functions, and the objects that they return."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .describe import Call
from .halting import in_steps, is_cut_off, is_halted
from .handle import Handle, listed, method, refuse
from .made import Made
from .output import line
from .values import MAX_NUMBER
from .wire import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .backend import Backend

__all__ = ["Handle", "Held", "Made", "Solution", "Stream", "listed", "method"]

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
    apart
        Starts it in a process that can be killed; one that no file in it outgrows the given bytes, if they are not 0.
    elsewhere
        Gives what runs it in a Python where strings have other hashes.
    """

    def __init__(
        self,
        backend: Backend,
        functions: tuple[str, ...],
        *,
        parameters: Mapping[str, tuple[str, ...]] | None = None,
        timer: Callable[[], Backend] | None = None,
        apart: Callable[[int], Backend] | None = None,
        elsewhere: Callable[[], Backend] | None = None,
    ) -> None:
        self._backend = backend
        self._functions = functions
        self._parameters = parameters or {}
        self._timer = timer
        self._apart = apart
        self._elsewhere = elsewhere
        self._made: dict[tuple[Made, str], Handle] = {}
        self.functions_called: set[str] = set()
        """The functions that were asked for since `start_over`."""

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

    def start_over(self) -> None:
        """Forget the calls so far."""
        self.functions_called.clear()
        self._made.clear()

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
        args = self._with_objects(args, self._backend, "make before counting")
        return _counts(self._backend.request("count", name, args, kwargs, call=call), call)

    def measure_cpu(self, name: str, /, *args: Any, **kwargs: Any) -> float:
        """Call a function and return the CPU seconds it took, without those for sending the arguments."""
        backend, call = self._prepared(name, args, kwargs)
        before = backend.cpu_seconds()
        backend.request("run", call=call)
        return backend.cpu_seconds() - before

    def measure_memory(self, name: str, /, *args: Any, **kwargs: Any) -> Held:
        """Call a function and return what it held at most at a time, its arguments aside.

        Python's allocator tells bytes exactly. Where the process has grown by far more than that, as code can that
        goes round the allocator, it is the growth that is returned.
        """
        backend, call = self._prepared(name, args, kwargs)
        before = backend.peak_memory()
        answer = backend.request("peak", call=call)
        if type(answer) is not tuple or len(answer) != _NUMBERS or not all(map(_is_number, answer)):
            refuse(answer, call, "the count of its memory")
        told, values = answer
        grown = backend.peak_memory() - before
        return Held(grown if grown > _TOLD * told + _UNTOLD else told, values)

    def heaviest_line(self, name: str, /, *args: Any, **kwargs: Any) -> int:
        """Call a function and return the line of the submission on which it holds most memory; 0 if that is unknown."""
        backend, call = self._prepared(name, args, kwargs)
        answer = backend.request("heaviest line", call=call)
        return answer if _is_number(answer) else 0

    def count_steps(self, name: str, /, *args: Any, **kwargs: Any) -> int:
        """Call a function in a fresh process and return how many lines of the submission it runs.

        The same each time; a loop runs its lines as often as it goes round. Lines of libraries are not counted.
        """
        with self._fresh(name) as backend:
            return in_steps(backend, (), _look_away, self._call(name, args, kwargs))[0]

    def call_watched(
        self, name: str, /, *args: Any, places: Sequence[int], look: Callable[[], object], **kwargs: Any
    ) -> Any:
        """Call a function in a fresh process, and look at what it does to files while it does so.

        Parameters
        ----------
        name
            The function.
        *args, **kwargs
            Its arguments.
        places
            Before which lines that it runs it has to wait, counted from 1 as by `count_steps`.
        look
            Is called there, without arguments.

        Returns
        -------
        object
            Its result.
        """
        with self._fresh(name) as backend:
            return in_steps(backend, places, look, self._call(name, args, kwargs))[1]

    def call_killed(self, name: str, /, *args: Any, step: int = 0, file_bytes: int = 0, **kwargs: Any) -> bool:
        """Call a function in a fresh process that is killed in the middle.

        Parameters
        ----------
        name
            The function.
        *args, **kwargs
            Its arguments.
        step
            Before which line that it runs, counted from 1 as by `count_steps`.
        file_bytes
            Or in the write with which any file would have more than so many bytes, which are written.

        Returns
        -------
        bool
            Whether it was killed; if not, it was done before it came so far.
        """
        call = self._call(name, args, kwargs)
        with self._fresh(name, file_bytes) as backend:
            return is_halted(backend, step, call) if step else is_cut_off(backend, call)

    def call_elsewhere(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function in a Python that was started anew, as on another day: strings have other hashes there.

        Parameters
        ----------
        name
            The function.
        *args, **kwargs
            Its arguments.

        Returns
        -------
        object
            Its result.
        """
        self._declared(name)
        assert self._elsewhere is not None
        return self._elsewhere().request("call", name, args, kwargs, call=self._call(name, args, kwargs))

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        return Call(name, args, kwargs, self.parameters_of(name))

    @contextmanager
    def _fresh(self, name: str, file_bytes: int = 0) -> Iterator[Backend]:
        """Start what runs the submission once more, for one call that leaves nothing else behind."""
        self._declared(name)
        assert self._apart is not None
        with closing(self._apart(file_bytes)) as backend:
            yield backend

    def _prepared(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Backend, Call]:
        """Have a call ready where it is measured."""
        self._declared(name)
        call = Call(name, args, kwargs)
        backend = self._timer() if self._timer else self._backend
        backend.request("prepare", name, self._with_objects(args, backend, "make"), kwargs, call=call)
        return backend, call

    def _with_objects(self, args: tuple[Any, ...], backend: Backend, operation: str) -> tuple[Any, ...]:
        return tuple(self._object(each, backend, operation) if isinstance(each, Made) else each for each in args)

    def _object(self, made: Made, backend: Backend, operation: str) -> Handle:
        """Return the object that is to be made: once, since that may take longer than what is measured."""
        known = self._made.get((made, operation))
        if known is None or not backend.has(known):
            self._declared(made.name)
            call = Call(made.name, *made.steps()[0][1:])
            known = backend.request(operation, made.steps(), call=call)
            if not isinstance(known, Handle):
                refuse(known, call, "an object")
            self._made[made, operation] = known
        return known

    def _declared(self, name: str) -> None:
        owner = name.partition(".")[0]
        if owner not in self._functions:
            declared = ", ".join(self._functions)
            raise AttributeError(f"the kata's stub declares no `{owner}`, only: {declared}")
        self.functions_called.add(owner)


def _look_away() -> None:
    """Do nothing: there is no place to look at."""


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
