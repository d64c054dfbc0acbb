"""What is told of an exception: plain strings and numbers, got without asking the exception or its class.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Final

from .counting import SOLUTION

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, TracebackType

MAX_TEXT: Final = 2000
MAX_NAME: Final = 100
MAX_LINE: Final = 200
MAX_FRAMES: Final = 20
MAX_BASES: Final = 100
"""More than there are built-in exceptions."""
MAX_LINE_NUMBER: Final = 1_000_000

_BUILTIN_NAMES: Final = {
    id(kind): name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
_bases: Final[Callable[[type], tuple[type, ...]]] = vars(type)["__mro__"].__get__
_name: Final[Callable[[type], str]] = vars(type)["__name__"].__get__
_traceback: Final[Callable[[BaseException], TracebackType | None]] = vars(BaseException)["__traceback__"].__get__


def name_of(kind: type) -> str:
    """Return the name of a class, whatever its metaclass says."""
    return _name(kind)[:MAX_NAME]


def names_of(kind: type[BaseException]) -> tuple[str, ...]:
    """Return the name of a class, then those of its bases that are built in."""
    bases = [_BUILTIN_NAMES[id(base)] for base in _bases(kind)[1:] if id(base) in _BUILTIN_NAMES]
    return (name_of(kind), *bases)


def text_of(error: BaseException) -> str:
    """Return what an exception says, whatever its `__str__` does."""
    try:
        return str.__str__(str(error))[:MAX_TEXT]
    except BaseException:  # noqa: BLE001
        return "(its message cannot be shown)"


def frames_of(error: BaseException, lines: list[str]) -> tuple[tuple[int, str, str], ...]:
    """Return line, function and source of the frames in the submission, the innermost last."""
    frames = []
    traceback = _traceback(error)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == SOLUTION:
            # A submission can make tracebacks of its own, with any number.
            number = traceback.tb_lineno
            known = number is not None and 0 < number <= len(lines)
            source = lines[number - 1].strip()[:MAX_LINE] if known else ""
            frames.append((number if known else 0, code.co_name[:MAX_NAME], source))
        traceback = traceback.tb_next
    if len(frames) > MAX_FRAMES:
        # Of an endless recursion, the beginning and the end.
        frames[: -MAX_FRAMES // 2] = frames[: MAX_FRAMES // 2]
    return tuple(frames)


def raised_in(error: BaseException, codes: tuple[CodeType, ...]) -> bool:
    """Return whether the innermost frame of an exception runs one of these."""
    traceback = _traceback(error)
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_code in codes
