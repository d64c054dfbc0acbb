"""Small changes of a program that a mistake could have made: what each node of its tree may turn into."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from pytest_mlkata.authoring.calls import altered, calls, moved

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
        yield altered(node, op=_ARITHMETIC[type(node.op)]())
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


def _returns(node: ast.Return, value: ast.expr) -> Iterator[ast.stmt]:
    if isinstance(value, ast.Tuple) and len(value.elts) > 1:
        first, second, *rest = value.elts
        if ast.dump(first) != ast.dump(second):
            yield altered(node, value=altered(value, elts=[second, first, *rest]))
    elif not (isinstance(value, ast.Constant) and value.value is None):
        yield altered(node, value=ast.Constant(value=None))


def _compare(node: ast.Compare) -> Iterator[ast.expr]:
    for index, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            yield altered(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
    for index, side in enumerate(node.comparators):
        # A name that is compared, not a message.
        if isinstance(side, ast.Constant) and isinstance(side.value, str):
            other_name = ast.Constant(value=f"{side.value}_")
            yield altered(node, comparators=[*node.comparators[:index], other_name, *node.comparators[index + 1 :]])


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    if _is_text(node.left) or _is_text(node.right):
        return
    yield altered(node, op=_ARITHMETIC[type(node.op)]())
    if isinstance(node.op, _TERMS):
        yield node.left


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _boolean(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield altered(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


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
        yield altered(node, test=forced)


def _slice(node: ast.Slice) -> Iterator[ast.expr]:
    for bound in ("lower", "upper", "step"):
        value = getattr(node, bound)
        if value is None:
            continue
        yield altered(node, **{bound: None})
        if bound != "step" and not isinstance(value, ast.Constant | ast.UnaryOp):  # whose own changes are by one
            yield altered(node, **{bound: moved(value, 1)})


def _subscript(node: ast.Subscript) -> Iterator[ast.expr]:
    """Leave out a slice of everything: it makes a copy of a list."""
    whole = node.slice
    if isinstance(node.ctx, ast.Load) and isinstance(whole, ast.Slice) and not any(ast.iter_child_nodes(whole)):
        yield node.value


def _comprehension(node: Any) -> Iterator[ast.expr]:
    for index, generator in enumerate(node.generators):
        if generator.ifs:
            every = altered(generator, ifs=[])
            yield altered(node, generators=[*node.generators[:index], every, *node.generators[index + 1 :]])


_CHANGES: tuple[tuple[Any, Callable[[Any], Iterator[ast.expr]]], ...] = (
    (ast.Compare, _compare),
    (ast.BinOp, _binary),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _unary),
    (ast.Constant, _constant),
    (ast.IfExp, _conditional),
    (ast.Slice, _slice),
    (ast.Subscript, _subscript),
    (ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, _comprehension),
    (ast.Call, calls),
)
