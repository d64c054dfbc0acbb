"""Requires that the stub is one, and that whoever answers it keeps to its signatures."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.scan import parsed
from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata

_SHAPE = re.compile(r"\([^()]*,[^()]*\)|\b(shape|number|integer|string|text|word|list|dict|path|array|iterable)s?\b")
"""Something like ``(n, d)``, or a word for what has no shape."""

_Entry = ast.FunctionDef | ast.ClassDef
_Parameters = list[tuple[str, str, Any]]
"""Name, kind and default of each; see `_parameters`."""
_REQUIRED, _OTHER = object(), object()
"""Stand for no default, and for one that is no plain value."""


def signature_findings(kata: Kata) -> Iterator[Finding]:
    """Return what is wrong with the stub, and with signatures in the reference and the right solutions."""
    try:
        read_stub(kata.stub)
    except KataError as error:
        yield Finding(kata.stub, str(error).removeprefix(str(kata.stub)).lstrip(",: "))
        return
    tree = parsed(kata.stub)
    assert tree is not None, "it has just been read"
    yield from _stub(kata.stub, tree, is_program=bool(kata.faults))
    for path in (kata.reference, *sorted((kata.hidden / "right").glob("*.py"))):
        answer = parsed(path)
        if answer is not None:
            remedy = "the two must be called alike"
            for line, message in _differences(_api(tree), answer, exact=path == kata.reference):
                yield Finding(path, f"line {line}: {message}; {remedy}" if line else f"{message}; {remedy}")


# The stub


def _stub(path: Path, tree: ast.Module, *, is_program: bool) -> Iterator[Finding]:
    common = ast.get_docstring(tree) or ""
    for name, node in _api(tree).items():
        said = ast.get_docstring(node) or ""
        where = f"line {node.lineno}: `{name}`"
        if name.endswith(".__init__"):
            continue  # the class says it
        if not said:
            yield Finding(path, f"{where} has no docstring; say what it takes and gives, with shapes such as (n, d)")
        elif isinstance(node, ast.FunctionDef) and not _SHAPE.search(f"{common}\n{said}"):
            yield Finding(path, f"{where} does not say what it takes and gives; name shapes such as (n, d), or kinds")
        if isinstance(node, ast.FunctionDef) and not (is_program or _raises(node)):
            yield Finding(path, f"{where} does more than a stub does; its body is `raise NotImplementedError` alone")


def _raises(node: ast.FunctionDef) -> bool:
    """Whether a function does nothing but raise NotImplementedError, below its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


# Signatures


def _api(tree: ast.Module) -> dict[str, _Entry]:
    """Return what a module offers: functions, classes, and ``Class.method`` with the constructor among them."""
    found: dict[str, _Entry] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found[node.name] = node
            for child in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(child, ast.FunctionDef) and (child.name == "__init__" or not child.name.startswith("_")):
                    found[f"{node.name}.{child.name}"] = child
    return found


def _differences(wanted: Mapping[str, _Entry], answer: ast.Module, *, exact: bool) -> Iterator[tuple[int, str]]:
    """Return the line and what differs there; a name that is made in another way than by `def` is let through."""
    offered = _api(answer)
    bound = _bound(answer)
    for name, node in wanted.items():
        owner, _, method = name.partition(".")
        mine = offered.get(name)
        if mine is None:
            maker = offered.get(owner)
            if not method and name not in bound:
                yield 0, f"does not define `{name}`, which the stub declares"
            elif method and isinstance(maker, ast.ClassDef) and not (maker.bases or maker.decorator_list):
                yield maker.lineno, f"`{owner}` has no `{method}`, which the stub declares"
        elif (
            isinstance(node, ast.FunctionDef)
            and isinstance(mine, ast.FunctionDef)
            and not _agree(_parameters(node.args), _parameters(mine.args), exact=exact)
        ):
            yield mine.lineno, f"`{_shown(name, mine)}` is not the stub's `{_shown(name, node)}`"


def _bound(tree: ast.Module) -> set[str]:
    """Return the names that a module binds in any other way than by `def` and `class`."""
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return assigned | {alias.asname or alias.name for node in imports for alias in node.names}


def _agree(stub: _Parameters, mine: _Parameters, *, exact: bool) -> bool:
    """Whether calls of the one are calls of the other; a right solution may have options of its own."""
    if {"*", "**"} <= {kind for _, kind, _ in mine}:
        return True  # a wrapper, which passes on whatever it gets
    own = mine[len(stub) :]
    return mine[: len(stub)] == stub and (not own if exact else all(default is not _REQUIRED for *_, default in own))


def _parameters(args: ast.arguments) -> _Parameters:
    plain = [(arg, "/") for arg in args.posonlyargs] + [(arg, "") for arg in args.args]
    missing = len(plain) - len(args.defaults)
    found = [
        (arg.arg, kind, _value(args.defaults[i - missing]) if i >= missing else _REQUIRED)
        for i, (arg, kind) in enumerate(plain)
    ]
    found += [(args.vararg.arg, "*", _OTHER)] if args.vararg else []
    keywords = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    found += [(arg.arg, "named", _REQUIRED if value is None else _value(value)) for arg, value in keywords]
    return found + ([(args.kwarg.arg, "**", _OTHER)] if args.kwarg else [])


def _value(node: ast.expr) -> Any:
    """Return a default, so that 1000 and 1e3 are the same."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return _OTHER


def _shown(name: str, node: ast.FunctionDef) -> str:
    """Return a signature as it is called: without annotations."""
    args = copy.deepcopy(node.args)
    for arg in ast.walk(args):
        if isinstance(arg, ast.arg):
            arg.annotation = None
    return f"{name}({ast.unparse(args)})"
