"""Small changes of a call that a mistake could have made: another function, other arguments, or no call at all."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator
from typing import Any

_PAIRS = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("floor", "ceil"),
    ("zeros", "ones"),
    ("sum", "mean"),
    ("cumsum", "cumprod"),
    ("logical_and", "logical_or"),
    ("left", "right"),
)
_SWAPPED = {name: other for pair in _PAIRS for name, other in (pair, pair[::-1])}
_ACCURATE = {"log1p": "log", "expm1": "exp", "logaddexp": "maximum", "array": "asarray"}
"""Functions, and what somebody takes for the same."""
_EITHER_WAY = frozenset({"add", "multiply", "maximum", "minimum", "logaddexp", "hypot", "max", "min", "gcd"})
"""Functions whose arguments may change places."""
_CONDITION_FIRST = frozenset({"where", "clip", "select"})
"""Functions of three arguments whose last two are taken for each other, the first never."""
_REDUCTIONS = ("sum", "mean", "prod", "max", "min", "std", "var")
_ALONG_AN_AXIS = frozenset(
    {*_REDUCTIONS, *(f"nan{name}" for name in _REDUCTIONS), "amax", "amin", "ptp", "average", "median"}
    | {"argmax", "argmin", "any", "all", "count_nonzero", "cumsum", "cumprod", "sort", "argsort", "flip"}
    | {"concatenate", "stack", "expand_dims", "softmax", "logsumexp"}
)
"""Functions whose argument after the array is an axis."""
_COPIES = frozenset({"copy", "deepcopy"})
_BUILTINS = frozenset(vars(builtins))
_TWO, _THREE = 2, 3


def calls(node: ast.Call) -> Iterator[ast.expr]:
    """Change the function or the arguments of a call, or leave the call out."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return
    yield from _other_function(node)
    yield from _other_arguments(node)
    yield from _other_keywords(node)
    inside = _what_it_is_of(node)
    if inside is not None:
        yield inside


def _other_function(node: ast.Call) -> Iterator[ast.expr]:
    function, called = node.func, _name_of(node.func)
    field = "id" if isinstance(function, ast.Name) else "attr"
    for other in (_SWAPPED.get(called), _ACCURATE.get(called)):
        if other:
            yield altered(node, func=altered(function, **{field: other}))


def _name_of(function: ast.expr) -> str:
    """Return how a function is called, without what it belongs to."""
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _other_arguments(node: ast.Call) -> Iterator[ast.expr]:
    args = node.args
    if any(isinstance(each, ast.Starred) for each in args):
        return
    axis = _place_of_axis(node)
    yield from _neighbours_swapped(node, axis)
    if axis is not None:
        yield from _other_axis(node, axis)
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        end = min(len(args), _TWO) - 1
        for by in (1, -1):
            yield altered(node, args=[*args[:end], moved(args[end], by), *args[end + 1 :]])


def _neighbours_swapped(node: ast.Call, axis: int | None) -> Iterator[ast.expr]:
    """Swap arguments side by side; nobody takes an axis for an array."""
    args, called = node.args, _name_of(node.func)
    if called in _EITHER_WAY:
        return
    begin = 1 if called in _CONDITION_FIRST and len(args) == _THREE else 0
    for index in range(begin, len(args) - 1):
        one, other = args[index : index + _TWO]
        if axis not in (index, index + 1) and ast.dump(one) != ast.dump(other):
            yield altered(node, args=[*args[:index], other, one, *args[index + _TWO :]])


def _place_of_axis(node: ast.Call) -> int | None:
    """Return which positional argument is a constant axis: the first of a method, the second of a function."""
    function = node.func
    if _name_of(function) not in _ALONG_AN_AXIS or (isinstance(function, ast.Name) and function.id in _BUILTINS):
        return None
    place = int(isinstance(function, ast.Name) or (isinstance(function, ast.Attribute) and _is_module(function.value)))
    given = node.args[place] if place < len(node.args) else None
    number = given.operand if isinstance(given, ast.UnaryOp) else given
    return place if isinstance(number, ast.Constant) and type(number.value) is int else None


def _other_axis(node: ast.Call, place: int) -> Iterator[ast.expr]:
    """Take the other axis, or none at all; `_constant` takes the next one."""
    before, given, after = node.args[:place], node.args[place], node.args[place + 1 :]
    if isinstance(given, ast.Constant) and given.value == 1:
        yield altered(node, args=[*before, ast.Constant(value=0), *after])
    if not after:
        yield altered(node, args=before)


def _other_keywords(node: ast.Call) -> Iterator[ast.expr]:
    """Leave out each keyword; an axis may be another one, too."""
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is None:
            continue
        before, after = node.keywords[:index], node.keywords[index + 1 :]
        yield altered(node, keywords=[*before, *after])
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "axis" and value == 1:
            yield altered(node, keywords=[*before, altered(keyword, value=ast.Constant(value=0)), *after])
        if isinstance(value, str) and value in _SWAPPED:
            yield altered(node, keywords=[*before, altered(keyword, value=ast.Constant(value=_SWAPPED[value])), *after])


def _what_it_is_of(node: ast.Call) -> ast.expr | None:
    """Return what a call works on, where its answer may be of the same kind: ``x`` of ``abs(x)`` and ``x.copy()``."""
    function = node.func
    is_method = isinstance(function, ast.Attribute) and not isinstance(function.value, ast.Name)
    if isinstance(function, ast.Attribute) and (not node.args or function.attr == "astype"):
        return None if _is_module(function.value) else function.value
    known = isinstance(function, ast.Name) and function.id in _BUILTINS
    known = known or (isinstance(function, ast.Attribute) and not is_method and _is_module(function.value))
    if (
        (known or _is_copying(function))
        and len(node.args) == 1
        and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp)
    ):
        return node.args[0]
    return None


def _is_copying(function: ast.expr) -> bool:
    """Whether it is a function of the module `copy`, imported either way."""
    module = function.value if isinstance(function, ast.Attribute) else ast.Name("copy")
    return isinstance(module, ast.Name) and module.id == "copy" and _name_of(function) in _COPIES


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"np", "numpy", "math", "scipy"}


def moved(node: ast.expr, by: int) -> ast.expr:
    """Return what is one more, or one less."""
    return ast.BinOp(left=node, op=ast.Add() if by > 0 else ast.Sub(), right=ast.Constant(value=1))


def altered(node: Any, **fields: Any) -> Any:
    """Return the same node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
