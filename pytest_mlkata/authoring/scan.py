"""Finds clocks and unseeded randomness in the hidden modules of a kata: a grade must be the same twice."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.model import Kata

_CLOCK = "reads a clock; time is measured by `assert_fast` and `assert_growth` alone"
_CHANCE = "draws at random; let Hypothesis draw it, or pass a seed to `np.random.default_rng`"
_MACHINE = "reads the environment; a grade must be the same on every machine"

_MODULES: Mapping[str, str] = {"time": _CLOCK, "random": _CHANCE, "secrets": _CHANCE, "numpy.random": _CHANCE}
"""Modules of which nothing may be used, but for what is seeded below."""
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"), _CLOCK),
    **dict.fromkeys(("datetime.date.today", "os.times", "timeit.default_timer", "timeit.timeit"), _CLOCK),
    **dict.fromkeys(("os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4"), _CHANCE),
    **dict.fromkeys(("os.environ", "os.environb", "os.getenv", "os.getpid"), _MACHINE),
}
_SEEDED = (
    "random.Random",
    *(f"numpy.random.{name}" for name in ("default_rng", "RandomState", "SeedSequence", "PCG64", "Philox", "MT19937")),
)
"""The same each time if they are given a seed."""
_HARMLESS = ("numpy.random.Generator", "numpy.random.BitGenerator")


def parsed(path: Path) -> ast.Module | None:
    """Return the tree of a Python file; None where it is no Python, which whoever runs it will say."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape is no matter of form
            return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def scan_findings(kata: Kata) -> Iterator[Finding]:
    """Return every use of a clock, of chance without a seed, and of the environment in `hidden/`."""
    for path in sorted(kata.hidden.glob("*.py")):
        tree = parsed(path)
        if tree is not None:
            for line, used, why in sorted({use for use in _uses(tree) if use[2]}):
                yield Finding(path, f"line {line}: `{used}` {why}")


def _uses(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Return the line and the name of whatever is used, and what is wrong with it; nothing where all is well."""
    imported = dict(_imported(tree))
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    parts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            module = node.module or ""
            yield node.lineno, f"from {module} import *", _MODULES.get(module, "")
        if isinstance(node, ast.Name | ast.Attribute):
            name = _resolved(node, imported)
            yield node.lineno, name, _fault(name, called.get(id(node)), whole=id(node) not in parts)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Return the names that imports bind, and what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (top, top)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _resolved(node: ast.expr, imported: Mapping[str, str]) -> str:
    """Return the full name of what an expression names; empty where that is nothing imported."""
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _resolved(node.value, imported)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _fault(name: str, call: ast.Call | None, *, whole: bool) -> str:
    """Return what is wrong with a use; `whole` tells that no attribute of it is asked for."""
    if name in _SEEDED:
        return "" if call is None or _is_seeded(call) else f"without a seed {_CHANCE}"
    if name in _HARMLESS:
        return ""
    if name == "numpy.datetime64" and call is not None and _says(call.args, ("now", "today")):
        return _CLOCK
    module = name.rpartition(".")[0]
    if module in _MODULES or (name in _MODULES and whole):
        return _MODULES.get(module) or _MODULES[name]
    return _NAMES.get(name, "")


def _is_seeded(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return bool(given) and not (isinstance(given[0], ast.Constant) and given[0].value is None)


def _says(args: Iterable[ast.expr], words: tuple[str, ...]) -> bool:
    return any(isinstance(arg, ast.Constant) and arg.value in words for arg in args)
