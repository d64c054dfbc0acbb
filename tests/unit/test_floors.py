"""The package is built in floors: each imports only what is below it, and there are no cycles."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest_mlkata

PACKAGE = Path(pytest_mlkata.__file__).parent
FLOORS = (
    ("__init__", "model", "own_tests", "errors", "branches"),
    ("kata",),
    ("solution",),
    ("checks",),
    ("scoring", "diagnosis", "changes"),
    ("report",),
    ("session", "plugin", "options"),
    ("authoring", "hinting", "watching"),
    ("tables",),
    ("checking",),
    ("cli",),
)
LIGHT = ("plugin", "options")
"""What every pytest run on the machine loads."""


def modules() -> dict[str, Path]:
    """Module name (below the package) to its file."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    return found


def floor_of(module: str) -> int:
    head = module.partition(".")[0]
    return next(number for number, heads in enumerate(FLOORS) if head in heads)


def imports_of(tree: ast.AST, known: dict[str, Path], folder: str = "") -> set[str]:
    """The modules of the package that are imported anywhere in `tree`, functions included.

    `folder` is the sub-package that a relative import starts from.
    """
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level < 2, "a module imports from its own folder or absolutely"
            head = ["pytest_mlkata", *filter(None, [folder])] if node.level else []
            module = ".".join([*head, *filter(None, [node.module])])
            names = [f"{module}.{alias.name}" for alias in node.names] + [module]
        for name in names:
            below = name.removeprefix("pytest_mlkata.")
            if below != name and below in known:
                found.add(below)
    return found


def graph() -> dict[str, set[str]]:
    known = modules()
    return {
        name: imports_of(ast.parse(path.read_text("utf-8")), known, folder_of(name, path))
        for name, path in known.items()
    }


def folder_of(module: str, path: Path) -> str:
    return module if path.name == "__init__.py" and module != "__init__" else module.rpartition(".")[0]


def test_every_module_has_a_floor() -> None:
    assert len(modules()) > 20
    for module in modules():
        assert floor_of(module) >= 0


def test_no_module_imports_from_a_floor_above_it() -> None:
    upward = [
        f"{module} imports {imported}"
        for module, imports in graph().items()
        for imported in imports
        if floor_of(imported) > floor_of(module)
    ]
    assert upward == []


def test_there_are_no_import_cycles() -> None:
    order = list(TopologicalSorter(graph()).static_order())
    assert "cli" in order


def test_the_test_sees_an_import_inside_a_function() -> None:
    tree = ast.parse("def f():\n    from pytest_mlkata.kata import stub\n")
    assert imports_of(tree, modules()) == {"kata", "kata.stub"}
    tree = ast.parse("def f():\n    from .stub import read_stub\n")
    assert imports_of(tree, modules(), "kata") == {"kata.stub"}


def test_what_every_pytest_run_loads_imports_nothing_heavy_at_its_top() -> None:
    for module in LIGHT:
        tree = ast.parse(modules()[module].read_text("utf-8"))
        top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        assert imports_of(top, modules()) <= {"options"}
