"""What runs a submission: in a process of its own (`host`) or in the judge's (`inprocess`)."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from . import wire
from .handle import MAX_TITLE, Handle, is_of, reference
from .output import line
from .verdict import verdict

if TYPE_CHECKING:
    from .describe import Call

_REPLY_LENGTH: Final = 3
_MOST_DROPPED: Final = 10_000
"""How many objects a request gives up at most: a worker may have named so many that one frame would be too small."""
CALLBACKS: Final = frozenset({"pull", "ask"})
"""Replies that are none: the submission's process asks for something first."""
_CALLS: Final = frozenset({"call", "call keeping", "invoke", "method"})
"""Operations that look whether an argument was changed; for each there is one that does not."""


class Backend(ABC):
    """Answers requests about one submission.

    Parameters
    ----------
    source
        The text of the submission.
    name
        The kata; the submission is registered as a module of this name.
    banned
        Modules that the submission must not import.
    unguarded
        Functions, and methods such as ``Model.fit``, that may change their arguments.
    """

    def __init__(
        self, source: str, *, name: str, banned: tuple[str, ...] = (), unguarded: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self._unguarded = unguarded
        self._source = source
        self._banned = banned
        self._generation = 0
        self._streams: dict[int, wire.Stream] = {}
        self._stream_numbers = itertools.count(1)
        self._dropped: list[int] = []

    def request(self, operation: str, *arguments: Any, call: Call) -> Any:
        """Carry out an operation and return what came of it.

        Parameters
        ----------
        operation
            One of those of `runner.Runner`.
        arguments
            Its arguments; they are sent by value and never changed.
        call
            How messages name it.

        Raises
        ------
        SubmissionRaised
            The submission raised; the class also derives from the built-in class it raised.
        SubmissionStopped
            The submission died, hung, does not load, or has not defined the name.
        CheckFailed
            The call has changed an argument.
        """
        if operation in _CALLS and call.name in self._unguarded:
            operation = f"{operation} freely"
        kind, content = self._ask(operation, arguments, call)
        if kind == "value":
            return content
        raise verdict(kind, content, call, self.name)

    @abstractmethod
    def _ask(self, operation: str, arguments: tuple[Any, ...], call: Call) -> tuple[str, Any]:
        """Have the submission loaded, carry out an operation and return the kind and content of the reply."""

    @abstractmethod
    def reset(self) -> None:
        """Start over: the next request meets a submission that has done nothing yet."""

    @abstractmethod
    def take_output(self) -> str:
        """Return what the submission has printed since the last time, fit for a report."""

    @abstractmethod
    def cpu_seconds(self) -> float:
        """Return the CPU time that the submission has used so far."""

    @abstractmethod
    def peak_memory(self) -> int:
        """Return the most bytes that the submission's process has ever held; 0 where that says nothing."""

    @abstractmethod
    def close(self) -> None:
        """End whatever runs."""

    def release(self, number: int, generation: int) -> None:
        """Take note that an object of the submission is no longer needed."""
        if generation == self._generation:
            self._dropped.append(number)

    def has(self, handle: Handle) -> bool:
        """Tell whether an object of the submission still exists."""
        return is_of(handle, self, self._generation)

    def _forget(self) -> None:
        """Take note that all objects of the submission are gone."""
        self._generation += 1
        self._dropped = []
        self._streams = {}

    def _frame(self, number: int, operation: str, arguments: tuple[Any, ...]) -> list[Any]:
        dropped, self._dropped = self._dropped[:_MOST_DROPPED], self._dropped[_MOST_DROPPED:]
        return wire.pack((number, operation, tuple(dropped), arguments), wire.REQUEST, self._outward)

    def _outward(self, value: Any) -> wire.Reference:
        """Return what stands for something that a check passes and that is no value."""
        if isinstance(value, wire.Stream):
            number = next(self._stream_numbers)
            self._streams[number] = value
            return wire.Reference("stream", number)
        if isinstance(value, Handle):
            return reference(value, self, self._generation)
        raise TypeError(f"a check passes a {type(value).__name__}, which cannot be sent to a solution")

    def _inward(self, sent: wire.Reference) -> Handle:
        if sent.kind != "object":
            raise wire.WireError("a solution has no streams")
        return Handle(self, sent.number, self._generation, line(sent.label, MAX_TITLE))

    def _parse(self, frame: bytes | memoryview) -> tuple[int, str, Any]:
        reply = wire.unpack(frame, wire.REPLY, self._inward)
        if type(reply) is not tuple or tuple(map(type, reply[:2])) != (int, str) or len(reply) != _REPLY_LENGTH:
            raise wire.WireError("a reply is malformed")
        if (reply[1] in CALLBACKS) is not (reply[0] == 0):
            raise wire.WireError("a reply belongs to no request")
        return reply

    def _called_back(self, kind: str, content: Any) -> list[Any]:
        """Return the frame with what the submission's process asks for."""
        return self._chunk(content) if kind == "pull" else self._answered(content)

    def _answered(self, asked: Any) -> list[Any]:
        """Return the frame with the answer to a question, where any are answered."""
        del asked
        raise wire.WireError("the solution asked for what it was not given")

    def _chunk(self, stream: Any) -> list[Any]:
        """Return the frame with the next value of a stream.

        Whatever the stream raises is an error of the check, and so is a value that cannot be sent.
        """
        if type(stream) is not int or stream not in self._streams:
            raise wire.WireError("the solution asked for a stream that it was not given")
        return wire.pack(self._streams[stream].take(), wire.REQUEST, self._outward)
