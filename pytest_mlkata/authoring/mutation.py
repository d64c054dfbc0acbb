"""Grades mutants of a kata's reference: the checks should see nearly all of them.

A mutant that behaves like the reference is recorded in ``hidden/equivalent.toml``, with the reason why no check can
tell the two apart::

    [[mutant]]
    id = "clip: x < 0 -> x <= 0"
    reason = "0 is set to 0"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.mutants import MOST, Mutant, all_mutants, chosen
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Kata, Scorecard, Status, Submission
from pytest_mlkata.session.request import Grading, RunRequest

REQUIRED = 0.95
"""The share of mutants that the checks have to see."""
CALL_SECONDS = 1.0
"""Some mutants never end; this is long enough for a reference."""
_RECORD = "equivalent.toml"
_KILLED = (Status.FAILED, Status.ERROR, Status.NOT_STARTED)

Grader = Callable[[RunRequest], tuple[Scorecard, ...]]
"""Grades a request; the scorecards are in the order of its gradings."""


@dataclass(frozen=True)
class Fate:
    """What became of a mutant."""

    mutant: Mutant
    killed_by: str
    """The id of the check that saw it first; empty where it survived."""
    equivalent: str = ""
    """Why no check can see it, as the kata has recorded."""


@dataclass(frozen=True)
class Mutation:
    """What became of the mutants of one reference, and what is to be mended."""

    fates: tuple[Fate, ...]
    findings: tuple[Finding, ...]

    @property
    def killed(self) -> int:
        """How many mutants a check has seen."""
        return sum(bool(fate.killed_by) for fate in self.fates if not fate.equivalent)

    @property
    def counted(self) -> int:
        """How many mutants a check should see."""
        return sum(not fate.equivalent for fate in self.fates)

    @property
    def share(self) -> float:
        """The share of them that was seen; 1 where there are none."""
        return self.killed / self.counted if self.counted else 1.0


def mutate(kata: Kata, grade: Grader, *, seed: int, most: int = MOST) -> Mutation:
    """Grade mutants of the reference of a kata.

    Parameters
    ----------
    kata
        The kata.
    grade
        What grades them, all at once.
    seed
        What the examples are drawn from.
    most
        So many are graded; of more a sample, the same each time.

    Raises
    ------
    KataError
        The stub cannot be read.
    """
    functions = tuple(function.name for function in read_stub(kata.stub))
    try:
        every = all_mutants(kata.reference.read_bytes(), functions)
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        return Mutation((), (Finding(kata.reference, f"cannot be mutated: {error}; mend it"),))
    recorded, findings = _read_record(kata.hidden / _RECORD)
    mutants = chosen(every, most)
    fates, broken = _graded(kata, mutants, grade, seed)
    if broken:
        return Mutation((), (Finding(kata.hidden, f"mutants cannot be graded: {broken}; mend the kata"),))
    fates = [Fate(fate.mutant, fate.killed_by, recorded.get(fate.mutant.id, "")) for fate in fates]
    mutation = Mutation(tuple(fates), ())
    findings += _stale(kata, every, recorded)
    findings += [*_contradicted(kata, fates), *_survivors(kata, mutation)]
    return Mutation(mutation.fates, tuple(findings))


def _graded(kata: Kata, mutants: tuple[Mutant, ...], grade: Grader, seed: int) -> tuple[list[Fate], str]:
    """Grade mutants; the second is why the kata itself is at fault, if it is."""
    with TemporaryDirectory(prefix="mlkata-") as folder:
        gradings = tuple(_grading(kata, mutant, Path(folder) / f"mutant_{n}.py") for n, mutant in enumerate(mutants))
        request = RunRequest(
            gradings,
            isolation="process",
            seed=seed,
            shrink=False,
            diagnose=False,
            first_failure=True,
            call_seconds=CALL_SECONDS,
        )
        scorecards = grade(request) if gradings else ()
    broken = next((card.broken for card in scorecards if card.broken), "")
    return [Fate(mutant, _killer(card)) for mutant, card in zip(mutants, scorecards, strict=True)], broken


def _grading(kata: Kata, mutant: Mutant, path: Path) -> Grading:
    path.write_text(mutant.source, encoding="utf-8")
    return Grading(kata.folder, Submission(kata.name, path, label=path.stem), first=mutant.first)


def _killer(card: Scorecard) -> str:
    return next((result.check.id for result in card.results if result.status in _KILLED), "")


def _read_record(path: Path) -> tuple[dict[str, str], list[Finding]]:
    """Read which mutants no check can see, and why."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError) as error:
        return {}, [Finding(path, f"cannot be read: {error}; mend it, or delete it")]
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [Finding(path, f"is not valid TOML: {error}; mend it")]
    entries = data.get("mutant", [])
    if set(data) - {"mutant"} or not isinstance(entries, list):
        return {}, [Finding(path, "holds something other than [[mutant]] tables with `id` and `reason`; remove it")]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*mutant\s*\]\]", line)]
    lines += [1] * (len(entries) - len(lines))  # written some other way, all on one line
    return _read_entries(path, zip(lines, entries, strict=False))


def _read_entries(path: Path, entries: Iterable[tuple[int, Any]]) -> tuple[dict[str, str], list[Finding]]:
    recorded: dict[str, str] = {}
    findings = []
    for line, entry in entries:
        fault = _fault(entry, recorded)
        if fault:
            findings.append(Finding(path, f"line {line}: {fault}"))
        else:
            recorded[entry["id"]] = entry["reason"].strip()
    return recorded, findings


def _fault(entry: Any, recorded: Mapping[str, str]) -> str:
    """Say what is wrong with one entry."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return 'an entry has no id; add id = "…", as `mlkata check` names the mutant'
    if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
        return f"{entry['id']!r} has no reason; say why no check can tell it from the reference"
    unknown = ", ".join(sorted(set(entry) - {"id", "reason"}))
    if unknown:
        return f"{entry['id']!r} has the unknown field {unknown}; an entry has `id` and `reason`"
    return f"{entry['id']!r} is recorded twice; remove one" if entry["id"] in recorded else ""


def _stale(kata: Kata, every: Iterable[Mutant], recorded: Iterable[str]) -> list[Finding]:
    known = {mutant.id for mutant in every}
    path = kata.hidden / _RECORD
    return [
        Finding(path, f"{name!r} is no mutant of the reference (any more); remove the entry")
        for name in recorded
        if name not in known
    ]


def _contradicted(kata: Kata, fates: Iterable[Fate]) -> list[Finding]:
    path = kata.hidden / _RECORD
    return [
        Finding(path, f"{fate.mutant.id!r} is not equivalent: {fate.killed_by} fails for it; remove the entry")
        for fate in fates
        if fate.equivalent and fate.killed_by
    ]


def _survivors(kata: Kata, mutation: Mutation) -> list[Finding]:
    if mutation.share >= REQUIRED:
        return []
    return [
        Finding(
            kata.reference,
            f"line {fate.mutant.line}: no check sees the change {fate.mutant.change} ({mutation.killed} of "
            f"{mutation.counted} mutants are seen, {REQUIRED:.0%} is needed); add a check that sees it, or record "
            f"{fate.mutant.id!r} in hidden/{_RECORD} with a reason",
        )
        for fate in mutation.fates
        if not (fate.killed_by or fate.equivalent)
    ]
