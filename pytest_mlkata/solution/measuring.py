"""What is measured inside of a worker: the memory that a call holds, and how much of a stream.

This module is loaded by the worker too: the standard library, NumPy and what is loaded beside it.
"""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .counting import SOLUTION, CounterRemovedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

SEED: Final = 0


class PulledValues:
    """A stream of the judge as the submission sees it: an iterator that can be used once.

    Parameters
    ----------
    take
        Asks the judge for the next value.

    Attributes
    ----------
    held
        The most values that were there at a time, of which an array was still in use; the one just given among them.
    """

    def __init__(self, take: Callable[[], tuple[bool, Any]]) -> None:
        self.held = 0
        self._take = take
        self._ended = False
        self._given: list[list[weakref.ref[Any]]] = []

    def __iter__(self) -> Iterator[Any]:
        """Return itself."""
        return self

    def __next__(self) -> Any:
        """Return the next value."""
        more, value = (False, None) if self._ended else self._take()
        if not more:
            self._ended = True
            raise StopIteration
        self._given = [arrays for arrays in self._given if any(array() is not None for array in arrays)]
        self._given.append(list(map(weakref.ref, _arrays(value))))
        self.held = max(self.held, len(self._given))
        return value


def _arrays(value: Any) -> list[Any]:
    parts = value if type(value) is tuple or type(value) is list else [value]
    return [part for part in parts if type(part) is np.ndarray]


_CLEARLY: Final = 1.1
"""By so much must a line hold more than one before it: what was made there is not yet gone."""


class _HeaviestLine:
    """A trace function that finds the line of a submission during which most memory is held."""

    def __init__(self) -> None:
        self.line = 0
        self._most = 0
        self._current = 0

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """See where the submission is; what was held since the last time was held on the line before."""
        if frame.f_code.co_filename != SOLUTION:
            return None
        self.settle()
        caller = frame.f_back
        if event != "return":
            self._current = frame.f_lineno
        elif caller is not None and caller.f_code.co_filename == SOLUTION:
            self._current = caller.f_lineno
        return self

    def settle(self) -> None:
        """Put down to the line that has just run what was held during it."""
        held = tracemalloc.get_traced_memory()[1]
        if held > _CLEARLY * self._most:
            self._most, self.line = held, self._current
        tracemalloc.reset_peak()


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from running finalizers of the submission at any moment."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _arrow() -> tuple[int, int]:
    """Return the bytes that Arrow's own allocator holds, and the most that it ever has; it tells them itself."""
    arrow = sys.modules.get("pyarrow")
    if arrow is None:
        return 0, 0
    pool = arrow.default_memory_pool()
    return pool.bytes_allocated(), pool.max_memory()


def peak(invoke: Callable[..., Any], function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, int]:
    """Make a call and tell what it holds at most at a time.

    Returns
    -------
    int, int
        Bytes, those of its result among them; and values of a stream among its arguments.

    Raises
    ------
    CounterRemovedError
        The submission ended the count.
    """
    before, most = _arrow()
    with no_collection():
        tracemalloc.start()
        try:
            invoke(function, args, kwargs)
            if not tracemalloc.is_tracing():
                raise CounterRemovedError
            held = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    peaked = _arrow()[1]
    held += peaked - before if peaked > most else 0
    return held, max((each.held for each in args if isinstance(each, PulledValues)), default=0)


def heaviest_line(invoke: Callable[..., Any], function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """Make a call and tell on which line of the submission it holds most; 0 where it is on none."""
    heaviest, previous = _HeaviestLine(), sys.gettrace()
    with no_collection():
        tracemalloc.start()
        sys.settrace(heaviest)
        try:
            invoke(function, args, kwargs)
        finally:
            sys.settrace(previous)
            if tracemalloc.is_tracing():
                heaviest.settle()
            tracemalloc.stop()
    return heaviest.line


def seed_generators() -> None:
    """Give the global generators a fixed state: a grade must be the same twice."""
    random.seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002 (submissions use it)


class MeasuredCall:
    """A call that is prepared first, so that what is measured is nothing but the call.

    Parameters
    ----------
    invoke
        Calls a function with its arguments.
    """

    def __init__(self, invoke: Callable[..., Any]) -> None:
        self._invoke = invoke
        self._prepared: tuple[Any, ...] | None = None

    def prepare(self, *call: Any) -> None:
        """Take the function and its arguments; they are used once."""
        self._prepared = call

    def run(self) -> None:
        """Make the call and drop its result."""
        call = self._taken()
        with no_collection():
            self._invoke(*call)

    def peak(self) -> tuple[int, int]:
        """Make the call and return how many bytes, and values of a stream, it held at a time."""
        return peak(self._invoke, *self._taken())

    def heaviest_line(self) -> int:
        """Make the call and return the line on which it holds most."""
        return heaviest_line(self._invoke, *self._taken())

    def _taken(self) -> tuple[Any, ...]:
        prepared, self._prepared = self._prepared, None
        assert prepared is not None
        return prepared
