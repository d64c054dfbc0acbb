"""The command `mlkata`: what is not grading itself. Grading is `pytest --kata`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import click
import pytest

from pytest_mlkata import __version__
from pytest_mlkata.authoring.validator import Validation, validate
from pytest_mlkata.errors import KataError, MlkataError, SolutionPathError
from pytest_mlkata.kata.discovery import Catalog, select
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Kata
from pytest_mlkata.session.launch import Project
from pytest_mlkata.session.options import ISOLATIONS

_kata_path = click.option(
    "--kata-path",
    "given",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Another folder that holds katas.",
)


class _Group(click.Group):
    """Shows our own errors as a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MlkataError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Machine-learning interview questions as katas. To grade a solution: pytest --kata NAME."""


@main.command("list")
@_kata_path
def list_(given: tuple[Path, ...]) -> None:
    """List the katas that can be asked for here."""
    project = Project.here()
    catalog = project.catalog(given)
    rows = [_row(folder, project) for folder in catalog.folders.values()]
    _print_table(("kata", "question", "round", "minutes", "begun", "title"), rows)
    for note in catalog.notes:
        click.echo(note, err=True)


@main.command()
@click.argument("name")
@_kata_path
def start(name: str, given: tuple[Path, ...]) -> None:
    """Put the stub and the spec of a kata into solutions/; existing files are kept."""
    project = Project.here()
    kata = _one(project.catalog(given), name)
    for source, target in (
        (kata.stub, project.solutions / f"{kata.name}.py"),
        (kata.spec, project.solutions / f"{kata.name}.md"),
    ):
        said = "made" if _copy(source, target) else "kept"
        click.echo(f"{said} {_relative(target)}")
    click.echo(f"next: fill in {_relative(project.solutions / kata.name)}.py and run pytest --kata {kata.name}")


@main.command()
@click.argument("name")
@_kata_path
def show(name: str, given: tuple[Path, ...]) -> None:
    """Show the question and the contract of a kata."""
    kata = _one(Project.here().catalog(given), name)
    text = kata.spec.read_text(encoding="utf-8")
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(text))


@main.command()
@click.argument("names")
@click.option("--isolation", type=click.Choice(ISOLATIONS), default="process", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@_kata_path
@click.pass_context
def check(ctx: click.Context, names: str, isolation: str, seed: int, given: tuple[Path, ...]) -> None:
    """Prove that katas tell right from wrong, by the solutions that they ship."""
    selection = select(Project.here().catalog(given), names)
    holds = True
    for folder in selection.folders:
        with _Progress(folder.name) as progress:
            validation = validate(folder, isolation=isolation, seed=seed, plugins=[progress])
        _print_validation(validation)
        holds = holds and validation.holds
    ctx.exit(0 if holds else 1)


class _Progress:
    """A pytest plugin that moves a bar on standard error, where that is a terminal."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=len(session.items), label=self._label, file=sys.stderr)

    def pytest_runtest_logfinish(self) -> None:
        if self._bar is not None:
            self._bar.update(1)


def _print_validation(validation: Validation) -> None:
    rows = [
        (
            judgement.specimen.label,
            f"{judgement.scorecard.earned}/{judgement.scorecard.possible}",
            "as it should be" if not judgement.findings else "misjudged",
            judgement.specimen.name,
        )
        for judgement in validation.judgements
    ]
    _print_table(("solution", "points", "judged", "name"), rows)
    findings = validation.all_findings
    for finding in findings:
        click.echo(f"{_relative(finding.path)}: {finding.message}")
    count = len(validation.judgements)
    mended = "every solution is judged as it should be" if not findings else f"{len(findings)} to mend"
    click.echo(f"{validation.kata.name}: {count} solutions graded, {mended}")


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Columns as wide as they need to be; the last one takes what is left."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head) - 1)]
    room = max(shutil.get_terminal_size().columns - sum(widths) - 2 * len(widths), 12)
    for row in [head, *rows]:
        last = row[-1] if len(row[-1]) <= room or not sys.stdout.isatty() else row[-1][: room - 1] + "…"
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        line = "  ".join([*cells, last]).rstrip()
        click.secho(line, bold=row is head)


def _row(folder: Path, project: Project) -> tuple[str, ...]:
    begun = "yes" if (project.solutions / f"{folder.name}.py").is_file() else ""
    try:
        kata = load_kata(folder)
    except KataError as error:
        return (folder.name, "", "", "", begun, f"malformed: {error}")
    return (kata.name, f"q{kata.question}" if kata.question else "", kata.round, str(kata.minutes), begun, kata.title)


def _one(catalog: Catalog, name: str) -> Kata:
    selection = select(catalog, name)
    if len(selection.folders) != 1:
        raise MlkataError(f"{name} names {len(selection.folders)} katas; this command takes one")
    return load_kata(selection.folders[0])


def _copy(source: Path, target: Path) -> bool:
    """Copy `source` to `target` unless that exists; tell whether it was made."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(source.read_text(encoding="utf-8"))
    except FileExistsError:
        if target.parent.is_dir():
            return False
        raise SolutionPathError(f"{target.parent} is a file; solutions need a folder of that name") from None
    except OSError as error:
        raise SolutionPathError(
            f"{target} cannot be written: {error.strerror}; check the permissions of {target.parent}"
        ) from None
    return True


def _relative(path: Path) -> str:
    """`path` as seen from here, where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
