"""Reads what a check declares about itself: its property, hint, points and function."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import FunctionType

import pytest

from pytest_mlkata.errors import KataError
from pytest_mlkata.model import MINIMAL_CHANGE, Check

_NOT_FOR_CHECKS = ("skip", "skipif", "xfail")


def declare(item: pytest.Function, path: Path, category: str, functions: tuple[str, ...]) -> Check:
    """The check that `item` runs.

    Parameters
    ----------
    item
        The pytest function, with the marker that ``@points`` puts on it.
    path
        The check file, for messages.
    category
        The category of the file.
    functions
        The kata's API: the names of its functions.

    Raises
    ------
    KataError
        The check says too little about itself; the message names file, line and remedy.
    """
    body = _body(item)
    where = f"{path}, line {body.__code__.co_firstlineno}: {item.originalname}"
    _require_plain(item, body, where)
    title, _, rest = (inspect.getdoc(item.function) or "").partition("\n")
    if not title.strip():
        raise KataError(f"{where} has no docstring; its first line is the property on the scorecard")
    marker = item.get_closest_marker("mlkata")
    if marker is None:
        raise KataError(f"{where} has no points; put @points(1) above it (from pytest_mlkata.checks import points)")
    worth = marker.kwargs.get("points")
    if type(worth) is not int or worth < 1:
        raise KataError(f"{where} is worth {worth!r} points; write a whole number from 1 on")
    function = marker.kwargs.get("function") or _named_in(item.originalname, functions)
    if category == MINIMAL_CHANGE:
        function = ""  # it is about the whole
    elif function not in functions:
        raise KataError(
            f"{where} does not say which function it checks; name it test_<function>_… or write "
            f"@points(…, function=…) with one of {', '.join(functions)}"
        )
    return Check(
        id=f"{path.name}::{item.name}",
        category=category,
        function=function or "",
        property=_with_parameters(title.strip(), item),
        hint=_paragraphs(rest),
        points=worth,
    )


def _require_plain(item: pytest.Function, body: FunctionType, where: str) -> None:
    """Refuse what would let a check neither hold nor fail."""
    if inspect.iscoroutinefunction(body) or inspect.isasyncgenfunction(body):
        raise KataError(f"{where} is async, so nobody would run it; write a plain function")
    for name in _NOT_FOR_CHECKS:
        if item.get_closest_marker(name) is not None:
            raise KataError(f"{where} is marked {name}; a check holds or fails, so take the mark away")


def _body(item: pytest.Function) -> FunctionType:
    """The function that the author wrote, under its decorators."""
    handle = getattr(item.function, "hypothesis", None)
    body: FunctionType = inspect.unwrap(item.function if handle is None else handle.inner_test)
    return body


def _paragraphs(text: str) -> str:
    """`text` with a line for each paragraph: where it is shown, lines have another length than in the source."""
    return "\n".join(" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).strip().split("\n\n"))


def _named_in(test: str, functions: tuple[str, ...]) -> str | None:
    """The function that the name of `test` begins with; the longest where several do."""
    named = [name for name in functions if f"{test}_".startswith(f"test_{name}_")]
    return max(named, key=len, default=None)


def _with_parameters(title: str, item: pytest.Function) -> str:
    callspec = getattr(item, "callspec", None)
    return f"{title} [{callspec.id}]" if callspec is not None else title
