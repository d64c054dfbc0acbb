"""Counts the Python-level work of one call, place by place: exact, and the same under any load.

What is counted is what a loop cannot do without: on Python 3.12 and later backward jumps and starts and resumptions of
functions (`sys.monitoring`), on 3.11 lines and calls (`sys.settrace`). The numbers differ between the two, their growth
with the number of samples does not. Frames of libraries count too, or a loop could hide in `np.apply_along_axis`;
frames of the grader do not.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

SOLUTION: Final = "<solution>"
"""The file name that the code of a submission goes by."""

_OWN_FILES: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")  # noqa: PTH100, PTH118, PTH120
_START: Final = -1


class CounterRemovedError(Exception):
    """The submission took away the counter of its own work."""


def place(filename: str, line: int) -> str:
    """Return how a place is called: ``line 5`` of the submission, or ``module.py:5`` of a library."""
    return f"line {line}" if filename == SOLUTION else f"{filename.rpartition('/')[2]}:{line}"


class TraceCounter:
    """Counts calls and lines with `sys.settrace`, in this thread and in those started meanwhile."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._previous: tuple[Any, Any] = (None, None)

    def start(self) -> None:
        """Begin to count."""
        self._previous = sys.gettrace(), threading.gettrace()
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def stop(self) -> bool:
        """End counting and return whether the counter was there all along."""
        installed = sys.gettrace() == self._trace
        sys.settrace(self._previous[0])
        threading.settrace(self._previous[1])
        return installed

    def places(self) -> dict[str, int]:
        """Return the number of events at each place."""
        return _by_place(self._counts)

    def _trace(self, frame: FrameType, event: str, _argument: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        if event in ("call", "line"):
            if code.co_filename.startswith(_OWN_FILES):
                return None
            self._counts[code.co_filename, frame.f_lineno] += 1
        return self._trace


class MonitoringCounter:
    """Counts backward jumps, starts and resumptions with `sys.monitoring`, in all threads."""

    def __init__(self) -> None:
        self._monitoring: Any = vars(sys)["monitoring"]
        events = self._monitoring.events
        self._callbacks: dict[int, Callable[..., Any]] = {
            events.JUMP: self._jump,
            events.BRANCH: self._jump,
            events.PY_START: self._enter,
            events.PY_RESUME: self._enter,
        }
        self._counts: Counter[tuple[int, int]] = Counter()
        # Holds on to every code object seen, so that no two have one id.
        self._codes: dict[int, CodeType] = {}
        self._tool = 0

    def start(self) -> None:
        """Begin to count."""
        # Tools 0 to 2 are known by name: a debugger, a coverage tool and a profiler.
        self._tool = next(number for number in (4, 3, 5) if self._monitoring.get_tool(number) is None)
        self._monitoring.use_tool_id(self._tool, "mlkata")
        for event, callback in self._callbacks.items():
            self._monitoring.register_callback(self._tool, event, callback)
        self._monitoring.set_events(self._tool, sum(self._callbacks))

    def stop(self) -> bool:
        """End counting and return whether the counter was there all along."""
        monitoring, tool = self._monitoring, self._tool
        if monitoring.get_tool(tool) != "mlkata":
            return False
        installed = bool(monitoring.get_events(tool) == sum(self._callbacks))
        monitoring.set_events(tool, 0)
        for event, callback in self._callbacks.items():
            installed &= monitoring.register_callback(tool, event, None) == callback
        monitoring.free_tool_id(tool)
        return installed

    def places(self) -> dict[str, int]:
        """Return the number of events at each place."""
        lines: Counter[tuple[str, int]] = Counter()
        for (number, offset), count in self._counts.items():
            code = self._codes[number]
            if not code.co_filename.startswith(_OWN_FILES):
                lines[code.co_filename, _line(code, offset)] += count
        return _by_place(lines)

    def _jump(self, code: CodeType, offset: int, destination: int) -> None:
        if destination < offset:
            self._codes[id(code)] = code
            self._counts[id(code), offset] += 1

    def _enter(self, code: CodeType, _offset: int) -> None:
        self._codes[id(code)] = code
        self._counts[id(code), _START] += 1


def _line(code: CodeType, offset: int) -> int:
    if offset != _START:
        for start, end, line in code.co_lines():
            if start <= offset < end and line is not None:
                return line
    return code.co_firstlineno


def _by_place(counts: Counter[tuple[str, int]]) -> dict[str, int]:
    places: Counter[str] = Counter()
    for (filename, line), count in sorted(counts.items()):
        places[place(filename, line)] += count
    return dict(places)


def make_counter() -> TraceCounter | MonitoringCounter:
    """Return the counter for this version of Python."""
    return MonitoringCounter() if hasattr(sys, "monitoring") else TraceCounter()


def counted(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, int]:
    """Call a function and return how often each place did something.

    Raises
    ------
    CounterRemovedError
        The counter was no longer there after the call, so its numbers mean nothing.
    """
    counter = make_counter()
    counter.start()
    try:
        function(*args, **kwargs)
    finally:
        installed = counter.stop()
    if not installed:
        raise CounterRemovedError
    return counter.places()
