"""Takes down what is asked of one solution, and asks the same of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pytest_mlkata.errors import CheckFailed, SubmissionRaised

from . import wire
from .describe import Call
from .handle import Handle
from .inprocess import InProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .backend import Backend

MOST_BYTES: Final = 2**16
"""A request that is larger is not taken down."""

_OPERATIONS: Final = frozenset(
    {"call", "call keeping", "getattr", "invoke", "method", "iter", "next", "next ones", "len"}
)
"""Others measure."""


@dataclass(frozen=True)
class Answer:
    """What came of a request.

    Attributes
    ----------
    value
        What was returned; None unless `raised` and `said` are empty. Objects of the solution stand for themselves.
    raised
        Names of the class that was raised and its bases, nearest first.
    said
        What a guard said of the call: that it changes an argument, for instance.
    """

    value: Any = None
    raised: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Step:
    """One request, as it can be made again, and what came of it the first time."""

    operation: str
    name: str
    frame: bytes
    answer: Answer


class TapeEnds(BaseException):  # it is no error
    """No more is taken down, so the check need not go on. Not an `Exception`, so that Hypothesis lets it through."""


class Taping(InProcess):
    """Runs a solution that is trusted, and takes down what is asked of it.

    Attributes
    ----------
    steps
        What was asked since `rewind`. It ends where something cannot be asked again: a stream that is used up, or more
        than `MOST_BYTES`.
    """

    def __init__(self, source: str, *, name: str) -> None:
        super().__init__(source, name=name, aside=True)
        self.steps: list[Step] = []
        self._most = 0
        self._objects: list[Handle] = []

    def rewind(self, most: int) -> None:
        """Start over, with a fresh solution, and take down so many steps at most."""
        self.reset()
        self._most = most
        self.steps, self._objects = [], []

    def request(self, operation: str, *arguments: Any, call: Call) -> Any:
        """Carry out an operation and take it down; raises `TapeEnds` where it cannot be."""
        frame = self._frozen(operation, arguments)
        if not frame:
            raise TapeEnds
        try:
            value = super().request(operation, *arguments, call=call)
        except (SubmissionRaised, CheckFailed) as error:
            self.steps.append(Step(operation, call.name, frame, _failed(error)))
            raise
        self._objects += objects_in(value)
        self.steps.append(Step(operation, call.name, frame, Answer(value)))
        return value

    def _frozen(self, operation: str, arguments: tuple[Any, ...]) -> bytes:
        """Return a request as bytes; none where it cannot be taken down."""
        frame = b""
        if operation in _OPERATIONS and len(self.steps) < self._most:
            try:
                pieces = wire.pack(arguments, wire.REQUEST, self._number)
            except (wire.WireError, TypeError):
                pieces = []
            if sum(map(len, pieces)) <= MOST_BYTES:
                frame = b"".join(pieces)
        return frame

    def _number(self, value: Any) -> wire.Reference:
        for number, known in enumerate(self._objects):
            if known is value:
                return wire.Reference("object", number)
        raise TypeError(f"a {type(value).__name__} cannot be taken down")


def play(steps: Iterable[Step], backend: Backend) -> Iterator[Answer]:
    """Make the same requests of another solution, and give its answers.

    It ends where a request is about an object that the other solution has not given.

    Raises
    ------
    SubmissionStopped
        The other solution cannot go on.
    """
    objects: list[Handle] = []

    def known(reference: wire.Reference) -> Handle:
        return objects[reference.number]

    for step in steps:
        try:
            arguments = wire.unpack(step.frame, wire.REQUEST, known)
        except wire.WireError:
            return
        try:
            value = backend.request(step.operation, *arguments, call=Call(step.name))
        except (SubmissionRaised, CheckFailed) as error:
            yield _failed(error)
            continue
        objects += objects_in(value)
        yield Answer(value)


def objects_in(value: Any) -> list[Handle]:
    """Return the objects of a solution in an answer, from left to right."""
    if isinstance(value, Handle):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [each for item in value for each in objects_in(item)]
    return []


def _failed(error: SubmissionRaised | CheckFailed) -> Answer:
    if isinstance(error, SubmissionRaised):
        return Answer(raised=error.mro or (type(error).__name__,))
    return Answer(said=str(error))
