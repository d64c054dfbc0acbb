"""Makes mutants of a reference: copies with one small change, each a mistake that a check should see.

Left alone are texts that no check reads: docstrings, annotations, decorators, messages of exceptions, ``__all__``.
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pytest_mlkata.authoring import operators

MOST = 150
"""So many mutants of a reference are graded; of more, some are left out."""
_PASSED_OVER = frozenset({"annotation", "returns", "decorator_list", "type_params", "exc", "cause", "msg", "ctx"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WIDEST = 60
"""Characters of an expression that a change is shown within."""


@dataclass(frozen=True)
class Mutant:
    """A reference with one small change.

    Attributes
    ----------
    id
        Names the change; the same wherever in the file the function is.
    function
        The function or the class at the top of the file that it is in; ``"module"`` outside of one.
    line
        Where it begins in the reference.
    change
        What was changed into what.
    source
        The whole file, changed.
    first
        The functions of the kata that are or use the changed one: where to look first for a check that sees it.
    """

    id: str
    function: str
    line: int
    change: str
    source: str
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Edit:
    """A change of one place of a tree, which it undoes again."""

    place: Callable[[Any], None]
    old: ast.AST
    new: ast.AST
    shown: tuple[str, str]

    def unparsed(self, tree: ast.Module) -> str:
        """Return the source of the changed tree."""
        self.place(self.new)
        try:
            return ast.unparse(tree) + "\n"
        finally:
            self.place(self.old)


def mutants_of(source: str | bytes, functions: Collection[str]) -> tuple[Mutant, ...]:
    """Return the mutants of a reference that are graded; see `all_mutants` and `chosen`."""
    return chosen(all_mutants(source, functions))


def chosen(mutants: tuple[Mutant, ...], most: int = MOST) -> tuple[Mutant, ...]:
    """Return so many mutants at most: of more the same ones every time, evenly over the file."""
    if len(mutants) <= most:
        return mutants
    return tuple(mutants[index * len(mutants) // most] for index in range(most))


def all_mutants(source: str | bytes, functions: Collection[str]) -> tuple[Mutant, ...]:
    """Return every mutant of a reference, in the order of its lines.

    Parameters
    ----------
    source
        The reference.
    functions
        The names that the kata's stub declares.

    Raises
    ------
    SyntaxError
        The source is no Python.
    """
    tree = ast.parse(source)
    users = _users(tree, functions)
    seen = {ast.unparse(tree) + "\n"}
    taken: Counter[str] = Counter()
    mutants = []
    for top in tree.body:
        function = top.name if isinstance(top, (*_FUNCTIONS, ast.ClassDef)) else "module"
        for edit in _edits(top):
            text = edit.unparsed(tree)
            if text in seen or not _compiles(text):
                continue
            seen.add(text)
            change = " -> ".join(edit.shown)
            name = f"{function}: {change}"
            taken[name] += 1
            name += f" ({taken[name]})" if taken[name] > 1 else ""
            mutants.append(Mutant(name, function, _line(edit.old), change, text, users.get(function, ())))
    return tuple(sorted(mutants, key=lambda mutant: mutant.line))


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def _compiles(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a comparison by `is` with a number, for one
            compile(source, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _users(tree: ast.Module, functions: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each name at the top of the file the functions of the kata that are, or use, what it names."""
    uses = {
        top.name: {node.id for node in ast.walk(top) if isinstance(node, ast.Name)}
        for top in tree.body
        if isinstance(top, (*_FUNCTIONS, ast.ClassDef))
    }
    users: dict[str, tuple[str, ...]] = {}
    for name in uses:
        reached, ordered = {name}, [name]
        for each in ordered:
            further = [user for user, used in uses.items() if each in used and user not in reached]
            reached.update(further)
            ordered += further
        users[name] = tuple(each for each in ordered if each in functions)
    return users


def _edits(top: ast.stmt) -> Iterator[_Edit]:
    """Yield the changes of a statement at the top of the file."""
    if not _is_list_of_names(top):
        yield from _changes_within(top, ())
    if isinstance(top, (*_FUNCTIONS, ast.ClassDef)):
        for function in [node for node in ast.walk(top) if isinstance(node, _FUNCTIONS)]:
            yield from _statements_of(function)


def _is_list_of_names(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(each, ast.Name) and each.id.startswith("__") for each in targets)


def _changes_within(node: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[_Edit]:
    """Yield the changes of the expressions in a node."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    for place, child in _children(node):
        if isinstance(child, ast.expr):
            for new in operators.expressions(child):
                yield _Edit(place, child, new, _shown(place, child, new, (*above, node)))
            if isinstance(node, ast.If | ast.While) and child is node.test:
                yield from _forced(node, place)
        yield from _changes_within(child, (*above, node))


def _forced(node: ast.If | ast.While, place: Callable[[Any], None]) -> Iterator[_Edit]:
    head = "if" if isinstance(node, ast.If) else "while"
    for new in operators.conditions(node):
        yield _Edit(place, node.test, new, (f"{head} {ast.unparse(node.test)}", f"{head} {ast.unparse(new)}"))


def _children(node: ast.AST) -> Iterator[tuple[Callable[[Any], None], ast.AST]]:
    """Yield the parts of a node, each with what puts another in its place."""
    for name, value in ast.iter_fields(node):
        if name in _PASSED_OVER:
            continue
        if isinstance(value, ast.AST):
            yield _place(node, name), value
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield _item(value, index), item


def _place(node: ast.AST, name: str) -> Callable[[Any], None]:
    return lambda new: setattr(node, name, new)


def _item(items: list[Any], index: int) -> Callable[[Any], None]:
    return lambda new: items.__setitem__(index, new)


def _shown(place: Callable[[Any], None], old: ast.AST, new: ast.AST, above: tuple[ast.AST, ...]) -> tuple[str, str]:
    """Show a change within the smallest expression that tells something; a number alone does not."""
    whole = old
    for parent in reversed(above):
        if not isinstance(whole, ast.Constant | ast.Name | ast.UnaryOp | ast.Slice | ast.Tuple):
            break
        if not isinstance(parent, ast.expr | ast.keyword | ast.arguments) or len(ast.unparse(parent)) > _WIDEST:
            break
        whole = parent
    if whole is old:
        return ast.unparse(old), ast.unparse(new)
    before = ast.unparse(whole)
    place(new)
    try:
        return before, ast.unparse(whole)
    finally:
        place(old)


def _statements_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Edit]:
    """Yield the changes of the statements of one function, those of functions in it aside."""
    given = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    assigned = set(given)
    for place, node in _statements_in(function):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_docstring:
            for new in operators.statements(node, again=_is_dropped(node, assigned)):
                yield _Edit(place, node, new, (_first(node), _first(new)))
        assigned |= _names(node)


def _statements_in(node: ast.AST) -> Iterator[tuple[Callable[[Any], None], ast.stmt]]:
    for place, child in _children(node):
        if isinstance(child, ast.stmt):
            yield place, child
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case) and not isinstance(child, _FUNCTIONS):
            yield from _statements_in(child)


def _is_dropped(node: ast.stmt, assigned: set[str]) -> bool:
    """Whether a statement assigns, and what it assigns to has a value without it."""
    if isinstance(node, ast.AugAssign):
        return True
    if not isinstance(node, ast.Assign):
        return False
    return _names(node) <= assigned


def _names(node: ast.stmt) -> set[str]:
    """Return the names that the statement itself assigns to."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.For):
        targets = [node.target]
    return {
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _first(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0]
