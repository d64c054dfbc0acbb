"""From the end of a check to its status, its message and its counterexample, as a person would write it down."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.errors import CheckFailed, Inconclusive, NotStarted, SubmissionRaised, SubmissionStopped
from pytest_mlkata.model import Status

_MOST_ELEMENTS = 24
_FIRST_ELEMENTS = 8
"""Of an array with more than the most."""
_MOST_CHARACTERS = 400
_PLAIN_DTYPES = ("float64", "int64")


@dataclass(frozen=True)
class Outcome:
    """What running one check came to."""

    status: Status
    message: str = ""
    counterexample: str = ""


PASSED = Outcome(Status.PASSED)


class Blocked(BaseException):
    """The check was not run, since what it presupposes does not hold."""


class BrokenKata(Exception):
    """The kata's own reference fails the check: no submission can be judged by it."""


_STATUS: tuple[tuple[type[BaseException], Status], ...] = (
    (NotStarted, Status.NOT_STARTED),
    (SubmissionStopped, Status.ERROR),
    (SubmissionRaised, Status.ERROR),
    (Inconclusive, Status.INCONCLUSIVE),
    (Blocked, Status.BLOCKED),
    (BrokenKata, Status.BROKEN),
    (CheckFailed, Status.FAILED),
    (AssertionError, Status.FAILED),
    # What `pytest.raises` says where nothing is raised.
    (pytest.fail.Exception, Status.FAILED),
)


def judge(ended: BaseException, counterexample: str = "") -> Outcome:
    """The outcome of a check that ended by raising `ended`.

    An exception that the table does not know was raised by the check's own code, which could not handle the answer.
    (Where the reference cannot be handled either, the caller finds the kata broken.)
    """
    for kind, status in _STATUS:
        if isinstance(ended, kind):
            return Outcome(status, _repeatable(_text(ended)), _repeatable(counterexample))
    message = f"the answer has a form that cannot be used: {type(ended).__name__}: {ended}"
    return Outcome(Status.FAILED, _repeatable(message), _repeatable(counterexample))


def _text(ended: BaseException) -> str:
    text = str(ended).strip()
    if isinstance(ended, AssertionError):
        text = _bare(text)
    if text:
        return text
    return "the property does not hold" if isinstance(ended, AssertionError) else type(ended).__name__


def _bare(text: str) -> str:
    """What the author of an ``assert`` wrote: pytest adds an explanation that options and environment change."""
    said = text.partition("\nassert ")[0]
    return said.partition("\n")[0] if said.startswith("assert ") else said


def _repeatable(text: str) -> str:
    """`text` without addresses of objects, which are others in every run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def describe(arguments: Mapping[str, Any]) -> str:
    """One line ``name = value`` for each argument; the fields of a dataclass have a line each."""
    lines = []
    for name, value in _flat(arguments):
        lines.append(f"{name} = {_short(_value(value))}{_dress(value)}")
    return "\n".join(lines)


def _flat(arguments: Mapping[str, Any]) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for name, value in arguments.items():
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            flat += [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value) if field.repr]
        else:
            flat.append((name, value))
    return flat


def _value(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, tuple | list) and any(isinstance(item, np.ndarray) for item in value):
        inner = ", ".join(_value(item) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return _in_a_line(value)


def _in_a_line(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # an object of the kata's own
        return f"<{type(value).__name__}>"
    return " ".join(text.split()) if "\n" in text else text


def _array(array: np.ndarray[Any, Any]) -> str:
    dtype = "" if array.dtype.name in _PLAIN_DTYPES else array.dtype.name
    if array.size > _MOST_ELEMENTS:
        first = np.array2string(array.ravel()[:_FIRST_ELEMENTS], separator=", ", max_line_width=_MOST_CHARACTERS)
        return f"{dtype} array of shape {array.shape}: {first[:-1]}, …]".lstrip()
    text = "array(" + repr(array.tolist())
    if array.size == 0:
        text += f", shape={array.shape}"
    if dtype:
        text += f", dtype={dtype}"
    return text + ")"


def _dress(value: Any) -> str:
    """What the numbers do not show but a solution can trip over."""
    if not isinstance(value, np.ndarray):
        return ""
    dress = []
    if value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous:
        dress.append("Fortran order")
    elif value.size and not value.flags.forc:
        dress.append("not contiguous")
    if not value.flags.writeable:
        dress.append("read-only")
    return f"  ({', '.join(dress)})" if dress else ""


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
