"""Runs a learner's tests in a process of their own, and has the solution that they ask for answer in another.

The judge stands between the two: what the tests ask is decoded here, and only calls, plain attributes and operators
are handed on, so tests see neither the code of a solution nor anything of its process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pytest_mlkata.errors import CheckFailed, NotStarted, SubmissionRaised, SubmissionStopped
from pytest_mlkata.model import Limits

from . import wire
from .asking import SPECIAL
from .describe import Call
from .handle import Handle
from .host import Host
from .output import plain
from .raising import MAX_NAME, MAX_TEXT

if TYPE_CHECKING:
    from .backend import Backend
    from .confine import Confinement
    from .launcher import Zygote

LIBRARIES: Final = (
    *("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments"),
    *("hypothesis", "_hypothesis_globals", "sortedcontainers", "attr", "attrs", "typing_extensions"),
)
"""What pytest and Hypothesis consist of, in all versions that are supported."""
LOADED: Final = (
    # It keeps tables there, else in a folder where it is started.
    "hypothesis.configuration:set_hypothesis_home_dir:/dev/null/hypothesis",
    *("pytest", "_pytest.assertion.rewrite", "_pytest.recwarn", "_pytest.skipping", "_pytest.pytester_assertions"),
    *("hypothesis", "hypothesis.strategies", "hypothesis.extra.numpy", "hypothesis.stateful"),
)
_TEXT: Final = re.compile(r"\b(text|characters|from_regex|from_type)\(")
_OF_TEXT: Final = ("hypothesis.internal.charmap:intervals_from_codec:utf-8", "hypothesis.internal.charmap:charmap")
LIMITS: Final = Limits(call_seconds=8.0, total_seconds=60.0)
"""Of all tests on one solution."""
MOST_TESTS: Final = 1000
MOST_CHARACTERS: Final = 400
_EXAM: Final = Path(__file__).with_name("exam.py")
_MAX_LINE: Final = 10**6
_INSIDE: Final = ("_", "gi_", "cr_", "ag_", "tb_", "f_", "co_", "func_")
"""How attributes begin that lead to code and frames, or that are nobody's business."""


@dataclass
class Sitting:
    """What became of a file of tests on one solution: nothing in it is trusted, but all is plain and short.

    Attributes
    ----------
    collected
        The names of its tests. Everywhere else a test is its place among these: names can be long, and alike.
    failed
        For each test that failed what it says.
    ended
        The tests that came to their end.
    fault
        Why the file could not be run, and the line where that is known.
    stopped
        Why not all of it was run: it took too long, its process ended, or pytest did.
    last
        The test that was begun last, and has not ended.
    """

    collected: tuple[str, ...] = ()
    failed: dict[int, str] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    fault: str = ""
    line: int = 0
    stopped: str = ""
    last: int | None = None

    @property
    def holds(self) -> bool:
        """Whether every test was run, and holds."""
        return not (self.failed or self.fault or self.stopped)

    def close(self, chosen: tuple[int, ...] | None) -> None:
        """Take down that pytest has come to its end: whatever tests can do to it, all that were due must have ended."""
        due = range(len(self.collected)) if chosen is None else chosen
        left = [test for test in due if test not in self.ended and test not in self.failed]
        if left and not self.fault:
            self.stopped = "ends the run of all tests"
            self.last = left[0] if self.last is None else self.last

    def take(self, kind: str, content: tuple[Any, ...]) -> None:
        """Take a note.

        Raises
        ------
        WireError
            It is none.
        """
        match kind, content:
            case "collected", (tuple() as names,) if _are_names(names) and not self.collected:
                self.collected = tuple(map(_short, names))
            case "began", (int() as test,) if 0 <= test < len(self.collected):
                self.last = test
            case "ended", (int() as test,) if 0 <= test < len(self.collected):
                self.ended.add(test)
                self.last = None
            case "failed", (int() as test, str() as text) if 0 <= test < len(self.collected):
                self.failed.setdefault(test, _short(text))
            case "fault", (int() as number, str() as text):
                self.fault, self.line = _short(text), number if 0 < number < _MAX_LINE else 0
            case _:
                raise wire.WireError("the tests sent a note that is none")


def _are_names(names: tuple[Any, ...]) -> bool:
    return len(names) <= MOST_TESTS and all(isinstance(name, str) for name in names)


def loaded_for(source: str) -> tuple[str, ...]:
    """Return the modules that a file of tests needs: tables of characters, which take seconds, only where it does."""
    return LOADED + (_OF_TEXT if _TEXT.search(source) else ())


class Root:
    """Stands for the judge himself, as the process of the tests knows him."""


class Proctor(Host):
    """Runs a file of tests on one solution.

    Parameters
    ----------
    zygote
        Where its process comes from: one that was given `LIBRARIES`.
    solution
        What runs the solution.
    how
        What the process is left.
    """

    def __init__(self, zygote: Zygote, solution: Backend, how: Confinement) -> None:
        super().__init__(zygote, _EXAM.read_text("utf-8"), name="mlkata_exam", limits=LIMITS, how=how)
        self._solution = solution
        self._objects: list[Any] = [Root()]
        self._sitting = Sitting()
        self._names: tuple[str, ...] = ()

    def sit(
        self,
        tests: tuple[str, str],
        kata: tuple[str, tuple[str, ...]],
        chosen: tuple[int, ...] | None = None,
    ) -> Sitting:
        """Run the tests, all the same way whatever the solution: they are not to know which it is.

        Parameters
        ----------
        tests
            What is in the file, and its name.
        kata
            The name of the kata, and those that its stub declares.
        chosen
            The tests to run, by their places; all where it is None.
        """
        self._sitting = Sitting()
        self._names = kata[1]
        arguments = (*tests, *kata, chosen, MOST_TESTS, self._objects[0])
        try:
            self.request("call freely", "run", arguments, {}, call=Call("the tests"))
        except SubmissionStopped as stop:
            self._sitting.stopped = _short(str(stop))
        except SubmissionRaised as error:
            self._sitting.stopped = _short(f"pytest did not run: {error}")
        else:
            self._sitting.close(chosen)
        return self._sitting

    def _outward(self, value: Any) -> wire.Reference:
        if isinstance(value, Root):
            return wire.Reference("service", 0, "Root")
        if isinstance(value, Handle):
            self._objects.append(value)
            return wire.Reference("service", len(self._objects) - 1, value._title)  # noqa: SLF001
        return super()._outward(value)

    def _inward(self, sent: wire.Reference) -> Any:
        if sent.kind != "service" or not 0 < sent.number < len(self._objects):
            raise wire.WireError("the tests passed what is no object of the solution")
        return self._objects[sent.number]

    def _answered(self, asked: Any) -> list[Any]:
        match asked:
            case (int() as number, (str() as operation, str() as name, tuple() as args, dict() as kwargs)) if (
                0 <= number < len(self._objects)
            ):
                answer = self._answer(self._objects[number], operation, name, args, kwargs)
            case _:
                raise wire.WireError("the tests asked for what does not exist")
        try:
            return wire.pack(answer, wire.REQUEST, self._outward)
        except (wire.WireError, TypeError) as error:
            return wire.pack(("stopped", f"this cannot be graded here: the answer: {error}"), wire.REQUEST)

    def _answer(
        self, about: Any, operation: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, ...]:
        if isinstance(about, Root) and operation == "note":
            self._sitting.take(name, args)
            return "value", None, {}
        try:
            return "value", *self._asked_of_solution(about, operation, name, args, kwargs)
        except (SubmissionRaised, SubmissionStopped, CheckFailed, ValueError) as error:
            return _no_value(error)

    def _asked_of_solution(
        self, about: Any, operation: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, dict[int | str, Any]]:
        if len(name) > MAX_NAME or not all(isinstance(key, str) for key in kwargs):
            raise wire.WireError("the tests asked for what has no name")
        is_root = isinstance(about, Root)
        match operation:
            case "call" if is_root and name not in self._names:
                # Nothing of what there is: a helper of one solution would give it away.
                raise SubmissionRaised(name, mro=("AttributeError",), text="it is not part of the kata")
            case "call" if is_root:
                content = self._solution.request("call shown", name, args, kwargs, call=Call(name, args, kwargs))
            case "getattr" if not is_root:
                if name.startswith(_INSIDE):
                    raise SubmissionRaised(name, mro=("AttributeError",), text=name)
                return self._solution.request("getattr", about, name, call=Call(name)), {}
            case "invoke" if not is_root:
                content = self._solution.request("invoke shown", about, args, kwargs, call=Call("call", args, kwargs))
            case "method" if not is_root and name in SPECIAL:
                content = self._solution.request("method shown", about, name, args, {}, call=Call(name, args))
            case _:
                raise wire.WireError("the tests asked for what does not exist")
        return _shown(content)


def _no_value(error: BaseException) -> tuple[Any, ...]:
    """Return the answer where there is no value."""
    match error:
        case NotStarted():
            return "raised", ("NotImplementedError",), str(error)
        case SubmissionRaised(mro=()):  # it raised nothing, but what it gave cannot be sent
            return "stopped", f"this cannot be graded here: {error}"
        case SubmissionRaised():
            # Not its message, which shows the line of the solution.
            return "raised", error.mro, error.text[:MAX_TEXT]
        case wire.WireError():
            return "stopped", f"this cannot be graded here: {error}"
        case SubmissionStopped() | CheckFailed():
            return "stopped", str(error)
    # The object is one of a process that is no more.
    return "stopped", "the object is gone: the solution was stopped in between"


def _shown(content: Any) -> tuple[Any, dict[int | str, Any]]:
    """Return the value and the changed arguments that a solution's process sent."""
    match content:
        case (value, dict() as changed) if all(isinstance(key, int | str) for key in changed):
            return value, changed
    raise SubmissionStopped("the solution broke the channel to the judge")


def _short(text: str) -> str:
    """Return the beginning of a text, without what steers a terminal."""
    # First to a size: the text can have megabytes.
    text = plain(text[: 10 * MOST_CHARACTERS]).strip()
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 2]} …"
