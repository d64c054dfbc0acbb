"""The solutions that a kata ships, and what they say of themselves."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.kata.mistakes import read_declared
from pytest_mlkata.model import Kata, Submission
from pytest_mlkata.session.request import Grading


@dataclass(frozen=True)
class Specimen:
    """A file that the kata ships, and what it is for."""

    path: Path
    kind: str
    """``"stub"``, ``"reference"``, ``"right"`` or ``"wrong"``."""
    name: str = ""
    """The first line of its docstring: a style, or a mistake."""
    caught_by: tuple[str, ...] = ()
    """The checks that a wrong solution must fail."""
    group: str = ""
    """What it has in common with mistakes that behave the same, if the author gave that a name."""

    @property
    def label(self) -> str:
        """A short name that is unique within the kata."""
        return f"{self.kind}.{self.path.stem}" if self.kind in ("right", "wrong") else self.kind

    @property
    def is_right(self) -> bool:
        """Whether it must earn everything."""
        return self.kind in ("reference", "right")

    def grading(self, kata: Kata, number: int = 1) -> Grading:
        """What is asked of a run to have it graded, for the first time in that run or again."""
        label = self.label if number == 1 else f"{self.label}.{number}"
        submission = Submission(kata.name, self.path, is_stub=self.kind == "stub", label=label)
        return Grading(kata.folder, submission)


def read_specimens(kata: Kata) -> tuple[tuple[Specimen, ...], tuple[Finding, ...]]:
    """The files to grade, and what is wrong with the way they declare themselves.

    A file that is no Python is not graded: it would fail every check, and for that reason alone.
    """
    specimens = [Specimen(kata.stub, "stub"), Specimen(kata.reference, "reference")]
    findings = []
    for kind in ("right", "wrong"):
        paths = sorted((kata.hidden / kind).glob("*.py"))
        if not paths:
            findings.append(
                Finding(kata.hidden / kind, f"there is no solution here; a kata proves itself by {kind} ones")
            )
        for path in paths:
            specimen, faults = _read(path, kind)
            specimens += [specimen] if specimen is not None else []
            findings += [Finding(path, fault) for fault in faults]
    return tuple(specimens), tuple(findings)


def _read(path: Path, kind: str) -> tuple[Specimen | None, list[str]]:
    try:
        source = path.read_bytes()
        ast.parse(source)
        declared = read_declared(source)
    except SyntaxError as error:
        line = f"line {error.lineno}: " if error.lineno else ""
        return None, [f"{line}{type(error).__name__}: {error.msg}; mend it"]
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return None, [f"is not valid Python: {error}; mend it"]
    faults = [] if declared.name else ["has no docstring; its first line names the style or the mistake"]
    caught_by = declared.caught_by if kind == "wrong" else ()
    if kind == "wrong" and not caught_by:
        faults.append('names no check that must fail; add caught_by = ("test_…",)')
    return Specimen(path, kind, declared.name, caught_by, declared.group), faults
