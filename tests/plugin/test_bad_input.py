"""Whatever is wrong with what a person wrote is said in a sentence that names it, and stops nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scaling import REFERENCE, Run, Solve, write, write_kata

QUIET = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:pytest_cov")
OURS = ("Traceback", "INTERNALERROR")
"""What a message to a person never is."""


# What cannot be graded at all: exit code 4, a sentence, no scorecard


@pytest.fixture
def refused(pytester: pytest.Pytester, project: Path) -> Callable[..., str]:
    """Runs pytest in the project, and gives what it says on standard error."""
    assert pytester.path == project

    def run_refused(*arguments: str) -> str:
        result = pytester.runpytest_subprocess(*QUIET, *arguments)
        said = result.stderr.str()
        assert result.ret == pytest.ExitCode.USAGE_ERROR, said
        assert not [word for word in OURS if word in said + result.stdout.str()]
        assert "points" not in result.stdout.str()
        return said

    return run_refused


def test_an_unknown_kata_gets_the_nearest_names(refused: Callable[..., str]) -> None:
    assert "ERROR: no kata, question, round or tag is called 'scalin'; did you mean scaling?" in refused(
        "--kata", "scalin"
    )
    said = refused("--kata", "scaling,q99")
    assert re.search(r"is called 'q99'; there are: q1, .*q12", said)


def test_no_name_gets_the_names(refused: Callable[..., str]) -> None:
    said = refused("--kata", "")
    assert re.search(r"ERROR: no kata is named; there are: \w+(, \w+)+ and \d+ more \(`mlkata list` ", said)


def test_a_solution_that_is_not_there_is_named(refused: Callable[..., str], project: Path) -> None:
    said = refused("--kata", "scaling", "--kata-solution", "mine.py")
    assert f"ERROR: {project}/mine.py does not exist; name a Python file, or a folder with scaling.py in it" in said


def test_a_folder_without_the_solution_is_named(refused: Callable[..., str], project: Path) -> None:
    (project / "mine").mkdir()
    said = refused("--kata", "scaling", "--kata-solution", "mine")
    assert f"ERROR: {project}/mine has no scaling.py; name the file itself, or a folder with scaling.py in it" in said


def test_one_file_cannot_answer_several_katas(refused: Callable[..., str], project: Path) -> None:
    write(project / "mine.py", "")
    said = refused("--kata", "scaling,logistic_regression", "--kata-solution", "mine.py")
    assert f"ERROR: {project}/mine.py is one file, but several katas are asked for; name a folder with " in said


def test_a_seed_is_a_number(refused: Callable[..., str]) -> None:
    assert "argument --kata-seed: invalid int value: 'many'" in refused("--kata", "scaling", "--kata-seed", "many")


def test_a_folder_of_katas_that_is_not_there_is_named(refused: Callable[..., str], project: Path) -> None:
    said = refused("--kata", "scaling", "--kata-path", "more")
    assert f"ERROR: --kata-path: {project}/more does not exist; name a folder that holds kata folders" in said


@pytest.mark.parametrize("option", ["--kata-json", "--kata-markdown"])
def test_a_report_that_cannot_be_written_is_said_before_the_work(
    refused: Callable[..., str], project: Path, solve: Solve, option: str
) -> None:
    solve("raise RuntimeError('the solution ran')")
    for name, said in {
        "absent/out.json": f"there is no folder {project}/absent; make it, or name another file",
        "katas": f"{project}/katas is a folder; name a file in it",
        "pytest.ini/out.json": f"there is no folder {project}/pytest.ini; make it, or name another file",
        "x" * 300: "cannot be written: File name too long; name another file",
    }.items():
        answer = refused("--kata", "scaling", option, name)
        assert f"ERROR: {option}: " in answer
        assert said in answer
    assert not (project / "absent").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is only at hand on Linux")
def test_a_disk_that_is_full_at_the_end_costs_the_file_but_not_the_scorecard(
    pytester: pytest.Pytester, solve: Solve, right: str
) -> None:
    solve(right)
    result = pytester.runpytest_subprocess(*QUIET, "--kata", "scaling", "--kata-json", "/dev/full")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(
        ["*8 / 8 points", "ERROR: --kata-json: /dev/full cannot be written: No space left on device; name another file"]
    )
    assert not [word for word in OURS if word in result.stdout.str() + result.stderr.str()]


@pytest.mark.parametrize(
    ("argument", "advice"),
    [
        ("nonsense", "beside --kata an argument is the id of a check, such as scaling/test_correctness.py"),
        ("scaling/test_edge_case.py", "the id of a check, such as scaling/test_edge_cases.py"),
        ("scaling/test_edge_cases.py::test_nonsense", "the id of a check, such as scaling/test_correctness.py::test_"),
        ("katas/scaling", "the id of a check, such as scaling/test_"),
        ("solutions/scaling.py", "to grade that file, write --kata-solution solutions/scaling.py"),
    ],
)
def test_an_argument_that_names_no_check_is_said(
    refused: Callable[..., str], project: Path, solve: Solve, argument: str, advice: str
) -> None:
    solve(REFERENCE)
    said = refused("--kata", "scaling", "--kata-json", "out.json", argument)
    assert f"ERROR: '{argument}' names no check of " in said
    assert advice in said
    assert not (project / "out.json").exists()


def test_a_wrong_argument_is_said_where_pytest_xdist_runs_the_checks(
    pytester: pytest.Pytester, project: Path, solve: Solve, right: str
) -> None:
    assert (project / "pytest.ini").exists()
    solve(right)
    wrong = "scaling/test_edge_cases.py::test_nonsense"
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-n", "1", "--kata", "scaling", wrong)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines([f"ERROR: '{wrong}' names no check of *"])
    assert not [word for word in OURS if word in result.stdout.str() + result.stderr.str()]


def test_isolation_has_two_values(refused: Callable[..., str]) -> None:
    assert "invalid choice: 'jail'" in refused("--kata", "scaling", "--kata-isolation", "jail")


def test_a_debugger_cannot_look_into_another_process(refused: Callable[..., str]) -> None:
    said = refused("--kata", "scaling", "--pdb", "--kata-isolation", "process")
    assert "ERROR: --pdb and --trace look into the solution, so they need it in this process: leave out" in said


@pytest.mark.parametrize("text", ["[pytest\nx = 1", "no section", "[pytest]\nx = 1\nx = 2"])
def test_a_broken_ini_file_of_the_user_is_named(refused: Callable[..., str], project: Path, text: str) -> None:
    (project / "pytest.ini").write_text(text)
    for more in ((), ("--kata-path", "katas")):
        assert f"ERROR: {project}/pytest.ini:" in refused("--kata", "scaling", *more)


def test_a_folder_in_the_ini_file_that_is_not_there_is_named(refused: Callable[..., str], project: Path) -> None:
    write(project / "pytest.ini", "[pytest]\nkata_paths = more\n")
    said = refused("--kata", "scaling")
    assert f"ERROR: kata_paths: {project}/more does not exist; name a folder that holds kata folders" in said


# One bad kata, or one bad solution, among others


@dataclass(frozen=True)
class Graded:
    """One run over many katas, each wrong in its own way."""

    root: Path
    code: int
    output: str
    cards: dict[str, dict[str, Any]]


def grade_all(root: Path) -> Graded:
    """Grades every kata of the project; anything that is not a sentence fails here."""
    command = [sys.executable, "-m", "pytest", *QUIET, "--kata", "all", "--kata-json", "out.json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert not [word for word in OURS if word in done.stdout + done.stderr]
    data = json.loads((root / "out.json").read_text("utf-8"))
    return Graded(root, done.returncode, done.stdout, {card["kata"]: card for card in data["scorecards"]})


KATAS: dict[str, tuple[str, str | None, str]] = {
    "wrong_type": ("kata.toml", 'format = 1\ntitle = "T"\nround = 3\n', ", line 3: `round` must be one of coding-algo"),
    "typo": ("kata.toml", "format = 1\nminuts = 5\n", ", line 2: unknown field `minuts`; did you mean `minutes`?"),
    "no_toml": ("kata.toml", "format = \n", ", line 1: not valid TOML: Invalid value; mend it there or just above"),
    "no_field": ("kata.toml", "format = 1\n", ": the field `title` is missing; add `title = …` (a line of text)"),
    "no_reference": ("hidden/reference.py", None, ": there is no such file; a kata has a reference that answers it"),
    "no_stub": ("stub.py", None, ": there is no such file; a kata has a stub with the signatures a learner starts"),
    "no_spec": ("spec.md", None, ": there is no such file; a kata has a spec that states the question"),
    "bad_stub": ("stub.py", "def f(:\n", ", line 1: SyntaxError: "),
    "empty_stub": ("stub.py", "", ": declares no public function; the stub is the API that a learner fills in"),
    "bad_check": ("hidden/test_edge_cases.py", "import os\ndef test_(:\n", ", line 2: SyntaxError: "),
    "bad_import": ("hidden/test_edge_cases.py", "import nothing\n", ", line 1: cannot be imported: ModuleNotFoundErr"),
    "bad_reference": ("hidden/reference.py", "def (:\n", ", line 1: SyntaxError: "),
}
"""Name of a kata to what is done to it: a file, its text (None: removed), and what is said of the file."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root = tmp_path_factory.mktemp("katas")
    write(root / "pytest.ini", "[pytest]\n")
    write_kata(root / "katas" / "scaling")
    write(root / "solutions" / "scaling.py", REFERENCE)
    for name, (file, text, _) in KATAS.items():
        folder = write_kata(root / "katas" / name)
        write(root / "solutions" / f"{name}.py", REFERENCE)
        (folder / file).unlink()
        if text is not None:
            (folder / file).write_text(text)
    for path in write_kata(root / "katas" / "no_checks").glob("hidden/test_*.py"):
        path.unlink()
    return grade_all(root)


@pytest.mark.parametrize("name", KATAS)
def test_a_broken_kata_is_shown_with_file_line_and_remedy(broken: Graded, name: str) -> None:
    file, _, said = KATAS[name]
    card = broken.cards[name]
    assert f"{broken.root}/katas/{name}/{file}{said}" in card["broken"]
    assert card["earned"] == 0
    assert all(check["earned"] == 0 for check in card["checks"])
    # A line of the terminal holds some words of it.
    assert f"katas/{name}/{file}" in broken.output.replace("\n", "").replace("┃", "").replace(" ", "")


def test_a_kata_without_checks_is_broken(broken: Graded) -> None:
    said = broken.cards["no_checks"]["broken"]
    assert (
        said == f"{broken.root}/katas/no_checks/hidden: there is no test_*.py; a kata has checks, one file a category"
    )


def test_broken_katas_stop_no_other_and_fail_the_run(broken: Graded) -> None:
    assert broken.code == pytest.ExitCode.TESTS_FAILED
    assert (broken.cards["scaling"]["earned"], broken.cards["scaling"]["broken"]) == (8, None)
    assert {name for name, card in broken.cards.items() if card["broken"]} == {*KATAS, "no_checks"}
    assert broken.output.count("The kata itself is at fault, not your solution") == len(KATAS) + 1
    assert "Interrupted" not in broken.output


SOLUTIONS: dict[str, tuple[bytes, str, str]] = {
    "no_syntax": (b"def double(x:\n    return x\n", "error", "no_syntax.py, line 1: SyntaxError: '(' was never closed"),
    "no_utf8": (b"x = 1\ny = '\xe4'\n", "error", "no_utf8.py, line 2: is not valid utf-8; save it as UTF-8"),
    "null_byte": (
        b"x = 1\n\0\n",
        "error",
        "null_byte.py, line 2: contains a null byte; save it as plain text in UTF-8",
    ),
    "too_large": (
        b"x = 1\n" * 200_000,
        "error",
        "too_large.py: is larger than 200 kB; a solution is a short Python file",
    ),
    "empty": (b"", "not_started", "`double` is not defined in the solution"),
    "only_text": (b'"""Later."""\n', "not_started", "`double` is not defined in the solution"),
    "raises": (b"x = 1\n1 / 0\n", "error", "ZeroDivisionError: division by zero (line 2"),
    "exits": (b"import sys\nsys.exit(0)\n", "error", "SystemExit"),
    "bans": (b"import numpy\nimport sklearn\n", "error", "bans.py, line 2: imports sklearn, which this kata bans"),
}
"""Name of a kata to its solution, the status of its first check, and what is said."""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root = tmp_path_factory.mktemp("solutions")
    write(root / "pytest.ini", "[pytest]\n")
    write_kata(root / "katas" / "scaling")
    write(root / "solutions" / "scaling.py", REFERENCE)
    for name, (content, _, _) in SOLUTIONS.items():
        write_kata(root / "katas" / name)
        (root / "solutions" / f"{name}.py").write_bytes(content)
    write_kata(root / "katas" / "elsewhere")
    (root / "solutions" / "elsewhere.py").symlink_to(root / "katas" / "elsewhere" / "hidden" / "reference.py")
    return grade_all(root)


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_bad_solution_is_the_learner_s_and_is_said(handed_in: Graded, name: str) -> None:
    _, status, said = SOLUTIONS[name]
    card = handed_in.cards[name]
    assert card["broken"] is None
    assert (card["earned"], card["possible"]) == (0, 8)
    first = card["checks"][0]
    assert first["status"] == status
    assert said in first["message"]
    assert {check["status"] for check in card["checks"]} <= {status, "not_started", "blocked"}


def test_a_solution_that_is_a_link_elsewhere_is_refused(handed_in: Graded) -> None:
    said = "elsewhere.py: is a link to a file in another folder; hand in the file itself"
    assert handed_in.cards["elsewhere"]["checks"][0]["message"] == said


def test_bad_solutions_stop_no_other_and_fail_the_run(handed_in: Graded) -> None:
    assert handed_in.code == pytest.ExitCode.TESTS_FAILED
    assert handed_in.cards["scaling"]["earned"] == 8


def test_a_message_that_every_check_has_is_shown_once(handed_in: Graded) -> None:
    assert handed_in.output.count("'(' was never closed") == 1


def test_a_folder_in_the_place_of_the_solution_is_said(run: Run, project: Path) -> None:
    (project / "solutions" / "scaling.py").mkdir(parents=True)
    outcome = run()
    assert outcome.result.ret != 0
    (card,) = outcome.data["scorecards"]
    assert "scaling.py: is a folder; a solution is a Python file of that name" in card["checks"][0]["message"]


def test_a_malformed_kata_stops_no_other_that_is_named(run: Run, project: Path, solve: Solve, right: str) -> None:
    solve(right)
    shutil.copytree(project / "katas" / "scaling", project / "katas" / "other")
    write(project / "katas" / "other" / "kata.toml", "nonsense")
    outcome = run()
    assert outcome.result.ret == 0
    assert "katas/other" not in outcome.result.stdout.str()


def test_a_malformed_kata_is_passed_over_with_a_note_where_a_tag_is_named(
    run: Run, project: Path, solve: Solve, right: str
) -> None:
    solve(right)
    shutil.copytree(project / "katas" / "scaling", project / "katas" / "other")
    write(project / "katas" / "other" / "kata.toml", "nonsense")
    outcome = run(kata="small")
    assert outcome.result.ret == 0
    assert outcome.card["kata"] == "scaling"
    outcome.result.stdout.fnmatch_lines(["note: passed over: *katas/other/kata.toml, at its end: not valid TOML: *"])
