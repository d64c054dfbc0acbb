"""What was proved of katas, for the author: one page that fetches nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.judging import LOST, Judgement, declares
from pytest_mlkata.authoring.mutation import Fate
from pytest_mlkata.authoring.validation import Validation
from pytest_mlkata.branches import Branches
from pytest_mlkata.kata.mistakes import name_of
from pytest_mlkata.model import CheckResult
from pytest_mlkata.report.base import visible

_FRAME = Path(__file__).with_name("page.html")
_NUMBERS = ("line", "seconds")
"""The heads of columns of numbers."""
_MARKS = {
    "caught": ("✗", "fails as declared"),
    "extra": ("+", "fails, too"),
    "missed": ("!", "declared, but does not fail"),
    "passed": ("·", "passes"),
    "blocked": ("○", "not run, or blocked by another failure"),
}
"""What a cell of the matrix shows, and what that means."""


def render(validations: Sequence[Validation], malformed: Mapping[str, str]) -> str:
    """Write everything as HTML.

    Parameters
    ----------
    validations
        The katas that were proved.
    malformed
        Those that could not be read, and why.
    """
    links = "".join(f'<a href="#{_text(each.kata.name)}">{_text(each.kata.name)}</a>' for each in validations)
    unread = "".join(f"<p class=mend>{_text(name)}: {_text(said)}</p>" for name, said in malformed.items())
    names = ", ".join([*(each.kata.name for each in validations), *malformed])
    frame = Template(_FRAME.read_text("utf-8"))
    return frame.substitute(title=_text(names), links=links, body=unread + "".join(map(_section, validations)))


def _section(validation: Validation) -> str:
    kata = validation.kata
    state = "<b class=holds>holds</b>" if validation.holds else "<b class=mend>to be mended</b>"
    return (
        f'<section id="{_text(kata.name)}"><h2>{_text(kata.title)} <small>{_text(kata.name)}</small> {state}</h2>'
        + _proofs(validation)
        + _findings("To be mended", validation, validation.findings)
        + _findings("Remarks", validation, validation.remarks)
        + _matrix(validation)
        + _mutants(validation)
        + _source(validation)
        + "</section>"
    )


def _proofs(validation: Validation) -> str:
    rows = [
        f"<tr><th scope=row>{_text(each.name)}<td class={'holds' if each.holds else 'mend'}>"
        f"{'holds' if each.holds else 'mend'}<td>{_text(each.result)}<td class=number>{each.seconds:.1f}"
        for each in validation.proofs
    ]
    return _table("Proofs", ("proof", "", "result", "seconds"), rows)


def _findings(title: str, validation: Validation, findings: Iterable[Finding]) -> str:
    folder = validation.kata.folder
    items = [f"<li><code>{_text(_short(each.path, folder))}</code>: {_text(each.message)}" for each in findings]
    return f"<h3>{title}</h3><ul>{''.join(items)}</ul>" if items else ""


def _short(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


# Wrong solutions and checks


def _matrix(validation: Validation) -> str:
    wrong = [each for each in validation.judgements if each.specimen.kind == "wrong"]
    if not wrong or not validation.checks:
        return ""
    heads = "".join(
        f'<th scope=col class=turned title="{_text(check.property)}"><span>{_breakable(_check_label(check.id))}</span>'
        for check in validation.checks
    )
    head = f"<tr><th scope=col>wrong solution<th scope=col>told as{heads}"
    legend = " ".join(f"<span><i class={name}>{sign}</i> {meaning}</span>" for name, (sign, meaning) in _MARKS.items())
    rows = "".join(map(_matrix_row, wrong))
    return (
        f"<h3>Wrong solutions and checks</h3><p class=legend>{legend}</p>"
        f"<div class=box tabindex=0><table class=matrix><thead>{head}<tbody>{rows}</table></div>"
    )


def _check_label(check: str) -> str:
    parameters = check.partition("[")[1] + check.partition("[")[2]
    return name_of(check).removeprefix("test_") + parameters


def _matrix_row(judgement: Judgement) -> str:
    specimen = judgement.specimen
    cells = []
    for result in judgement.scorecard.results:
        kind = _kind(judgement, result)
        sign, meaning = _MARKS[kind]
        cells.append(f'<td class={kind} title="{_text(_check_label(result.check.id))}: {meaning}">{sign}')
    told = ", ".join("itself" if each.id == specimen.path.stem else each.name for each in judgement.mistakes)
    name = f'<th scope=row title="{_text(specimen.name)}">{_text(specimen.path.stem)}'
    return f"<tr>{name}<td class=told>{_text(told) or '<small>by no name</small>'}{''.join(cells)}"


def _kind(judgement: Judgement, result: CheckResult) -> str:
    if result.status in LOST:
        return "caught" if declares(judgement.specimen, result.check) else "extra"
    if declares(judgement.specimen, result.check):
        return "missed"
    return "passed" if result.status.earns else "blocked"


# Mutants, and the source


def _mutants(validation: Validation) -> str:
    if validation.mutation is None:
        return ""
    rows = [
        f"<tr><th scope=row class=number>{fate.mutant.line}<td><code>{_text(fate.mutant.change)}</code>{_fate(fate)}"
        for fate in sorted(validation.mutation.fates, key=lambda fate: (fate.mutant.line, fate.mutant.id))
    ]
    found = validation.mutation
    title = f"Mutants of the reference: {found.killed} of {found.counted} are seen"
    return _table(title, ("line", "change", "fate"), rows)


def _fate(fate: Fate) -> str:
    if fate.killed_by:
        return f"<td>seen by {_text(_check_label(fate.killed_by))}"
    if fate.equivalent:
        return f"<td class=blocked>equivalent: {_text(fate.equivalent)}"
    return "<td class=mend>survived"


def _source(validation: Validation) -> str:
    if validation.coverage is None:
        return ""
    source = validation.kata.reference.read_text("utf-8", errors="replace").splitlines()
    lines = [_source_line(number, line, validation.coverage) for number, line in enumerate(source, 1)]
    return (
        f"<h3>The reference: {validation.coverage.share:.0%} is run by the checks</h3>"
        f"<div class=box tabindex=0><table class=source><tbody>{''.join(lines)}</table></div>"
    )


def _source_line(number: int, line: str, branches: Branches) -> str:
    ways = [end for start, end in branches.missing_branches if start == number]
    if number in branches.missing_lines:
        kind, said = "missed", "never run"
    elif ways:
        ends = ", ".join(f"on to line {end}" if end > 0 else "out of the function" for end in ways)
        kind, said = "partly", f"never goes {ends}"
    else:
        kind, said = ("run", "run") if number in branches.statements else ("plain", "")
    note = f"<small>{said}</small>" if kind in ("missed", "partly") else ""
    return f"<tr class={kind}><th scope=row>{number}<td><code>{_text(line)}</code>{note}"


def _table(title: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f"<th scope=col{' class=number' * (each in _NUMBERS)}>{each}" for each in heads)
    return (
        f"<h3>{_text(title)}</h3><div class=box tabindex=0><table><thead><tr>{head}<tbody>{''.join(rows)}</table></div>"
    )


def _breakable(name: str) -> str:
    """Let a long name go on in a second line."""
    return _text(name).replace("_", "_<wbr>")


def _text(text: str) -> str:
    return escape(visible(text))
