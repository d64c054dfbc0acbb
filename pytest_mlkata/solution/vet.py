"""Reading a submission before it runs: whether it is Python, and imports nothing that the kata bans.

This pass is for people who did not know of a ban: it names the line. Who means to evade it meets the import hook of
the process that runs the submission.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import defaultdict, deque
from typing import TYPE_CHECKING, TypeGuard

from pytest_mlkata.errors import SubmissionUnloadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_BYTES = 200_000
"""The largest file that is read. No answer to an interview question comes near it, and a hostile one of 1 MB takes the
parser, which runs in the judge, seconds and most of a gigabyte."""

MAX_LINE = 200
"""The longest line that a message repeats."""

_IMPORT = "imports {}"
_ATTRIBUTE = "uses {}"
_STAR = "imports {} along with everything beside it"
_UNREADABLE = "is in no encoding that Python can read; save it as UTF-8"

_IMPORTERS = frozenset({"__import__", "builtins.__import__", "importlib.__import__", "importlib.import_module"})
"""Functions that import what their first argument names."""


def vet(path: Path, banned: Iterable[str]) -> str:
    r"""Read a submission and refuse what cannot be graded.

    Parameters
    ----------
    path
        The file handed in.
    banned
        Dotted names of modules; a submodule of one is banned with it.

    Returns
    -------
    str
        The source, with its lines ended by ``\n``.

    Raises
    ------
    SubmissionUnloadable
        The file cannot be read or decoded, is too large, is not valid Python or imports a banned module. The message
        names the file and, where there is one, the line.
    """
    source = _decoded(path, _content(path))
    banned = tuple(banned)
    # A tree takes most of the time, and often there is nothing to look for in it.
    tree = _parsed(path, source, wanted=bool(banned))
    for line, verb, name in sorted(_Imports(tree).uses()) if tree else ():
        for ban in banned:
            if _covers(ban, name) or (verb == _STAR and _covers(name, ban)):
                raise _refusal(path, line, f"{verb.format(ban)}, which this kata bans; write it yourself")
    return source


def _refusal(path: Path, line: int | None, what: str) -> SubmissionUnloadable:
    where = path.name if line is None else f"{path.name}, line {line}"
    return SubmissionUnloadable(f"{where}: {what}")


def _content(path: Path) -> bytes:
    if path.is_symlink():
        raise _refusal(path, None, "is a link to a file in another folder; hand in the file itself")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise _refusal(path, None, "is a folder; a solution is a Python file of that name") from None
    except OSError as error:
        raise _refusal(path, None, f"cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_BYTES:
        raise _refusal(path, None, f"is larger than {MAX_BYTES // 1000} kB; a solution is a short Python file")
    return content


def _decoded(path: Path, content: bytes) -> str:
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise _refusal(path, line, "contains a null byte; save it as plain text in UTF-8")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:
        # An unknown encoding is declared, or the first lines are not the UTF-8 that they have to be without one.
        encoding = "utf-8"
        if _is_utf8(content):
            raise _refusal(path, None, _UNREADABLE) from None
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(path, line, f"is not valid {encoding}; save it as UTF-8") from None
    except (LookupError, UnicodeError):  # "rot13" is an encoding, but none of text
        raise _refusal(path, None, _UNREADABLE) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(path: Path, source: str, *, wanted: bool) -> ast.Module | None:
    """Compile the source: some errors only the compiler finds (a `return` outside a function). Parse it if wanted."""
    try:
        with warnings.catch_warnings():
            # Under ``-W error`` an odd escape in a docstring would be a syntax error here, and nowhere else.
            warnings.simplefilter("ignore")
            compile(source, path.name, "exec", dont_inherit=True)
            return ast.parse(source, filename=path.name) if wanted else None
    except SyntaxError as error:
        line = (error.text or "").strip()
        source = f" (`{line}`)" if 0 < len(line) <= MAX_LINE else ""
        raise _refusal(path, error.lineno, f"{type(error).__name__}: {error.msg}{source}") from None
    except (RecursionError, MemoryError):
        raise _refusal(path, None, "is nested too deeply for Python to parse it") from None
    except ValueError as error:
        raise _refusal(path, None, f"is not valid Python: {error}") from None


def _covers(ban: str, name: str) -> bool:
    return name == ban or name.startswith(f"{ban}.")


class _Imports:
    """The modules that a syntax tree imports or reaches through an imported name."""

    def __init__(self, tree: ast.Module) -> None:
        self._nodes = tuple(_walk(tree))
        self._modules: defaultdict[str, set[str]] = defaultdict(set)
        for node in self._nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    # ``import a.b`` binds ``a``, ``import a.b as c`` binds ``c`` to ``a.b``.
                    bound = alias.asname or alias.name.partition(".")[0]
                    self._modules[bound].add(alias.name if alias.asname else bound)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                for alias in node.names:
                    self._modules[alias.asname or alias.name].add(f"{node.module}.{alias.name}")

    def uses(self) -> Iterator[tuple[int, str, str]]:
        """Give ``(line, what it does with the module, dotted name)`` for every mention."""
        for node in self._nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, _IMPORT, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
                for alias in node.names:
                    star = alias.name == "*"
                    yield node.lineno, _IMPORT, node.module if star else f"{node.module}.{alias.name}"
                    if star:
                        yield node.lineno, _STAR, node.module
            elif isinstance(node, ast.Attribute):
                yield from ((node.lineno, _ATTRIBUTE, name) for name in self._names(node))
            elif isinstance(node, ast.Call):
                yield from self._calls(node)

    def _calls(self, node: ast.Call) -> Iterator[tuple[int, str, str]]:
        yield from ((node.lineno, _ATTRIBUTE, name) for name in self._names(node))
        named = _literal(node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "name"), None))
        if named and (self._names(node.func) | {getattr(node.func, "id", "")}) & _IMPORTERS:
            yield node.lineno, _IMPORT, named

    def _names(self, node: ast.expr) -> set[str]:
        """Dotted names that a chain like ``np.linalg`` or ``getattr(np, "linalg")`` can stand for."""
        path: list[str] = []
        while not isinstance(node, ast.Name):
            if isinstance(node, ast.Attribute):
                path.append(node.attr)
                node = node.value
            elif _is_getattr(node):
                path.append(_literal(node.args[1]))
                node = node.args[0]
            else:
                return set()
        return {".".join((module, *reversed(path))) for module in self._modules.get(node.id, ())}


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Give every node but those below ``if __name__ == "__main__"`` and ``if TYPE_CHECKING``, which never run here."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        yield node
        idle = node.body if isinstance(node, ast.If) and _never_runs(node.test) else []
        waiting.extend(child for child in ast.iter_child_nodes(node) if child not in idle)


def _never_runs(test: ast.expr) -> bool:
    match test:
        case ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]):
            return True
        case ast.Name("TYPE_CHECKING") | ast.Attribute(ast.Name("typing"), "TYPE_CHECKING"):
            return True
    return False


def _is_getattr(node: ast.expr) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and len(node.args) > 1
        and bool(_literal(node.args[1]))
    )


def _literal(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
