"""What the answers of each function of a submission can depend on, as a digest.

Two submissions in which a function has the same digest answer alike when it is called in a fresh process: it, all that
it names, and all that is not in a function, read the same but for comments and the places of lines.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from hashlib import blake2b
from typing import Final

_INSCRUTABLE: Final = frozenset(
    {
        *("globals", "locals", "vars", "dir", "eval", "exec", "compile", "getattr", "setattr", "delattr"),
        *("__import__", "__builtins__", "__dict__", "__globals__", "__code__", "sys", "inspect", "importlib", "gc"),
        *("linecache", "traceback", "open", "os", "pathlib"),
    }
)
"""Who uses one of these may look at, or depend on, what does not show."""


def fingerprints(source: str) -> dict[str, str]:
    """Return the digest of each function at the top of a module.

    Parameters
    ----------
    source
        A module that can be parsed.

    Returns
    -------
    dict
        From name to digest; nothing where what functions depend on cannot be told.
    """
    try:
        return _fingerprints(ast.parse(source))
    except RecursionError:  # too deep to be looked through
        return {}


def _fingerprints(tree: ast.Module) -> dict[str, str]:
    if any(_names(node) & _INSCRUTABLE for node in tree.body):
        return {}
    functions: defaultdict[str, list[ast.stmt]] = defaultdict(list)
    rest: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            functions[node.name].append(node)
        else:
            rest.append(node)
    common = _reached(rest, functions)
    return {name: _digest([*rest, *_reached([*nodes, *common], functions)]) for name, nodes in functions.items()}


def _reached(begin: list[ast.stmt], functions: dict[str, list[ast.stmt]]) -> list[ast.stmt]:
    """Return the functions that some statements name, those that these name, and so on, in the order of the module."""
    found: set[str] = {node.name for node in begin if isinstance(node, ast.FunctionDef) and node.name in functions}
    new = set().union(*map(_names, begin)) & functions.keys()
    while new - found:
        found |= new
        new = set().union(*(_names(node) for name in found for node in functions[name])) & functions.keys()
    return [node for name, nodes in functions.items() if name in found for node in nodes]


def _names(node: ast.AST) -> set[str]:
    """Return every name in a statement: of variables, attributes and modules."""
    names: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            names.add(each.id)
        elif isinstance(each, ast.Attribute):
            names.add(each.attr)
        elif isinstance(each, ast.alias):
            names.update(each.name.split("."))
        elif isinstance(each, ast.ImportFrom) and each.module:
            names.update(each.module.split("."))
    return names


def _digest(nodes: list[ast.stmt]) -> str:
    return blake2b("\n".join(map(ast.dump, nodes)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
