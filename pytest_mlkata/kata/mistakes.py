"""Reads what shipped solutions say of themselves: a style, or a known mistake and the checks that see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.model import Kata, Mistake


@dataclass(frozen=True)
class Declared:
    """What a file under ``right/`` or ``wrong/`` declares.

    Attributes
    ----------
    name
        The first line of its docstring: a style, or a mistake.
    explanation
        The rest of it.
    caught_by
        The checks that a wrong solution must fail.
    group
        What several mistakes have in common that behave the same, in words; empty where there is no such thing.
    """

    name: str
    explanation: str = ""
    caught_by: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class KnownMistake:
    """A wrong solution that a kata ships."""

    path: Path
    mistake: Mistake
    caught_by: tuple[str, ...]
    group: str


def read_mistakes(kata: Kata) -> tuple[KnownMistake, ...]:
    """Return the known mistakes of a kata, by file name; files that are no Python, or have no name, are passed over.

    `mlkata check` says what is wrong with those.
    """
    known = []
    for path in sorted((kata.hidden / "wrong").glob("*.py")):
        try:
            declared = read_declared(path.read_bytes())
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if declared.name:
            mistake = Mistake(path.stem, declared.name.rstrip("."), declared.explanation)
            known.append(KnownMistake(path, mistake, declared.caught_by, declared.group))
    return tuple(known)


def read_declared(source: bytes) -> Declared:
    """Return what the source of a shipped solution declares above its first definition.

    Raises
    ------
    SyntaxError, ValueError
        It is no Python.
    """
    tree = _head(source)
    name, _, rest = (ast.get_docstring(tree) or "").partition("\n")
    paragraphs = (" ".join(paragraph.split()) for paragraph in rest.strip().split("\n\n"))
    assigned = _assigned(tree, ("caught_by", "group"))
    group = _names(assigned["group"]) if "group" in assigned else ()
    return Declared(
        name.strip(),
        "\n".join(paragraphs),
        _names(assigned["caught_by"]) if "caught_by" in assigned else (),
        group[0] if len(group) == 1 else "",
    )


def name_of(check: str) -> str:
    """Return the name of the test behind a check, from its id or from what `caught_by` calls it."""
    return check.partition("[")[0].rpartition("::")[2]


def is_called(check_id: str, wanted: str) -> bool:
    """Tell whether an entry of `caught_by` means a check.

    Parameters
    ----------
    check_id
        The whole id of the check: ``"test_edge_cases.py::test_ties[3]"``.
    wanted
        The entry: that id or only the name of the test, both with the parameters or without.
    """
    test = check_id.partition("[")[0]
    parameters = check_id.removeprefix(test)
    return wanted in (check_id, test, name_of(check_id), name_of(check_id) + parameters)


def is_named(check_id: str, caught_by: Iterable[str]) -> bool:
    """Tell whether any entry of `caught_by` means a check."""
    return any(is_called(check_id, wanted) for wanted in caught_by)


def _head(source: bytes) -> ast.Module:
    """Return what stands above the first definition: reading all of it takes ten times as long."""
    above = re.split(rb"^(?:def |class |async |@)", source, maxsplit=1, flags=re.MULTILINE)[0]
    try:
        return ast.parse(above)
    except SyntaxError:  # a line of a text begins like a definition
        return ast.parse(source)


def _assigned(tree: ast.Module, names: tuple[str, ...]) -> dict[str, ast.expr]:
    """Return what a module assigns to some names, where it does so plainly."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update({each.id: node.value for each in targets if isinstance(each, ast.Name) and each.id in names})
    return found


def _names(value: ast.expr) -> tuple[str, ...]:
    """Return a text or several; nothing where the value is anything else."""
    items = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    names = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return tuple(names) if len(names) == len(items) else ()
