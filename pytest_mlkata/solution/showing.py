"""Calls that a learner's own tests make: they are shown what a call has changed, and get named tuples back.

This module is loaded by the worker too: the standard library, NumPy and what is loaded beside it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

from . import arguments

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEMBERED: Final = 100
"""So many named tuples are known again when they come back."""


class Showing:
    """Makes calls, and remembers the named tuples that they answered with: these travel as plain tuples.

    Parameters
    ----------
    invoke
        Calls a function with its arguments.
    """

    def __init__(self, invoke: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]) -> None:
        self._invoke = invoke
        self._named: deque[tuple[Any, Any]] = deque(maxlen=_REMEMBERED)

    def __call__(
        self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, dict[int | str, Any]]:
        """Make a call and return also the arguments that it has changed."""
        args, kwargs = tuple(map(self._named_again, args)), {key: self._named_again(kwargs[key]) for key in kwargs}
        before = arguments.state(args, kwargs)
        result = self._invoke(function, args, kwargs)
        changed = arguments.changed(before, args, kwargs)
        for value in (result, *(result if isinstance(result, tuple | list) else ()), *changed.values()):
            if isinstance(value, tuple) and type(value) is not tuple:
                self._named.appendleft((arguments.state((value,), {}), value))
        return result, changed

    def _named_again(self, argument: Any) -> Any:
        """Return the named tuple that an argument was before it travelled as a plain one, if it was one."""
        if type(argument) is not tuple or not self._named:
            return argument
        known = arguments.state((argument,), {})
        return next((value for state, value in self._named if state == known), argument)
