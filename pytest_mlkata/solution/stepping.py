"""Counts the lines that a call runs in a submission, and pauses it after some of them.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .counting import SOLUTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType


class Stepper:
    """A trace function that pauses before the lines of a submission with the given numbers, counted from 1 as they run.

    Parameters
    ----------
    places
        When to pause.
    pause
        What to do then.

    Attributes
    ----------
    taken
        How many lines have run.
    """

    def __init__(self, places: Iterable[int], pause: Callable[[], object]) -> None:
        self.taken = 0
        self._places = frozenset(places)
        self._pause = pause

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Count a line of the submission; what it calls elsewhere is a part of the line."""
        if frame.f_code.co_filename != SOLUTION:
            return None
        if event == "line":
            self.taken += 1
            if self.taken in self._places:
                self._pause()
        return self

    def through(self, call: Callable[[], Any]) -> Any:
        """Make a call and return its result."""
        previous = sys.gettrace()
        sys.settrace(self)
        try:
            return call()
        finally:
            sys.settrace(previous)
