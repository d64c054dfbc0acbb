"""Runs a submission in this process and takes down which of its lines follow which: what its branches are told from.

Only a solution that is trusted is run so. Nothing that is measured meanwhile means anything: tracing takes time, and
what is only counted or weighed is called plainly, so that its lines are seen.
"""

from __future__ import annotations

import dis
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from .counting import SOLUTION
from .inprocess import InProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

Arcs = set[tuple[int, int]]
"""Pairs of lines, see `pytest_mlkata.branches.analyse`."""

_RESUME: Final = dis.opmap["RESUME"]


class Traced(InProcess):
    """Runs a submission in this process and adds what it sees to `arcs`.

    Parameters
    ----------
    source
        As of `Backend`.
    arcs
        What was seen so far.
    **rest
        As of `InProcess`.
    """

    def __init__(self, source: str, arcs: Arcs, **rest: Any) -> None:
        super().__init__(source, **rest)
        self._arcs = arcs

    def _exchange(self, operation: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
        counts = operation == "count"
        with _tracing(self._arcs):
            kind, content = super()._exchange("call freely" if counts else operation, arguments)
        return (kind, {}) if counts and kind == "value" else (kind, content)


@contextmanager
def _tracing(arcs: Arcs) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(_tracer(arcs))
    try:
        yield
    finally:
        sys.settrace(before)


def _tracer(arcs: Arcs) -> Callable[[FrameType, str, Any], Any]:
    """Return what `sys.settrace` calls when a frame begins."""

    def begin(frame: FrameType, _event: str, _argument: Any) -> Callable[[FrameType, str, Any], Any] | None:
        return _follow(frame, arcs) if frame.f_code.co_filename == SOLUTION else None

    return begin


def _is_resumed(frame: FrameType) -> bool:
    """Tell whether a frame that begins is a generator that goes on: the instruction says why there is one."""
    operation, why = frame.f_code.co_code[frame.f_lasti : frame.f_lasti + 2]
    return operation == _RESUME and why != 0


def _follow(frame: FrameType, arcs: Arcs) -> Callable[[FrameType, str, Any], Any]:
    """Return what is called for each line of a frame."""
    outside = -frame.f_code.co_firstlineno
    # A generator that goes on was not entered anew: it goes on from the line of its yield.
    last = frame.f_lineno if _is_resumed(frame) else outside
    raised = False

    def step(frame: FrameType, event: str, argument: Any) -> Callable[[FrameType, str, Any], Any]:
        nonlocal last, raised
        if event == "line":
            arcs.add((last, frame.f_lineno))
            last, raised = frame.f_lineno, False
        elif event == "exception":
            # The end of what a loop goes over is no error.
            raised = not issubclass(argument[0], StopIteration)
        elif event == "return" and not raised:
            # A yield leaves the function too; no branch is told from the arc.
            arcs.add((last, outside))
        return step

    return step
