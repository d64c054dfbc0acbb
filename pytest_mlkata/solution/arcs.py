"""Which lines of a submission were run one after the other, the way coverage.py counts them.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import dis
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from .counting import SOLUTION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_RETURNS: Final = frozenset(dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap)
_RESUME: Final = dis.opmap["RESUME"]


class Arcs:
    """Takes down pairs of lines; entering what begins on line n is a pair from -n, leaving it one to -n."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, int]] = set()

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Take down what is run in here."""
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if event != "call" or code.co_filename != SOLUTION:
            return None
        # A generator that goes on comes from where it was.
        last = frame.f_lineno if _goes_on(frame) else -code.co_firstlineno

        def step(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal last
            if event == "line":
                self.seen.add((last, frame.f_lineno))
                last = frame.f_lineno
            elif event == "return" and frame.f_code.co_code[frame.f_lasti] in _RETURNS:
                self.seen.add((last, -code.co_firstlineno))
            return step

        return step


def _goes_on(frame: FrameType) -> bool:
    """Tell whether a frame is entered again, and not for the first time."""
    code = frame.f_code.co_code
    return frame.f_lasti >= 0 and code[frame.f_lasti] == _RESUME and code[frame.f_lasti + 1] != 0
