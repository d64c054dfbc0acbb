"""What a reply of a worker that is not a value means for the check: an exception of the tree in `errors`."""

from __future__ import annotations

import builtins
import difflib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pytest_mlkata.errors import CheckFailed, NotStarted, SubmissionRaised, SubmissionStopped, SubmissionUnloadable

from .numpy_names import successor
from .output import plain

if TYPE_CHECKING:
    from .describe import Call

_NEAR: Final = 0.8
_MOST_NAMES: Final = 1000
_NOT_CATCHABLE: Final = (
    # An iteration in a check would take them for its end.
    *(StopIteration, StopAsyncIteration),
    # They cannot be made from a message alone.
    *(UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, BaseExceptionGroup),
)


class MalformedReplyError(ValueError):
    """A worker did not keep to the protocol."""


def verdict(kind: str, content: Any, call: Call, name: str) -> BaseException:
    """Return the exception that a reply stands for.

    Parameters
    ----------
    kind, content
        The reply; neither is trusted.
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
            error = _signature(plain(content), call)
        case "raised", (tuple() as mro, str() as text, tuple() as frames):
            error = _raised(_names(mro), plain(text), _frames(frames), call)
        case "unsendable", str():
            error = SubmissionRaised(f"the result of {call} cannot be looked at: {plain(content)}")
        case "import_banned", (str() as module, int() as line):
            error = SubmissionUnloadable(f"{name}.py, line {line}: imports {plain(module)}, which this kata bans")
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
            error = StopIteration()
        case _:
            raise MalformedReplyError(f"there is no reply of kind {plain(kind)[:20]!r}")
    return error


def unloadable(kind: str, content: Any, call: Call, name: str) -> SubmissionStopped:
    """Return the exception for a reply that says that the submission cannot even be loaded."""
    reason = verdict(kind, content, call, name)
    if isinstance(reason, SubmissionStopped):
        return reason
    return SubmissionUnloadable(f"the solution cannot be loaded: {reason}")


def _nearly(name: str, defined: tuple[Any, ...]) -> str:
    """Say what is defined under nearly the same name: of two functions of one kata none is so near to the other."""
    names = [plain(each) for each in defined[:_MOST_NAMES] if isinstance(each, str) and len(each) < 2 * len(name)]
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
    if mro[0] == "BdbQuit":
        message = "a breakpoint needs the solution in pytest's own process: add --kata-isolation=none"
    if frames:
        line, function, source = frames[-1]
        message += f" (line {line}" + (f", in {function}" if function != "<module>" else "")
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
        raise MalformedReplyError("raised")
    return tuple(plain(name) for name in mro)


def _frames(frames: tuple[Any, ...]) -> tuple[tuple[int, str, str], ...]:
    checked = []
    for frame in frames:
        if not isinstance(frame, tuple) or tuple(map(type, frame)) != (int, str, str):
            raise MalformedReplyError("raised")
        line, function, source = frame
        checked.append((line, plain(function), plain(source)))
    return tuple(checked)
