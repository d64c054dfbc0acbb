"""Runs a submission and answers requests about it; the same in a worker process and in the judge's own.

A request is ``(number, operation, handles no longer needed, arguments of the operation)``, a reply ``(number, kind,
content)``. What is no value stays here, under a number, and the judge gets a reference to it.

This module is loaded by the worker too: the standard library, NumPy and what is loaded beside it.
"""

from __future__ import annotations

import itertools
import sys
import types
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

# NumPy loads these on first use: here that would be in every worker anew.
import numpy.fft
import numpy.linalg
import numpy.random  # noqa: F401

from . import arguments, counting, tally, wire
from .arcs import Arcs
from .asking import Asked
from .banning import BannedImportError
from .measuring import MeasuredCall, PulledValues, no_collection, seed_generators
from .raising import frames_of, name_of, names_of, raised_in, text_of
from .registration import Registration
from .showing import Showing
from .stepping import Stepper

if TYPE_CHECKING:
    from collections.abc import Callable

_END: Final = object()


class _Instead(Exception):
    """The kind and content of a reply."""


class _Kept:
    """A part of an answer that stays here, whatever it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Runner:
    """Holds one submission.

    Parameters
    ----------
    pull
        Asks the judge for the next value of the stream with a number.
    foreign
        Tells the exceptions that are not the submission's: they leave `answer`.
    ask
        Asks something of what the judge answers for, by its number, where it does.

    Attributes
    ----------
    error
        The exception of the last request, if it raised.
    registration
        What makes the submission known to this process, once it is loaded.
    """

    def __init__(
        self,
        pull: Callable[[int], tuple[bool, Any]],
        foreign: Callable[[BaseException], bool] = lambda _: False,
        ask: Callable[[int, Any], Any] | None = None,
    ) -> None:
        self.error: BaseException | None = None
        self._pull = pull
        self._foreign = foreign
        self._ask = ask
        self._arcs: Arcs | None = None
        self._module: types.ModuleType | None = None
        self._lines: list[str] = []
        self._source = ""
        self._watched: tuple[types.ModuleType, tally.Tally] | None = None
        self.registration: Registration | None = None
        self._objects: dict[int, Any] = {}
        self._numbers = itertools.count(1)
        self._measured = MeasuredCall(self._invoke)
        self._answers: dict[str, tuple[dict[int | str, Any], tuple[Any, ...], dict[str, Any]]] = {}
        self._shown = Showing(self._invoke)
        self._operations = self._table()

    def answer(self, frame: bytes | memoryview) -> list[Any]:
        """Do what a request says and return the pieces of the reply's frame.

        Raises
        ------
        WireError
            The frame is not a request.
        """
        number, operation, dropped, operands = wire.unpack(frame, wire.REQUEST, self.resolve)
        for handle in dropped:
            self._objects.pop(handle, None)
        kind, content = self._perform(self._operations[operation], operands)
        try:
            return wire.pack((number, kind, content), wire.REPLY, self._keep)
        except wire.WireError as error:
            return wire.pack((number, "unsendable", str(error)), wire.REPLY)
        except BaseException as error:  # a result's own methods may raise anything
            if self._foreign(error):
                raise
            return wire.pack((number, *self._failure(error)), wire.REPLY)

    def _table(self) -> dict[str, Callable[..., Any]]:
        """Return what is done for each operation of a request."""
        return {
            "load": self._load,
            "call": self._call,
            "call freely": self._call_freely,
            "call keeping": lambda part, *call: _keeping(part, self._call(*call)),
            "call keeping freely": lambda part, *call: _keeping(part, self._call_freely(*call)),
            "call before counting": lambda part, *call: _keeping(part, self._call_watched(*call)),
            "step": self._step,
            "make": lambda steps: self._make(steps, counted=False),
            "make before counting": lambda steps: self._make(steps, counted=True),
            "count": self._count,
            "prepare": lambda name, args, kwargs: self._measured.prepare(*self._target(name, args), kwargs),
            "run": self._measured.run,
            "peak": self._measured.peak,
            "heaviest line": self._measured.heaviest_line,
            "getattr": getattr,
            "invoke": self._guarded,
            "invoke freely": self._invoke,
            "method": lambda value, name, args, kwargs: self._guarded(getattr(value, name), args, kwargs),
            "method freely": lambda value, name, args, kwargs: self._invoke(getattr(value, name), args, kwargs),
            "iter": iter,
            "next": self._next,
            "next ones": lambda iterator, most: list(itertools.islice(iterator, most)),
            "len": len,
            "call shown": lambda name, args, kwargs: self._shown(self._function(name), args, kwargs),
            "invoke shown": self._shown,
            "method shown": lambda value, name, args, kwargs: self._shown(getattr(value, name), args, kwargs),
            "trace": self._trace,
            "arcs": lambda: None if self._arcs is None else tuple(self._arcs.seen),
        }

    def resolve(self, reference: wire.Reference) -> Any:
        """Return the object that a reference from the judge stands for."""
        if reference.kind == "stream":
            return PulledValues(lambda: self._pull(reference.number))
        if reference.kind == "service":
            assert self._ask is not None
            return Asked(reference.number, reference.label, self._ask)
        return self._objects[reference.number]

    def _keep(self, value: Any) -> wire.Reference:
        value = value.value if type(value) is _Kept else value
        number = next(self._numbers)
        self._objects[number] = value
        return wire.Reference("object", number, name_of(type(value)))

    def _perform(self, operation: Callable[..., Any], operands: tuple[Any, ...]) -> tuple[str, Any]:
        self.error = None
        try:
            with self._arcs.taking() if self._arcs else nullcontext():
                return "value", operation(*operands)
        except BaseException as error:  # SystemExit and the like are failures of the submission
            if self._foreign(error):
                raise
            self.error = error
            return self._failure(error)

    def _failure(self, error: BaseException) -> tuple[str, Any]:
        """Return the kind and content of the reply for something raised."""
        if isinstance(error, _Instead):
            return error.args[0], error.args[1]
        if isinstance(error, counting.CounterRemovedError):
            return "counter removed", None
        frames = frames_of(error, self._lines)
        if isinstance(error, BannedImportError):
            return "import_banned", (str(error), frames[-1][0] if frames else 0)
        text = text_of(error)
        if isinstance(error, TypeError) and not frames and raised_in(error, _CALLERS):
            return "signature", text
        return "raised", (names_of(type(error)), text, frames)

    def _load(self, source: str, name: str, banned: tuple[str, ...]) -> None:
        # A kata called like a module of the standard library must not take its place.
        name = f"kata_{name}" if name in sys.stdlib_module_names else name
        self._source = source
        self._lines = source.splitlines()
        self._module = types.ModuleType(name)
        self._module.__file__ = counting.SOLUTION
        self.registration = Registration(self._module, self._lines, banned)
        self.registration.enter()
        self._execute(self._module)

    def _watch(self) -> tuple[types.ModuleType, tally.Tally]:
        """Load the submission a second time, such that what C code goes through is seen."""
        if self._watched is None:
            assert self._module is not None
            watch = tally.Tally()
            code, names = watch.compile(self._source, counting.SOLUTION)
            module = types.ModuleType(self._module.__name__)
            vars(module).update(names, __file__=counting.SOLUTION)
            seed_generators()
            exec(code, vars(module))  # noqa: S102
            self._watched = module, watch
        return self._watched

    def _function(self, name: str, module: types.ModuleType | None = None) -> Any:
        try:
            return vars(module or self._module)[name]
        except KeyError:
            raise _Instead("missing", self._defined()) from None

    def _step(
        self, places: tuple[int, ...], pauses: PulledValues, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[int, Any]:
        """Make a call that the judge looks at in between."""
        function = self._function(name)
        stepper = Stepper(places, lambda: next(pauses, None))
        result = stepper.through(lambda: self._invoke(function, args, kwargs))
        return stepper.taken, result

    def _target(self, name: str, args: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        """Return what is to be called, and with what: of a method's name the method of the first argument."""
        _, is_method, method = name.partition(".")
        return (getattr(args[0], method), args[1:]) if is_method else (self._function(name), args)

    def _make(self, steps: tuple[Any, ...], *, counted: bool) -> _Kept:
        """Make an object, and call some of its methods; of the class that is loaded for counting where that is next."""
        (name, args, kwargs), *calls = steps
        made = self._invoke(self._function(name, self._watch()[0] if counted else None), args, kwargs)
        for method, *call in calls:
            self._invoke(getattr(made, method), *call)
        return _Kept(made)

    def _defined(self) -> tuple[str, ...]:
        """Return the names of the functions that the submission defines."""
        return tuple(
            name
            for name, value in vars(self._module).items()
            if type(value) is types.FunctionType and value.__code__.co_filename == counting.SOLUTION
        )

    def _invoke(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return function(*args, **kwargs)

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make a guarded call and see whether it has changed the answer of the one before."""
        result = self._guarded(self._function(name), args, kwargs)
        if self._answers.get(name) and arguments.first_change(*self._answers[name]) is not None:
            raise _Instead("answer changed", None)
        self._answers[name] = (arguments.state((result,), {}), (result,), {})
        return result

    def _call_freely(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make a call that may change its arguments."""
        return self._invoke(self._function(name), args, kwargs)

    def _call_watched(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make a call to the submission as it is loaded for counting."""
        module, _ = self._watch()
        return self._invoke(self._function(name, module), args, kwargs)

    def _guarded(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make a call and see whether it has changed an argument."""
        before = arguments.state(args, kwargs)
        try:
            result = self._invoke(function, args, kwargs)
        except ValueError:
            # A refusal, which a check may well expect; whatever else is raised says more than what was changed.
            _refuse_changes(before, args, kwargs)
            raise
        _refuse_changes(before, args, kwargs)
        return result

    def _trace(self) -> None:
        """Load the submission once more, and take down from here on which of its lines are run."""
        assert self._module is not None
        self._arcs = Arcs()
        with self._arcs.taking():
            self._execute(self._module)

    def _execute(self, module: types.ModuleType) -> None:
        seed_generators()
        exec(compile(self._source, counting.SOLUTION, "exec", dont_inherit=True), vars(module))  # noqa: S102

    def _next(self, iterator: Any) -> Any:
        value = next(iterator, _END)
        if value is _END:
            raise _Instead("end", None)
        return value

    def _count(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, int]:
        module, watch = self._watch()
        if "." in name:
            function, args = self._target(name, args)
        else:
            function = self._function(name, module)
        watch.start()
        with no_collection():
            places = counting.counted(function, args, kwargs)
        if not watch.is_installed(vars(module)):
            raise counting.CounterRemovedError
        return places | watch.places()


def _keeping(part: int, result: Any) -> Any:
    """Return an answer of which one part stays here; an answer without such a part goes as it is."""
    if not isinstance(result, tuple | list) or part >= len(result):
        return result
    return tuple(_Kept(each) if place == part else each for place, each in enumerate(result))


def _refuse_changes(before: dict[int | str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    changed = arguments.first_change(before, args, kwargs)
    if changed is not None:
        raise _Instead("argument changed", changed)


# Where calls into the submission come from: what is raised right there was raised by binding the arguments.
_CALLERS: Final = (Runner._invoke.__code__, counting.counted.__code__)  # noqa: SLF001
