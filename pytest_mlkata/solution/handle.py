"""An object of the submission as the judge sees it."""

from __future__ import annotations

import itertools
import sys
from typing import Any, Final, NoReturn, Protocol, Self

from pytest_mlkata.errors import SubmissionStopped

from .describe import Call, describe
from .verdict import NoFurtherValue
from .wire import Reference

MAX_TITLE: Final = 100


class Requester(Protocol):
    """What answers questions about the object."""

    def request(self, operation: str, *arguments: Any, call: Call) -> Any:
        """Carry out an operation and return what came of it."""

    def release(self, number: int, generation: int) -> None:
        """Take note that an object is no longer needed."""


class Handle:
    """An object that stays with the submission; only its attributes, calls and items are asked for.

    Values (numbers, strings, arrays, lists and so on) come back as values, other objects as further handles. No
    operator is forwarded, so nothing of the submission runs in a comparison: ``handle == 3`` is false. For special
    methods there is `method`: ``method(a, "__add__", b)``.
    """

    __slots__ = ("__weakref__", "_generation", "_number", "_requester", "_title")

    def __init__(self, requester: Requester, number: int, generation: int, title: str) -> None:
        self._requester = requester
        self._number = number
        self._generation = generation
        self._title = title

    def __repr__(self) -> str:
        """Return what a message shows."""
        return f"<{self._title} of the solution>"

    def __del__(self) -> None:
        """Have the object freed."""
        self._requester.release(self._number, self._generation)

    def __copy__(self) -> Self:
        """Return the handle itself: it is the handle that frees the object."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return the handle itself."""
        return self

    def __reduce__(self) -> Any:
        """Refuse to be pickled."""
        raise TypeError(f"{self!r} exists in this process only")

    def __getattr__(self, name: str) -> Any:
        """Return an attribute: its value, or a handle."""
        # NumPy, copy, pickle and the like look for special methods: they shall find none.
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        title = _part(self._title, name)
        value = self._requester.request("getattr", self, name, call=Call(title))
        if isinstance(value, Handle):
            value._title = title  # noqa: SLF001 (one of our own)
        return value

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the object."""
        return self._requester.request("invoke", self, args, kwargs, call=Call(self._title, args, kwargs))

    def __iter__(self) -> Any:
        """Return an iterator over it."""
        call = Call("iter", (self,))
        iterator = self._requester.request("iter", self, call=call)
        if not isinstance(iterator, Handle):
            refuse(iterator, call, "an iterator")
        return iterator

    def __next__(self) -> Any:
        """Return its next value, if it is an iterator."""
        try:
            return self._requester.request("next", self, call=Call("next", (self,)))
        except NoFurtherValue:
            raise StopIteration from None

    def __len__(self) -> int:
        """Return its length, which the submission computes."""
        call = Call("len", (self,))
        length = self._requester.request("len", self, call=call)
        if type(length) is not int or not 0 <= length <= sys.maxsize:
            refuse(length, call, "a length")
        return length

    def __bool__(self) -> bool:
        """Return true: truth by length would ask the submission."""
        return True


def reference(handle: Handle, requester: Requester, generation: int) -> Reference:
    """Return what stands for an object where it lives.

    Raises
    ------
    ValueError
        The object is one of another submission, or of a worker that is no more.
    """
    if not is_of(handle, requester, generation):
        raise ValueError(f"{handle!r} does not exist any more: each check has a fresh solution")
    return Reference("object", handle._number)  # noqa: SLF001


def is_of(handle: Handle, requester: Requester, generation: int) -> bool:
    """Tell whether an object is one of this submission, and of a worker that still is."""
    return handle._requester is requester and handle._generation == generation  # noqa: SLF001


def refuse(answer: Any, call: Call, expected: str) -> NoReturn:
    """Stop a submission that answers with what Python itself would never give.

    Raises
    ------
    SubmissionStopped
        Always: else it would look like a mistake of the check, which relies on it.
    """
    raise SubmissionStopped(f"{call} gave {describe(answer)}, where {expected} belongs")


def _part(title: str, name: str) -> str:
    """Return the title of an attribute; of a long chain of them the last part."""
    whole = f"{title}.{name}"
    return whole if len(whole) <= MAX_TITLE else f"…{whole[1 - MAX_TITLE :]}"


def listed(values: Any, most: int) -> list[Any]:
    """Take values of an iterator of the submission all at once: one by one each of them is a question of its own.

    Parameters
    ----------
    values
        A `Handle`, or values that can be gone through here.
    most
        How many to take at most: an iterator need not end.
    """
    if not isinstance(values, Handle):
        return list(itertools.islice(values, most))
    call = Call("list", (values,))
    iterator = iter(values)
    taken = iterator._requester.request("next ones", iterator, most, call=call)  # noqa: SLF001
    if type(taken) is not list:
        refuse(taken, call, "a list")
    return taken


def method(handle: Handle, name: str, /, *args: Any, **kwargs: Any) -> Any:
    """Call a method of an object of the submission by name, special methods such as ``__add__`` included."""
    requester: Requester = handle._requester  # noqa: SLF001
    title = _part(handle._title, name)  # noqa: SLF001
    return requester.request("method", handle, name, args, kwargs, call=Call(title, args, kwargs))
