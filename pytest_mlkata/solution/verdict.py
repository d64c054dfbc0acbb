"""What a reply of a worker that is not a value means for the check: an exception of the tree in `errors`."""

from __future__ import annotations

import builtins
import difflib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pytest_mlkata.errors import (
    UNLOADABLE,
    CheckFailed,
    NotStarted,
    SubmissionRaised,
    SubmissionStopped,
    SubmissionUnloadable,
)

from .numpy_names import successor
from .output import line, plain
from .raising import MAX_BASES, MAX_FRAMES, MAX_LINE, MAX_LINE_NUMBER, MAX_NAME, MAX_TEXT

if TYPE_CHECKING:
    from .describe import Call

_NEAR: Final = 0.8
_MOST_NAMES: Final = 200
_MAX_KIND: Final = 20
_NO_THREAD: Final = "can't start new thread"
_LEFT_OUT: Final = "a solution computes: it has no files, network, other processes or threads"
_UNNAMED: Final = "(a class without a name)"
_NOT_CATCHABLE: Final = (
    # An iteration in a check would take them for its end.
    *(StopIteration, StopAsyncIteration),
    # They cannot be made from a message alone.
    *(UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, BaseExceptionGroup),
)


class MalformedReplyError(ValueError):
    """A worker did not keep to the protocol."""


class NoFurtherValue(SubmissionRaised):
    """An iterator is at its end. Not a `StopIteration`, which a check would take for one of its own."""


def verdict(kind: str, content: Any, call: Call, name: str) -> BaseException:
    """Return the exception that a reply stands for.

    Parameters
    ----------
    kind, content
        The reply; neither is trusted. Every text in it is cut and cleaned again.
    call
        What was asked.
    name
        The kata, whose name the file of the solution has.

    Raises
    ------
    MalformedReplyError
        There is no such reply.
    """
    error: BaseException
    match kind, content:
        case "missing", tuple() as defined:
            error = NotStarted(f"`{call.name}` is not defined in the solution{_nearly(call.name, defined)}")
        case "signature", str():
            error = _signature(_text(content), call)
        case "raised", (tuple() as mro, str() as text, tuple() as frames):
            error = _raised(_names(mro), _text(text), _frames(frames), call)
        case "unsendable", str():
            error = SubmissionRaised(f"the result of {call} cannot be looked at: {_text(content)}")
        case "import_banned", (str() as module, int() as number):
            where = f"{name}.py, line {_line_number(number)}"
            error = SubmissionUnloadable(f"{where}: imports {line(module, MAX_NAME)}, which this kata bans")
        case "argument changed", (int() | str()) as argument:
            error = CheckFailed(
                f"{call.name} changes {call.argument(argument)} in place, which belongs to the caller: "
                "work on a copy, or make a new array"
            )
        case "answer changed", None:
            error = CheckFailed(
                f"{call.name}, when it is called again, changes the answer that it gave before: "
                "return a new array each time"
            )
        case "counter removed", None:
            error = SubmissionStopped("the solution removed the counter of its own work")
        case "end", None:
            error = NoFurtherValue(f"there is no further value in {call}")
        case _:
            raise MalformedReplyError(f"there is no reply of kind {line(kind, _MAX_KIND)!r}")
    return error


def unloadable(kind: str, content: Any, call: Call, name: str) -> SubmissionStopped:
    """Return the exception for a reply that says that the submission cannot even be loaded."""
    reason = verdict(kind, content, call, name)
    if isinstance(reason, SubmissionStopped):
        return reason
    return SubmissionUnloadable(f"{UNLOADABLE}: {reason}")


def _nearly(name: str, defined: tuple[Any, ...]) -> str:
    """Say what is defined under nearly the same name: of two functions of one kata none is so near to the other."""
    short = [each for each in defined[:_MOST_NAMES] if isinstance(each, str) and len(each) < 2 * len(name)]
    names = [line(each, MAX_NAME) for each in short]
    by_lower = {each.lower(): each for each in names}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=_NEAR)
    return f"; it defines `{by_lower[near[0]]}`" if near else ""


def _signature(text: str, call: Call) -> SubmissionRaised:
    return _raised_class("TypeError")(
        f"`{call.name}` cannot be called as the task says: {text} (called as {call.outline()})",
        mro=("TypeError", "Exception", "BaseException"),
        text=text,
    )


def _raised(mro: tuple[str, ...], text: str, frames: tuple[tuple[int, str, str], ...], call: Call) -> BaseException:
    if mro[0] == "NotImplementedError":
        return NotStarted(f"`{call.name}` still raises NotImplementedError")
    said = successor(text) or text
    message = f"{mro[0]}: {said}" if said else mro[0]
    if mro[0] == "PermissionError" or text == _NO_THREAD:
        message += f" ({_LEFT_OUT})"
    if mro[0] == "BdbQuit":
        message = "a breakpoint needs the solution in pytest's own process: add --kata-isolation=none"
    if frames:
        number, function, source = frames[-1]
        message += f" (line {number}" + (f", in {function}" if function != "<module>" else "")
        message += f": `{source}`)" if source else ")"
    nearest = next((name for name in mro if _is_catchable(name)), "Exception")
    if not {"Exception"} & set(mro):
        nearest = "Exception"
    return _raised_class(nearest)(message, mro=mro, text=text, frames=frames)


def _is_catchable(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _NOT_CATCHABLE)


@cache
def _raised_class(name: str) -> type[SubmissionRaised]:
    """Return a subclass of `SubmissionRaised` that `pytest.raises` takes for the built-in class of this name."""
    if name == "Exception":
        return SubmissionRaised
    kind: type[Exception] = getattr(builtins, name)

    def say(self: SubmissionRaised) -> str:
        # Some built-in classes have ideas of their own, such as KeyError, which quotes.
        return str(self.args[0])

    return type(f"Submission{name}", (SubmissionRaised, kind), {"__str__": say, "__module__": __name__})


def _names(mro: tuple[Any, ...]) -> tuple[str, ...]:
    if not mro or not all(isinstance(name, str) for name in mro):
        raise MalformedReplyError("an exception has no class")
    return tuple(line(name, MAX_NAME).strip() or _UNNAMED for name in mro[:MAX_BASES])


def _frames(frames: tuple[Any, ...]) -> tuple[tuple[int, str, str], ...]:
    checked = []
    for frame in frames[-MAX_FRAMES:]:
        if not isinstance(frame, tuple) or tuple(map(type, frame)) != (int, str, str):
            raise MalformedReplyError("an exception was raised nowhere")
        number, function, source = frame
        checked.append((_line_number(number), line(function, MAX_NAME), line(source, MAX_LINE)))
    return tuple(checked)


def _text(content: str) -> str:
    return plain(content[:MAX_TEXT])


def _line_number(number: int) -> int:
    """Return the number of a line; 0 where it cannot be one."""
    return number if type(number) is int and 0 < number <= MAX_LINE_NUMBER else 0
