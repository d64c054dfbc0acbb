"""Grades the solutions that a kata ships and requires that each is judged as it should be."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Kata, Scorecard, Status, Submission
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

_ENTITLED = ("reference", "right")


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

    @property
    def label(self) -> str:
        """A short name that is unique within the kata."""
        return f"{self.kind}.{self.path.stem}" if self.kind in ("right", "wrong") else self.kind


@dataclass(frozen=True)
class Finding:
    """Something that the author has to mend."""

    path: Path
    message: str


@dataclass(frozen=True)
class Judgement:
    """How one specimen was graded, and what is wrong with that."""

    specimen: Specimen
    scorecard: Scorecard
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Validation:
    """The result of validating one kata."""

    kata: Kata
    judgements: tuple[Judgement, ...]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.all_findings

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Those of the kata's form, then those of each specimen."""
        return self.findings + tuple(finding for judgement in self.judgements for finding in judgement.findings)


def validate(folder: Path, *, isolation: str = "process", seed: int = 0, plugins: Sequence[object] = ()) -> Validation:
    """Grade every solution that the kata in `folder` ships, in one run.

    Parameters
    ----------
    folder
        The kata's folder.
    isolation
        Where the solutions run: ``"process"`` or ``"none"``.
    seed
        What the examples are drawn from.
    plugins
        Further pytest plugins, for instance one that shows progress.

    Raises
    ------
    KataError
        The kata is malformed.
    """
    kata = load_kata(folder)
    specimens, findings = read_specimens(kata)
    gradings = tuple(
        Grading(kata.folder, Submission(kata.name, each.path, is_stub=each.kind == "stub", label=each.label))
        for each in specimens
    )
    report = grade(RunRequest(gradings, isolation=isolation, seed=seed), root=kata.folder, plugins=plugins)
    judgements = tuple(
        Judgement(specimen, scorecard, tuple(_judge(specimen, scorecard)))
        for specimen, scorecard in zip(specimens, report.scorecards, strict=True)
    )
    return Validation(kata, judgements, findings)


def read_specimens(kata: Kata) -> tuple[tuple[Specimen, ...], tuple[Finding, ...]]:
    """The files to grade, and what is wrong with the way they declare themselves."""
    specimens = [Specimen(kata.stub, "stub"), Specimen(kata.reference, "reference")]
    findings = []
    for kind in ("right", "wrong"):
        paths = sorted((kata.hidden / kind).glob("*.py"))
        if not paths:
            findings.append(Finding(kata.hidden / kind, f"has no solution; a kata proves itself by {kind} ones"))
        for path in paths:
            specimen, remarks = _read(path, kind)
            specimens.append(specimen)
            findings += [Finding(path, remark) for remark in remarks]
    return tuple(specimens), tuple(findings)


def _read(path: Path, kind: str) -> tuple[Specimen, list[str]]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        return Specimen(path, kind), [f"does not parse: {error}"]
    name = (ast.get_docstring(tree) or "").partition("\n")[0].strip()
    remarks = [] if name else ["has no docstring; its first line names the style or the mistake"]
    caught_by = _caught_by(tree)
    if kind == "wrong" and not caught_by:
        remarks.append('names no check that must fail; add caught_by = ("test_…",)')
    return Specimen(path, kind, name, caught_by), remarks


def _caught_by(tree: ast.Module) -> tuple[str, ...]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "caught_by" for t in node.targets):
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                return ()
            return (value,) if isinstance(value, str) else tuple(map(str, value))
    return ()


def _judge(specimen: Specimen, scorecard: Scorecard) -> Iterable[Finding]:
    if scorecard.broken:
        yield Finding(specimen.path, f"the kata is broken: {scorecard.broken}")
    elif specimen.kind == "stub":
        if scorecard.earned:
            held = [result.check.id for result in scorecard.results if result.earned]
            yield Finding(specimen.path, f"the stub earns {scorecard.earned} points, in {', '.join(held)}")
    elif specimen.kind in _ENTITLED:
        for result in scorecard.results:
            if not result.status.earns:
                yield Finding(
                    specimen.path, f"is right, but {result.check.id} says {result.status}: {_line(result.message)}"
                )
    else:
        yield from _judge_wrong(specimen, scorecard)


def _judge_wrong(specimen: Specimen, scorecard: Scorecard) -> Iterable[Finding]:
    lost = {result.check.id for result in scorecard.results if result.status in (Status.FAILED, Status.ERROR)}
    known = {result.check.id for result in scorecard.results}
    for wanted in specimen.caught_by:
        if not any(_is_called(check, wanted) for check in known):
            near = difflib.get_close_matches(wanted, [_name(check) for check in known], n=1)
            advice = f"; did you mean {near[0]}?" if near else ""
            yield Finding(specimen.path, f"caught_by names {wanted}, but no check is called that{advice}")
        elif not any(_is_called(check, wanted) for check in lost):
            yield Finding(
                specimen.path,
                f"is wrong, but {wanted} does not fail (these do: {', '.join(map(_name, sorted(lost))) or 'none'})",
            )


def _is_called(check_id: str, wanted: str) -> bool:
    """Whether `wanted` names the check: by its whole id, or by the name of the test alone."""
    return wanted in (check_id, _name(check_id))


def _name(check_id: str) -> str:
    return check_id.partition("::")[2].partition("[")[0]


def _line(message: str) -> str:
    return message.partition("\n")[0]
