"""What `mlkata check` shows of the katas that it proves."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pytest_mlkata.authoring import account, page
from pytest_mlkata.authoring.jobs import usual_jobs
from pytest_mlkata.authoring.judging import Judgement
from pytest_mlkata.authoring.validation import Validation
from pytest_mlkata.authoring.validator import validate
from pytest_mlkata.errors import KataError, MlkataError
from pytest_mlkata.kata.mistakes import name_of
from pytest_mlkata.scoring import plural
from pytest_mlkata.tables import print_table, relative

_STDOUT = Path("-")


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    isolation: str
    seed: int = 0
    once: bool = False
    jobs: int | None = None
    json: Path | None = None
    html: Path | None = None
    verbose: bool = False


def prove(folders: Sequence[Path], wanted: Wanted) -> bool:
    """Prove katas, show and write what has come of it; tell whether nothing has to be mended.

    Raises
    ------
    MlkataError
        A report cannot be written, or a process that grades has ended.
    """
    for path in filter(None, (wanted.json, wanted.html)):
        _require_writable(path)
    validations, malformed = [], {}
    quiet = wanted.json == _STDOUT
    for number, folder in enumerate(folders, 1):
        try:
            validation = _validated(folder, wanted, f"{folder.name} ({number} of {len(folders)})")
        except KataError as error:
            malformed[folder.name] = str(error)
            click.echo(f"{error}\n{folder.name}: malformed, nothing was graded", err=quiet)
            continue
        validations.append(validation)
        if not quiet:
            _show(validation, verbose=wanted.verbose)
    if wanted.json is not None:
        _write(wanted.json, account.render(validations, malformed))
    if wanted.html is not None:
        _write(wanted.html, page.render(validations, malformed))
    return not malformed and all(validation.holds for validation in validations)


def _validated(folder: Path, wanted: Wanted, title: str) -> Validation:
    jobs = wanted.jobs or usual_jobs()
    line = _Line(title)
    try:
        return validate(
            folder, isolation=wanted.isolation, seed=wanted.seed, once=wanted.once, jobs=jobs, progress=line
        )
    finally:
        line.clear()


class _Line:
    """Tells on standard error how far it is: in a terminal in a line that is written over, else at the start alone."""

    def __init__(self, kata: str) -> None:
        self._kata = kata
        self._shown = sys.stderr.isatty()
        if not self._shown:
            click.echo(f"checking {kata} …", err=True)

    def __call__(self, proof: str, done: int, of: int) -> None:
        if self._shown:
            count = f" {done}/{of}" if of else ""
            click.echo(f"\r\x1b[K{self._kata}: {proof}{count}", nl=False, err=True)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _show(validation: Validation, *, verbose: bool) -> None:
    # Where the kata is broken, nothing is to be mended in those that could not be graded.
    judged = [each for each in validation.judgements if verbose or (each.findings and not each.scorecard.broken)]
    if judged:
        print_table(("solution", "points", "judged", "told as", "name"), [_row(each) for each in judged])
        click.echo()
    rows = [
        (proof.name, "holds" if proof.holds else "MEND", f"{proof.seconds:.1f}", proof.result)
        for proof in validation.proofs
    ]
    print_table(("proof", "", "seconds", "result"), rows)
    if verbose:
        for judgement in validation.judgements:
            if judgement.specimen.kind == "wrong" and judgement.extra:
                names = dict.fromkeys(name_of(check) for check in judgement.extra)
                click.echo(f"{judgement.specimen.label} fails {', '.join(names)}, too")
    for remark in validation.remarks:
        click.echo(f"remark: {relative(remark.path)}: {remark.message}")
    for finding in validation.findings:
        click.echo(f"{relative(finding.path)}: {finding.message}")
    graded = sum(not judgement.scorecard.broken for judgement in validation.judgements)
    found = len(validation.findings)
    mended = f"{plural(found, 'thing')} to mend" if found else "every one is judged as it should be"
    click.echo(f"{validation.kata.name}: {plural(graded, 'solution')} graded, {mended}")


def _row(judgement: Judgement) -> tuple[str, ...]:
    card, specimen = judgement.scorecard, judgement.specimen
    points = "" if card.broken else f"{card.earned}/{card.possible}"
    told = ", ".join("itself" if each.id == specimen.path.stem else each.id for each in judgement.mistakes)
    judged = "misjudged" if judgement.findings else "as it should be"
    return specimen.label, points, "not graded" if card.broken else judged, told, specimen.name


def _require_writable(path: Path) -> None:
    if path == _STDOUT:
        return
    was_there = path.exists()
    try:
        with path.open("a"):
            """It is there now, or was before."""
        if not was_there:
            # Whoever interrupts the run should not find an empty report; a link stays, for `resolve` follows it.
            path.resolve().unlink()
    except OSError as error:
        raise MlkataError(f"{path} cannot be written: {error.strerror}; name a file in a folder that exists") from None


def _write(path: Path, text: str) -> None:
    if path == _STDOUT:
        click.echo(text, nl=False)
    else:
        path.write_text(text, encoding="utf-8")
