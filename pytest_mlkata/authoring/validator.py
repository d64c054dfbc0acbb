"""Grades the solutions that a kata ships and requires that each is judged as it should be."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.hints import read_hints
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.kata.mistakes import read_declared
from pytest_mlkata.model import Kata, Scorecard, Status, Submission
from pytest_mlkata.scoring import plural
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

_ENTITLED = ("reference", "right")
_LOST = (Status.FAILED, Status.ERROR)
_STATUS: Mapping[str, str] = {Status.NOT_STARTED: "not started", Status.NOT_RUN: "not run"}


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
        """Those of the kata's form, then those of each specimen; what several have in common is said once."""
        graded = [finding for judgement in self.judgements for finding in judgement.findings]
        return tuple(dict.fromkeys([*self.findings, *graded]))


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
    request = RunRequest(gradings, isolation=isolation, seed=seed, shrink=False)  # nobody reads the counterexamples
    report = grade(request, root=kata.folder, plugins=plugins)
    findings += _read_hints(kata)
    judgements = tuple(
        Judgement(specimen, scorecard, tuple(_judge(kata, specimen, scorecard)))
        for specimen, scorecard in zip(specimens, report.scorecards, strict=True)
    )
    return Validation(kata, judgements, findings)


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
            specimen, remarks = _read(path, kind)
            specimens += [specimen] if specimen is not None else []
            findings += [Finding(path, remark) for remark in remarks]
    return tuple(specimens), tuple(findings)


def _read_hints(kata: Kata) -> tuple[Finding, ...]:
    """What is wrong with the hints; a kata without any is in order."""
    try:
        hints = read_hints(kata.folder)
    except KataError as error:
        said = str(error)
        if not said.startswith(str(kata.hints)):
            return ()  # the stub is at fault, which every scorecard says
        return (Finding(kata.hints, said.removeprefix(str(kata.hints)).lstrip(",: ")),)
    return tuple(
        Finding(kata.hints, f"has no hints on {name}; add a section `## {name}` with stages, or delete the file")
        for name in hints.lacking
    )


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
    remarks = [] if declared.name else ["has no docstring; its first line names the style or the mistake"]
    caught_by = declared.caught_by if kind == "wrong" else ()
    if kind == "wrong" and not caught_by:
        remarks.append('names no check that must fail; add caught_by = ("test_…",)')
    return Specimen(path, kind, declared.name, caught_by), remarks


def _judge(kata: Kata, specimen: Specimen, scorecard: Scorecard) -> Iterable[Finding]:
    if scorecard.broken:
        yield Finding(kata.hidden, f"the kata is broken, so nothing can be graded: {scorecard.broken}")
    elif specimen.kind == "stub":
        if scorecard.earned:
            held = ", ".join(_name(result.check.id) for result in scorecard.results if result.earned)
            yield Finding(
                specimen.path,
                f"earns {plural(scorecard.earned, 'point')} as it is, in {held}; a stub earns nothing: let its "
                f"functions raise NotImplementedError, and the checks demand more",
            )
    elif specimen.kind in _ENTITLED:
        yield from _judge_right(specimen, scorecard)
    else:
        yield from _judge_wrong(specimen, scorecard)


def _judge_right(specimen: Specimen, scorecard: Scorecard) -> Iterable[Finding]:
    """One finding for each reason: a solution that does not load fails every check for the same one."""
    lost: dict[tuple[Status, str], list[str]] = {}
    for result in scorecard.results:
        if not result.status.earns:
            lost.setdefault((result.status, _line(result.message)), []).append(_name(result.check.id))
    for (status, message), checks in lost.items():
        yield Finding(
            specimen.path,
            f"is right, but loses {_some(checks)} ({_STATUS.get(status, str(status))}: {message}); "
            f"mend the solution or the check",
        )


def _judge_wrong(specimen: Specimen, scorecard: Scorecard) -> Iterable[Finding]:
    reasons = {(result.status, result.message) for result in scorecard.results}
    if len(scorecard.results) > 1 and len(reasons) == 1 and scorecard.results[0].status is Status.ERROR:
        message = _line(scorecard.results[0].message)
        yield Finding(specimen.path, f"fails every check for one reason ({message}); mend it, or it shows nothing")
        return
    lost = {_name(result.check.id) for result in scorecard.results if result.status in _LOST}
    known = dict.fromkeys(_name(result.check.id) for result in scorecard.results)
    for wanted in specimen.caught_by:
        called = [result for result in scorecard.results if _is_called(result.check.id, wanted)]
        if not called:
            near = difflib.get_close_matches(wanted, known, n=1)
            advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            yield Finding(specimen.path, f"caught_by names {wanted}, but no check is called that; {advice}")
        elif not any(result.status in _LOST for result in called):
            verdict = " and ".join(dict.fromkeys(_STATUS.get(result.status, str(result.status)) for result in called))
            yield Finding(
                specimen.path,
                f"is wrong, but {wanted} does not fail ({verdict}; {_some(sorted(lost)) or 'no check'} fails); "
                f"let the check find the mistake, or name one that does in caught_by",
            )


def _some(checks: Sequence[str], most: int = 4) -> str:
    listed = list(dict.fromkeys(checks))
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def _is_called(check_id: str, wanted: str) -> bool:
    """Whether `wanted` names the check: by its whole id, or by the name of the test alone."""
    return wanted in (check_id, _name(check_id))


def _name(check_id: str) -> str:
    return check_id.partition("::")[2].partition("[")[0]


def _line(message: str) -> str:
    return message.partition("\n")[0]
