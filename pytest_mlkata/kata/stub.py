"""Reads a kata's stub, the only declaration of its API."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from pytest_mlkata.errors import KataError
from pytest_mlkata.model import Function


def read_stub(path: Path) -> tuple[Function, ...]:
    """The public functions and classes that the stub at `path` declares, in order.

    Raises
    ------
    KataError
        The stub cannot be read, is not valid Python, or declares nothing.
    """
    tree = _parse(path)
    functions = tuple(
        _declare(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    if not functions:
        raise KataError(f"{path}: declares no public function; the stub is the API that a learner fills in")
    return functions


def _parse(path: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # Under ``-W error`` an odd escape in a docstring would be a syntax error here, and nowhere else.
            warnings.simplefilter("ignore")
            return ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise KataError(f"{path}{line}: {type(error).__name__}: {error.msg}; mend the stub") from None
    except OSError as error:
        raise KataError(f"{path}: cannot be read: {error.strerror}; check its permissions") from None
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, or brackets without end
        raise KataError(f"{path}: is not valid Python: {error}; mend the stub") from None


def _declare(node: ast.FunctionDef | ast.ClassDef) -> Function:
    docstring = ast.get_docstring(node) or ""
    arguments = _arguments(node)
    return Function(
        name=node.name,
        kind="class" if isinstance(node, ast.ClassDef) else "function",
        signature=f"{node.name}({ast.unparse(arguments)})",
        summary=docstring.partition("\n")[0].strip(),
        line=node.lineno,
        parameters=tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args)),
    )


def _arguments(node: ast.FunctionDef | ast.ClassDef) -> ast.arguments:
    """The arguments of a call; a class takes those of its constructor, without ``self``."""
    if isinstance(node, ast.FunctionDef):
        return node.args
    for child in node.body:
        if isinstance(child, ast.FunctionDef) and child.name == "__init__":
            del (child.args.posonlyargs or child.args.args)[:1]
            return child.args
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
