"""What was changed of a program that came with faults: pure functions over two texts."""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from io import StringIO

from pytest_mlkata.model import Changes

_CONTEXT = 1
"""Lines around a change that are shown with it."""

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def compare(before: str, after: str) -> Changes:
    """Compare a program with what became of it.

    Parameters
    ----------
    before, after
        Their sources.

    Returns
    -------
    Changes
        How many lines are kept: each line of the one that is a line of the other, too, wherever it stands, empty ones
        and white space at the end aside; not those of functions and classes that are defined anew further down, nor
        code that is only quoted in a string. And the difference, as ``diff -u`` shows it, without its head.
    """
    trees = _parse(before), _parse(after)
    old, new = _lines(before), _lines(after)
    kept = _in_force(old, trees[0]) & _in_force(new, trees[1])
    diff = list(difflib.unified_diff(old, new, lineterm="", n=_CONTEXT))[2:]
    return Changes(kept.total(), sum(map(bool, old)), "\n".join(diff), is_none=_do_the_same(*trees))


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _lines(source: str) -> list[str]:
    """Split a source where Python does, which knows fewer ends of lines than `str.splitlines`."""
    return [line.rstrip() for line in StringIO(source, newline=None)]


def _in_force(lines: list[str], tree: ast.Module | None) -> Counter[tuple[str, bool]]:
    """Count the lines that have a say, and for each whether it is inside a string of several lines."""
    quoted: set[int] = set()
    replaced: set[int] = set()
    if tree is not None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr) and node.lineno != node.end_lineno:
                quoted.update(_places(node))
        last = {node.name: node for node in tree.body if isinstance(node, _DEFINITIONS)}
        for node in tree.body:
            if isinstance(node, _DEFINITIONS) and last[node.name] is not node:
                replaced.update(_places(node))
    return Counter((line, i in quoted) for i, line in enumerate(lines, 1) if line and i not in replaced)


def _places(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


class _Remarks(ast.NodeTransformer):
    """Takes docstrings out, and whatever else is said and does nothing."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if isinstance(node.value, ast.Constant) else node


def _do_the_same(before: ast.Module | None, after: ast.Module | None) -> bool:
    """Tell whether nothing was changed but layout, comments and docstrings."""
    if before is None or after is None:
        return False
    try:
        return ast.dump(_Remarks().visit(before)) == ast.dump(_Remarks().visit(after))
    except (RecursionError, MemoryError):
        return False
