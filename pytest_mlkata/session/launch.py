"""The outer run: finds out what to grade, and starts a pytest of its own that the user's project cannot reach.

A user's project may have a ``conftest.py``, autouse fixtures, ``addopts``, filters that turn warnings into errors,
coverage thresholds. None of them may change a grade, so grading happens in a second pytest in the same process with
our own ini file; the options that the person typed are handed on, so ``-k``, ``-x``, ``-v`` keep their meaning.
"""

from __future__ import annotations

import difflib
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.kata.discovery import select
from pytest_mlkata.model import Report
from pytest_mlkata.session.hint_counts import with_hint_counts
from pytest_mlkata.session.project import Project, without
from pytest_mlkata.session.report_files import require_writable
from pytest_mlkata.session.request import OWN_TESTS, Grading, RunRequest
from pytest_mlkata.solution.isolation import choose
from pytest_mlkata.solution.locate import locate, locate_tests

_INI = Path(__file__).with_name("kata.ini")
# The scorecard shows it instead; what the person typed comes after these and wins.
_NO_SUMMARY = ("-rN",)
_NO_SOURCE = ("--tb=no",)


def forget_user_settings(early_config: pytest.Config) -> None:
    """Keep the outer run from loading the user's conftest files and from measuring coverage."""
    options = early_config.known_args_namespace
    options.noconftest = True
    if getattr(options, "cov_source", None):
        options.cov_source = []


def run_for(config: pytest.Config) -> int | pytest.ExitCode:
    """Grade what the command line of `config` asks for; the exit code is pytest's.

    Raises
    ------
    pytest.UsageError
        What was asked for cannot be graded; the message says why.
    """
    try:
        project = _project(config)
        request = _plan(config, project)
        require_writable(config)
    except MlkataError as error:
        raise pytest.UsageError(str(error)) from None
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        # Standard input too: a debugger inside has to read from it.
        capture.suspend_global_capture(in_=True)
    plugins = list(config.invocation_params.plugins or ())
    quiet: tuple[str, ...] = ()
    if config.pluginmanager.hasplugin("terminal"):
        quiet = _NO_SUMMARY if request.reveal else _NO_SUMMARY + _NO_SOURCE
    return _run(request, [*quiet, *config.invocation_params.args], project.root, plugins)


def grade(request: RunRequest, *, root: Path, plugins: Sequence[object] = ()) -> Report:
    """Grade `request` without a terminal, for the command line and other callers.

    Parameters
    ----------
    request
        What to grade.
    root
        The folder that caches and relative paths belong to.
    plugins
        Further pytest plugins, for instance one that shows progress.
    """
    keeper = _Keeper()
    quiet = ("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:randomly")
    code = _run(request, quiet, root, [keeper, *plugins])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if keeper.report is None or code == pytest.ExitCode.INTERNAL_ERROR:
        raise MlkataError("the grading run ended before it could report; run it with `pytest --kata` to see why")
    return keeper.report


class _Keeper:
    """Keeps the report of a run for its caller."""

    def __init__(self) -> None:
        self.report: Report | None = None

    def pytest_mlkata_report(self, report: Report) -> None:
        self.report = report


def _project(config: pytest.Config) -> Project:
    """The project around the current folder.

    pytest looks for it before it knows our options, and takes what follows them for tests: a solution that lies
    elsewhere would make that place the project.
    """
    here = config.invocation_params.dir
    misleading = any(_exists(here / each.partition("::")[0]) for each in config.invocation_params.args)
    chosen = config.option.rootdir or config.option.inifilename
    return Project.of(config) if chosen or not misleading else Project.here(config.option.override_ini or ())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # it is no path at all
        return False


def _plan(config: pytest.Config, project: Project) -> RunRequest:
    here = config.invocation_params.dir
    selection = select(project.catalog([here / path for path in config.option.kata_path]), config.option.kata)
    _require_check_ids(config, selection.folders)
    given: Path | None = config.option.kata_solution
    gradings, notes = find_gradings(project, selection.folders, None if given is None else here / given)
    gradings = _with_tests(config, gradings)
    isolation, weaker = _isolation(config)
    fresh = secrets.randbelow(2**31) if config.option.kata_fresh else None
    if fresh is not None:
        notes += (f"further examples were drawn with another seed; to draw them again: --kata-seed={fresh}",)
    return RunRequest(
        gradings=gradings,
        isolation=isolation,
        weaker=weaker,
        seed=config.option.kata_seed,
        fresh=fresh,
        reveal=config.option.kata_reveal,
        notes=selection.notes + notes,
    )


def _with_tests(config: pytest.Config, gradings: tuple[Grading, ...]) -> tuple[Grading, ...]:
    """Add the learner's own tests."""
    given: Path | None = config.option.kata_tests
    files = locate_tests(
        [grading.folder for grading in gradings], None if given is None else config.invocation_params.dir / given
    )
    return tuple(replace(grading, tests=file) for grading, file in zip(gradings, files, strict=True))


def find_gradings(
    project: Project, katas: Sequence[Path], given: Path | None
) -> tuple[tuple[Grading, ...], tuple[str, ...]]:
    """What is to be graded now, and what has to be said of it.

    Parameters
    ----------
    project
        Where solutions are looked for.
    katas
        Their folders.
    given
        The file or the folder that the person named instead.

    Raises
    ------
    SolutionPathError
        What was named cannot be what the person meant.
    """
    only = len(katas) == 1
    gradings = tuple(Grading(path, locate(path, given, project.solutions, only=only)) for path in katas)
    gradings, notes = with_hint_counts(gradings, project.solutions)
    if only and gradings[0].submission.is_stub and given is None:
        notes += (f"a solution was looked for at {project.solutions / katas[0].name}.py",)
    return gradings, notes


def _require_check_ids(config: pytest.Config, katas: Sequence[Path]) -> None:
    """Beside ``--kata`` an argument is the id of a check, but a person may well name the file to grade."""
    known = [f"{kata.name}/{path.name}" for kata in katas for path in sorted((kata / "hidden").glob("test_*.py"))]
    if config.option.kata_tests is not None:
        known += [f"{kata.name}/{OWN_TESTS}" for kata in katas]
    for each in config.option.file_or_dir:
        wanted = each.partition("::")[0].rstrip("/")
        if wanted in known or wanted in {kata.name for kata in katas}:
            continue
        example = (*difflib.get_close_matches(wanted, known, n=1), *known, "NAME/test_correctness.py")[0]
        advice = f"beside --kata an argument is the id of a check, such as {example}"
        if each.endswith(".py") and _exists(config.invocation_params.dir / each):
            advice = f"to grade that file, write --kata-solution {shlex.quote(each)}"
        raise MlkataError(f"{each!r} names no check of what --kata asks for; {advice}")


def _isolation(config: pytest.Config) -> tuple[str, str]:
    debugging = config.option.usepdb or config.option.trace
    asked: str | None = config.option.kata_isolation
    if debugging and asked is None:
        return "none", ""
    if debugging and asked != "none":
        raise MlkataError(
            f"--pdb and --trace look into the solution, so they need it in this process: leave out "
            f"--kata-isolation={asked}"
        )
    return choose(asked)


def _run(request: RunRequest, arguments: Sequence[str], root: Path, plugins: list[object]) -> int | pytest.ExitCode:
    ours = [
        f"--kata-run={request.to_json()}",
        "-c",
        str(_INI),
        f"--rootdir={root}",
        f"--confcutdir={root}",
        "--noconftest",
        "--import-mode=importlib",
        # One check file that does not import must not stop the other katas.
        "--continue-on-collection-errors",
        "-o",
        "addopts=",
        # At the end of a session it goes through all of memory, five times.
        "-p",
        "no:unraisableexception",
    ]
    if not any(each.endswith("no:cacheprovider") for each in arguments):
        # The last failures of a kata are not those of the project's own tests.
        ours += ["-o", "cache_dir=.pytest_cache/mlkata"]
    # Ours come last and win; but behind "--" everything is the id of a check.
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    with without("PYTEST_ADDOPTS"):
        return pytest.main([*arguments[:end], *ours, *arguments[end:]], plugins=plugins)
