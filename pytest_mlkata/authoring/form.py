"""The rules of form: what a kata's folder must hold and say, before anything is graded.

What keeps a kata from being graded at all (a malformed manifest, a check file that cannot be imported, a check without
points or docstring) is said by whoever reads it, and not repeated here.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.scan import parsed, scan_findings
from pytest_mlkata.authoring.signatures import signature_findings
from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.hints import read_hints
from pytest_mlkata.kata.manifest import MANIFEST, check_files
from pytest_mlkata.kata.mistakes import is_called, read_declared
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata
from pytest_mlkata.scoring import category_rank

MARKER = "WRITE:"
"""What `mlkata new` puts where an author has something to write."""

_FOLDER = (MANIFEST, "spec.md", "stub.py", "hints.md", "hidden")
_HIDDEN = ("reference.py", "equivalent.toml", "right", "wrong")
_LEFT_BEHIND = r"\..*|__pycache__|.*~|.*\.(bak|orig)"
_SECTIONS = {
    "What to write": "what is asked for, function by function",
    "An example": "a tiny example with numbers",
    "What the interviewer listens for": "what tells a good answer from a correct one",
    "Follow-ups": "what an interviewer would ask next",
}
"""The sections of every spec, and what is in them."""


@dataclass(frozen=True)
class _Test:
    """A check as its file shows it."""

    path: Path
    node: ast.FunctionDef

    @property
    def id(self) -> str:
        """What its id begins with: there may be parameters."""
        return f"{self.path.name}::{self.node.name}"


def form_findings(kata: Kata) -> tuple[Finding, ...]:
    """Return everything that is wrong with the form of a kata.

    Parameters
    ----------
    kata
        The kata, as `load_kata` reads it.
    """
    tests = _tests(kata)
    # What a check file that does not load would hold may well be what `caught_by` names.
    return (
        *_files(kata),
        *signature_findings(kata),
        *_spec(kata),
        *_hints(kata),
        *_checks(tests),
        *_solutions(kata, tests if all(map(parsed, check_files(kata))) else ()),
        *scan_findings(kata),
    )


def to_be_written(kata: Kata) -> tuple[Finding, ...]:
    """Return what `mlkata new` left for the author to write."""
    return tuple(
        Finding(path, f"line {number}: still to be written: {mark[1].strip(' ->*`')}")
        for path in sorted(kata.folder.rglob("*"))
        if path.suffix in (".py", ".md", ".toml") and path.is_file()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if (mark := re.search(rf"\b{MARKER}(.*)", line))
    )


# Files


def _files(kata: Kata) -> Iterator[Finding]:
    parts = f"a kata is {', '.join(_FOLDER[:-1])} and {_FOLDER[-1]}/; take it out"
    for path in _entries(kata.folder):
        if path.name not in _FOLDER:
            yield Finding(path, f"is no part of a kata; {_meant(path, _FOLDER) or parts}")
    helpers = _imported(kata)
    for path in _entries(kata.hidden):
        if path.name not in _HIDDEN and path not in (*check_files(kata), *helpers):
            yield Finding(path, _unknown_in_hidden(path))
    for kind in ("right", "wrong"):
        for path in _entries(kata.hidden / kind):
            if path.suffix != ".py" or not path.is_file():
                yield Finding(path, f"is no solution; {kind}/ holds one Python file for each, so take it out")


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, but for what tools leave there."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not re.fullmatch(_LEFT_BEHIND, path.name))


def _unknown_in_hidden(path: Path) -> str:
    if path.name == "__init__.py":
        return "is not needed, since hidden/ is a package without it; take it out"
    if path.suffix == ".py" and path.is_file():
        meant = _meant(path, ("reference.py", "test_correctness.py", "test_edge_cases.py", "test_vectorization.py"))
        return f"is imported by no check; {meant or 'take it out, or call it test_… if it holds checks'}"
    allowed = "hidden/ holds reference.py, test_*.py, modules that these import, equivalent.toml, right/ and wrong/"
    return f"is no part of a kata; {_meant(path, _HIDDEN) or f'{allowed}: take it out'}"


def _meant(path: Path, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.75)
    return f"did you mean {near[0]}?" if near else ""


def _imported(kata: Kata) -> set[Path]:
    """Return the modules of `hidden/` that checks import, directly or not."""
    found: set[Path] = set()
    waiting = [*check_files(kata), kata.reference]
    while waiting:
        tree = parsed(waiting.pop())
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                names = [node.module.partition(".")[0]] if node.module else [alias.name for alias in node.names]
                new = {kata.hidden / f"{name}.py" for name in names} - found
                waiting += new
                found |= new
    return found


# Texts


def _spec(kata: Kata) -> Iterator[Finding]:
    head, sections = _divided(kata.spec.read_text("utf-8", errors="replace"))
    if not re.search(r"^# +\S", head, re.MULTILINE):
        yield Finding(kata.spec, "has no title; begin with `# ` and the name of the question")
    if not re.sub(r"^# .*", "", head, flags=re.MULTILINE).strip():
        yield Finding(kata.spec, "does not put the question; write it below the title, as an interviewer would say it")
    for title, what in _SECTIONS.items():
        if title not in sections:
            near = difflib.get_close_matches(title, sections, n=1)
            advice = f"rename `## {near[0]}` to `## {title}`" if near else f"add it, with {what}"
            yield Finding(kata.spec, f"has no section `## {title}`; {advice}")
        elif not sections[title]:
            yield Finding(kata.spec, f"says nothing in `## {title}`; write {what}")
    example, asked = sections.get("An example", ""), sections.get("What to write", "")
    if example and not re.search(r"\d", example):
        yield Finding(kata.spec, "has no number in `## An example`; show a call and what comes of it")
    for name in _functions(kata) if asked else ():
        if not re.search(rf"`{name}\b", asked):
            yield Finding(kata.spec, f"does not say in `## What to write` what `{name}` is to do; add a paragraph")


def _divided(text: str) -> tuple[str, dict[str, str]]:
    """Return what stands above the first section of a spec, and the sections by their titles."""
    # A line of code may begin as a title does.
    text = re.sub(r"^(```|~~~).*?^\1", lambda code: code[0].replace("\n#", "\n"), text, flags=re.MULTILINE | re.DOTALL)
    head, *rest = re.split(r"^## +", text, flags=re.MULTILINE)
    parts = (part.partition("\n") for part in rest)
    return head, {title.strip(): body.strip() for title, _, body in parts}


def _functions(kata: Kata) -> tuple[str, ...]:
    try:
        return tuple(function.name for function in read_stub(kata.stub))
    except KataError:
        return ()  # which is said of the stub


def _hints(kata: Kata) -> Iterator[Finding]:
    if not kata.hints.exists():
        yield Finding(
            kata.hints, "there is no such file; write hints on every function: `## function`, `### title`, text"
        )
        return
    try:
        hints = read_hints(kata.folder)
    except KataError as error:
        if str(error).startswith(str(kata.hints)):  # or else the stub is at fault
            yield Finding(kata.hints, str(error).removeprefix(str(kata.hints)).lstrip(",: "))
        return
    for name in hints.lacking:
        yield Finding(kata.hints, f"has no hints on {name}; add a section `## {name}` with stages")


# Checks and solutions


def _tests(kata: Kata) -> tuple[_Test, ...]:
    """Return the checks in the order of the scorecard."""
    files = sorted(check_files(kata), key=lambda path: category_rank(path.stem.removeprefix("test_")))
    trees = [(path, parsed(path)) for path in files]
    return tuple(
        _Test(path, node)
        for path, tree in trees
        if tree is not None
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def _checks(tests: Iterable[_Test]) -> Iterator[Finding]:
    first: dict[str, _Test] = {}
    for test in tests:
        name, where = test.node.name, f"line {test.node.lineno}: {test.node.name}"
        other = first.setdefault(name, test)
        if other is not test:
            place = f"{other.path.name}, line {other.node.lineno}"
            yield Finding(test.path, f"{where} is the name of another check, too ({place}); call one otherwise")
        said = ast.get_docstring(test.node) or ""
        if said and not said.partition("\n")[2].strip():
            yield Finding(test.path, f"{where} has no hint; write below the property what a learner should look at")


def _solutions(kata: Kata, tests: Sequence[_Test]) -> Iterator[Finding]:
    for kind in ("right", "wrong"):
        first: dict[str, Path] = {}
        for path in sorted((kata.hidden / kind).glob("*.py")):
            try:
                declared = read_declared(path.read_bytes())
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                continue  # it cannot be graded either, and that says why
            other = first.setdefault(declared.name.rstrip(".").casefold() or path.name, path)
            if other != path:
                yield Finding(path, f"has the same first line as {other.name}; say in what they differ")
            if kind == "wrong" and declared.name and not declared.explanation:
                yield Finding(
                    path, "does not explain the mistake; write below its name why it is wrong, for the learner"
                )
            if kind == "wrong":
                yield from _caught_by(path, declared.caught_by, tests)


def _caught_by(path: Path, caught_by: Iterable[str], tests: Sequence[_Test]) -> Iterator[Finding]:
    known = dict.fromkeys(test.node.name for test in tests)
    for wanted in caught_by:
        if tests and not any(is_called(test.id, wanted.partition("[")[0]) for test in tests):
            near = difflib.get_close_matches(wanted, known, n=1)
            advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            yield Finding(path, f"caught_by names {wanted}, but no check is called that; {advice}")
