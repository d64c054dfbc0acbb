"""The command `mlkata`: what is not grading itself. Grading is `pytest --kata`."""

from __future__ import annotations

import io
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pytest_mlkata import __version__
from pytest_mlkata.errors import KataError, MlkataError, SolutionPathError
from pytest_mlkata.kata.discovery import Catalog, select
from pytest_mlkata.kata.manifest import MAX_QUESTION, load_kata, read_manifest
from pytest_mlkata.model import ROUNDS, Kata
from pytest_mlkata.options import ISOLATIONS
from pytest_mlkata.session.project import Project
from pytest_mlkata.tables import print_table, relative

INTERRUPTED = 130
"""The exit code after Ctrl-C, as of a shell: 1 says that something does not hold."""

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
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)
            raise SystemExit(INTERRUPTED) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Machine-learning interview questions as katas.

    To grade a solution: pytest --kata NAME
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A title that the terminal cannot show must not end the command.
            stream.reconfigure(errors="backslashreplace")


@main.command("list")
@_kata_path
def list_(given: tuple[Path, ...]) -> None:
    """List the katas that can be asked for here."""
    project = Project.here()
    catalog = project.catalog(given)
    solved = project.solved()
    rows, faults = [], []
    for folder in catalog.folders.values():
        begun = "yes" if folder.name in solved else ""
        try:
            kata = read_manifest(folder)
        except KataError as error:
            faults.append(str(error))
            rows.append((folder.name, "", "", "", begun, "(malformed, see below)"))
            continue
        question = f"q{kata.question}" if kata.question else ""
        rows.append((kata.name, question, kata.round, str(kata.minutes), begun, kata.title))
    print_table(("kata", "q", "round", "min", "begun", "title"), rows)
    for note in (*faults, *catalog.twice.values(), *catalog.notes):
        click.echo(f"note: {note}", err=True)


@main.command()
@click.argument("name")
@_kata_path
def start(name: str, given: tuple[Path, ...]) -> None:
    """Put the stub and the spec of a kata into solutions/.

    Files that exist are kept as they are.
    """
    project = Project.here()
    kata = _one(project.catalog(given), name)
    solution = project.solutions / f"{kata.name}.py"
    for source, target in ((kata.stub, solution), (kata.spec, solution.with_suffix(".md"))):
        said = "made {}" if _copy(source, target) else "kept {} as it is"
        click.echo(said.format(relative(target)))
    where = [part for folder in given for part in ("--kata-path", str(folder))]
    command = shlex.join(["pytest", "--kata", kata.name, *where])
    click.echo(f"next: fill in {relative(solution)} and run {command}")


@main.command()
@click.argument("name")
@_kata_path
def show(name: str, given: tuple[Path, ...]) -> None:
    """Show the question and the contract of a kata."""
    kata = _one(Project.here().catalog(given), name)
    _print_markdown(kata.spec.read_text(encoding="utf-8", errors="replace"))


@main.command()
@click.argument("name")
@click.argument("function", required=False)
@click.option("--again", is_flag=True, help="Show the hints given before once more; nothing is counted.")
@_kata_path
def hint(name: str, function: str | None, *, again: bool, given: tuple[Path, ...]) -> None:
    """Give the next hint on a kata, or on one of its functions.

    Hints come in stages, from a question to nearly the formula. The scorecard shows how many were taken; they cost no
    points.
    """
    from pytest_mlkata.hinting import Guide  # noqa: PLC0415  # `mlkata list` needs nothing of the kind
    from pytest_mlkata.kata.hint_log import HintLog  # noqa: PLC0415
    from pytest_mlkata.kata.hints import read_hints  # noqa: PLC0415

    project = Project.here()
    kata = _one(project.catalog(given), name)
    log = HintLog(project.solutions)
    guide = Guide(read_hints(kata.folder), log.given(kata.name), _asking(kata.name, given))
    answer = guide.again(function) if again else guide.following(function)
    if answer.taken:
        log.note(kata.name, *answer.taken)  # before it is shown: a count that leaves hints out would be no count
    for shown in answer.hints:
        click.secho(f"{shown.head}\n", bold=True)
        _print_markdown(shown.text)
        click.echo()
    if answer.rows:
        rows = [(row.name, row.given, row.command) for row in answer.rows]
        print_table(("hints on", "given", "how to ask"), rows, commands=True)
    if answer.closing:
        click.echo(answer.closing)


def _asking(kata: str, given: tuple[Path, ...]) -> Callable[[str], str]:
    """What is typed for the next hint on a function, or on the kata."""
    where = [part for folder in given for part in ("--kata-path", str(folder))]

    def command(name: str) -> str:
        return shlex.join(["mlkata", "hint", kata, *([] if name == kata else [name]), *where])

    return command


@main.command()
@click.argument("name")
@click.option("--kata-solution", "solution", metavar="PATH", type=click.Path(path_type=Path), help="As of pytest.")
@click.option("--kata-isolation", "isolation", type=click.Choice(ISOLATIONS), default=None, help="As of pytest.")
@click.option("--kata-seed", "seed", type=int, default=0, show_default=True, metavar="N", help="As of pytest.")
@_kata_path
def watch(name: str, solution: Path | None, isolation: str | None, seed: int, given: tuple[Path, ...]) -> None:
    """Grade a solution at once, and again whenever it is saved.

    Everything is loaded already, so it takes a fraction of what pytest --kata takes; the grade is the same.
    Ctrl-C ends it.
    """
    from pytest_mlkata.solution.isolation import choose  # noqa: PLC0415  # see above
    from pytest_mlkata.watching.loop import Wanted  # noqa: PLC0415
    from pytest_mlkata.watching.loop import watch as grade_on_every_save  # noqa: PLC0415

    project = Project.here()
    folder = _one(project.catalog(given), name).folder
    chosen, weaker = choose(isolation)
    grade_on_every_save(Wanted(project, folder, solution and Path.cwd() / solution, chosen, weaker, seed))


@main.command()
@click.argument("name")
@click.option("--question", type=click.IntRange(1, MAX_QUESTION), metavar="N", help="The interview question it is on.")
@click.option("--round", "round_", type=click.Choice(ROUNDS), default="ml-coding", show_default=True)
@click.option(
    "--kata-path", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Where to put it, if not in katas/."
)
def new(name: str, question: int | None, round_: str, folder: Path | None) -> None:
    """Write the skeleton of a new kata.

    It proves itself from the beginning, and marks what is to be written. Nothing is overwritten.
    """
    from pytest_mlkata.authoring.scaffold import Wanted, require_free, write_skeleton  # noqa: PLC0415  # see above

    project = Project.here()
    require_free(name, project.catalog())
    wanted = Wanted(name, folder or project.root / "katas", question, round_)
    for path in write_skeleton(wanted):
        click.echo(f"made {relative(path)}")
    where = [] if folder is None else ["--kata-path", str(folder)]
    command = shlex.join(["mlkata", "check", name, *where])
    click.echo(f"next: write what is marked in {relative(wanted.path)}, and run {command} as you go")


@main.command()
@click.argument("names", default="all", metavar="[NAMES|all]")
@click.option("--isolation", type=click.Choice(ISOLATIONS), default=None, help="As of pytest --kata-isolation.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--once", is_flag=True, help="Quicker: each solution once, wrong ones by the checks that they name.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; usually one for each core, at most 4.")
@click.option("--json", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="For programs; or -.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="A page with everything, for the author.")
@click.option("-v", "--verbose", is_flag=True, help="Show every solution.")
@_kata_path
@click.pass_context
def check(ctx: click.Context, /, names: str, isolation: str | None, given: tuple[Path, ...], **wanted: Any) -> None:
    """Prove that katas tell right from wrong.

    NAMES are as of pytest --kata; without any, all katas are proved that `mlkata list` shows.

    The stub must earn nothing, every right solution everything, and every wrong one must fail the checks that it names.
    The checks must run all of the reference, and see nearly every small change of it.

    It ends with 0 if all of that holds, 1 if something does not, 2 if it is called otherwise, and 130 after Ctrl-C.
    """
    from pytest_mlkata.checking import Wanted, prove  # noqa: PLC0415  # see above
    from pytest_mlkata.solution.isolation import choose  # noqa: PLC0415

    selection = select(Project.here().catalog(given), names)
    chosen, weaker = choose(isolation)
    for note in (*selection.notes, *filter(None, [weaker])):
        click.echo(f"note: {note}", err=True)
    ctx.exit(0 if prove(selection.folders, Wanted(chosen, **wanted)) else 1)


def _print_markdown(text: str) -> None:
    """For a person as it is meant, for a program as it is."""
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(text))


def _one(catalog: Catalog, name: str) -> Kata:
    selection = select(catalog, name)
    if len(selection.folders) != 1:
        names = " or ".join(folder.name for folder in selection.folders[:3])
        raise MlkataError(f"{name} names {len(selection.folders)} katas; this command takes one: {names}, for instance")
    return load_kata(selection.folders[0])


def _copy(source: Path, target: Path) -> bool:
    """Copy `source` to `target` unless that exists; tell whether it was made."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except OSError as error:
        if isinstance(error, FileExistsError) and target.parent.is_dir():
            return False
        in_the_way = next((folder for folder in target.parents if folder.exists() and not folder.is_dir()), None)
        remedy = f"{in_the_way} is a file where a folder is needed" if in_the_way else "check the permissions"
        raise SolutionPathError(f"{target} cannot be written: {error.strerror}; {remedy}") from None
    return True
