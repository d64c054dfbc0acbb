"""What a learner's tests see of the solution that they are run on, which is in another process.

Every call, attribute and operator is a question to the judge, who has it answered there. A question is ``(operation,
name, args, kwargs)``; an answer is ``("value", value, arguments that were changed)``, ``("raised", names of the class
and its bases, message)`` or ``("stopped", message)``.

This module is loaded by the worker: the standard library, NumPy and what is loaded beside it.
"""

from __future__ import annotations

import builtins
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .values import Reference, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

SPECIAL: Final = frozenset(
    f"__{name}__"
    for name in (  # noqa: SIM905 (a list of fifty words in quotes is no easier to read)
        "eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul "
        "rmatmul neg pos abs invert and rand or ror xor rxor getitem setitem delitem contains len iter next enter exit "
        "bool int float"
    ).split()
)
"""The special methods that are asked for."""
_HELD_BY_PYTHON: Final = ("__eq__", "__ne__")
"""Every object has these: they are asked for, too, but an object is one by itself to a dict."""


class SolutionStopped(Exception):
    """The solution that is tested took too long, or its process ended."""


class Asked:
    """An object of the judge's, or of the solution's, that answers questions."""

    __slots__ = ("_ask", "_label", "_number")

    def __init__(self, number: int, label: str, ask: Callable[[int, Any], Any]) -> None:
        self._number = number
        self._label = label
        self._ask = ask

    def __repr__(self) -> str:
        """Return what a message shows."""
        return f"<{self._label} of the solution>"

    def __getattr__(self, name: str) -> Any:
        """Return an attribute: its value, or what can be asked in its place."""
        if name.startswith("_"):  # NumPy, copy and the like look for such
            raise AttributeError(name)
        return question(self, "getattr", name)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the object."""
        return question(self, "invoke", "", args, kwargs)

    __hash__ = object.__hash__


def _special(name: str) -> Callable[..., Any]:
    def ask(self: Asked, /, *args: Any) -> Any:
        return question(self, "method", name, args)

    return ask


for _name in SPECIAL - {"__bool__", "__int__", "__float__", *_HELD_BY_PYTHON}:
    setattr(Asked, _name, _special(_name))


def _equal(self: Asked, other: object) -> Any:
    return self is other or question(self, "method", "__eq__", (other,))


Asked.__eq__ = _equal  # type: ignore[assignment, method-assign]


def question(
    asked: Asked, operation: str, name: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
) -> Any:
    """Ask, and return the value of the answer or raise what it says.

    What a call has changed in its arguments is changed in those that are here.

    Raises
    ------
    SolutionStopped
        There is no answer.
    """
    kwargs = kwargs or {}
    try:
        kind, *content = asked._ask(asked._number, (operation, name, args, kwargs))  # noqa: SLF001 (one of our own)
    except WireError as limit:
        raise SolutionStopped(f"this cannot be graded here: {limit}") from None
    if kind == "value":
        value, changed = content
        for key, now in changed.items():
            _change(args[key] if isinstance(key, int) else kwargs[key], now)
        return value
    if kind == "raised":
        raise exception(*content)
    raise SolutionStopped(*content)


def exception(names: tuple[str, ...], text: str) -> Exception:
    """Return what the solution raised: an exception of its name, and of the built-in class that is nearest to it."""
    for name in names:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            with suppress(TypeError):  # some cannot be made from a message alone
                own = kind if name == names[0] else type(names[0], (kind,), {"__module__": "builtins"})
                error: Exception = own(text) if text else own()
                return error
    return RuntimeError(f"{names[0]}: {text}")


def outward(value: Any) -> Reference:
    """Return what stands for an object of the solution.

    Raises
    ------
    TypeError
        It is none, so it cannot be sent.
    """
    if isinstance(value, Asked):
        return Reference("service", value._number, value._label)  # noqa: SLF001
    what = f"{value.dtype} array" if isinstance(value, np.ndarray) else type(value).__name__
    raise TypeError(f"a {what} cannot be passed to the solution, which runs in another process")


def _change(value: Any, now: Any) -> None:
    """Make an argument what it is on the other side, as far as it is of a kind that can be changed."""
    if isinstance(value, np.ndarray):
        if value.shape == np.shape(now):
            value[...] = now
    elif isinstance(value, list):
        value[:] = now
    elif isinstance(value, dict | set):
        value.clear()
        value.update(now)
    elif isinstance(value, tuple):
        for part, other in zip(value, now, strict=True):
            _change(part, other)
