"""Small changes of a program that a mistake could have made: what each node of its tree may turn into."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Callable, Iterator
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_TERMS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
"""Operations whose second operand somebody may forget."""
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
_BUILTINS = frozenset(vars(builtins))
_TWO = 2


def expressions(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression may turn into, its parts left alone; new nodes share parts with the old one."""
    for kind, changes in _CHANGES:
        if isinstance(node, kind):
            yield from changes(node)


def statements(node: ast.stmt, *, again: bool) -> Iterator[ast.stmt]:
    """Yield what a statement may turn into.

    Parameters
    ----------
    node
        The statement.
    again
        Whether it assigns to something that has a value already, so that it can be left out.
    """
    if isinstance(node, ast.Expr | ast.Raise) or again:
        yield ast.Pass()
    if isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
        yield _with(node, op=_ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Return) and node.value is not None:
        yield from _returns(node, node.value)


def conditions(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.expr]:
    """Yield what the condition of a branch may be forced to."""
    if not isinstance(node, ast.While):  # it would never end
        yield ast.Constant(value=True)
    yield ast.Constant(value=False)


def _with(node: Any, **fields: Any) -> Any:
    """Return the same node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _returns(node: ast.Return, value: ast.expr) -> Iterator[ast.stmt]:
    if isinstance(value, ast.Tuple) and len(value.elts) > 1:
        first, second, *rest = value.elts
        if ast.dump(first) != ast.dump(second):
            yield _with(node, value=_with(value, elts=[second, first, *rest]))
    elif not (isinstance(value, ast.Constant) and value.value is None):
        yield _with(node, value=ast.Constant(value=None))


def _compare(node: ast.Compare) -> Iterator[ast.expr]:
    for index, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
    for index, side in enumerate(node.comparators):
        # A name that is compared, not a message.
        if isinstance(side, ast.Constant) and isinstance(side.value, str):
            other_name = ast.Constant(value=f"{side.value}_")
            yield _with(node, comparators=[*node.comparators[:index], other_name, *node.comparators[index + 1 :]])


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    if _is_text(node.left) or _is_text(node.right):
        return
    yield _with(node, op=_ARITHMETIC[type(node.op)]())
    if isinstance(node.op, _TERMS):
        yield node.left


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _boolean(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _unary(node: ast.UnaryOp) -> Iterator[ast.expr]:
    if not isinstance(node.op, ast.UAdd):
        yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(value=not value)
    elif isinstance(value, int):
        yield ast.Constant(value=value + 1)
    elif isinstance(value, float):
        yield ast.Constant(value=2 * value or 1.0)


def _conditional(node: ast.IfExp) -> Iterator[ast.expr]:
    for forced in conditions(node):
        yield _with(node, test=forced)


def _slice(node: ast.Slice) -> Iterator[ast.expr]:
    for bound in ("lower", "upper", "step"):
        value = getattr(node, bound)
        if value is None:
            continue
        yield _with(node, **{bound: None})
        if bound != "step" and not isinstance(value, ast.Constant | ast.UnaryOp):  # whose own changes are by one
            yield _with(node, **{bound: _moved(value, 1)})


def _moved(node: ast.expr, by: int) -> ast.expr:
    return ast.BinOp(left=node, op=ast.Add() if by > 0 else ast.Sub(), right=ast.Constant(value=1))


def _comprehension(node: Any) -> Iterator[ast.expr]:
    for index, generator in enumerate(node.generators):
        if generator.ifs:
            every = _with(generator, ifs=[])
            yield _with(node, generators=[*node.generators[:index], every, *node.generators[index + 1 :]])


def _call(node: ast.Call) -> Iterator[ast.expr]:
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
            yield _with(node, func=_with(function, **{field: other}))


def _name_of(function: ast.expr) -> str:
    """Return how a function is called, without what it belongs to."""
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _other_arguments(node: ast.Call) -> Iterator[ast.expr]:
    args = node.args
    if any(isinstance(each, ast.Starred) for each in args):
        return
    if len(args) == _TWO and _name_of(node.func) not in _EITHER_WAY and ast.dump(args[0]) != ast.dump(args[1]):
        yield _with(node, args=args[::-1])
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        end = min(len(args), _TWO) - 1
        for by in (1, -1):
            yield _with(node, args=[*args[:end], _moved(args[end], by), *args[end + 1 :]])


def _other_keywords(node: ast.Call) -> Iterator[ast.expr]:
    """Leave out each keyword; an axis may be another one, too."""
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is None:
            continue
        before, after = node.keywords[:index], node.keywords[index + 1 :]
        yield _with(node, keywords=[*before, *after])
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "axis" and value == 1:
            yield _with(node, keywords=[*before, _with(keyword, value=ast.Constant(value=0)), *after])
        if isinstance(value, str) and value in _SWAPPED:
            yield _with(node, keywords=[*before, _with(keyword, value=ast.Constant(value=_SWAPPED[value])), *after])


def _what_it_is_of(node: ast.Call) -> ast.expr | None:
    """Return what a call works on, where its answer may be of the same kind: ``x`` of ``abs(x)`` and ``x.copy()``."""
    function = node.func
    is_method = isinstance(function, ast.Attribute) and not isinstance(function.value, ast.Name)
    if isinstance(function, ast.Attribute) and (not node.args or function.attr == "astype"):
        return None if _is_module(function.value) else function.value
    known = isinstance(function, ast.Name) and function.id in _BUILTINS
    known = known or (isinstance(function, ast.Attribute) and not is_method and _is_module(function.value))
    if known and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp):
        return node.args[0]
    return None


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"np", "numpy", "math", "scipy"}


_CHANGES: tuple[tuple[Any, Callable[[Any], Iterator[ast.expr]]], ...] = (
    (ast.Compare, _compare),
    (ast.BinOp, _binary),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _unary),
    (ast.Constant, _constant),
    (ast.IfExp, _conditional),
    (ast.Slice, _slice),
    (ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, _comprehension),
    (ast.Call, _call),
)
