"""What can be asked for, and where katas and solutions are looked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scaling import Run, Solve, write, write_kata

from pytest_mlkata.kata.discovery import discover
from pytest_mlkata.model import ROUNDS

SHIPPED = list(discover().folders)
QUIET = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:pytest_cov")
LATER = "def double(x):\n    return 2 * x\n\ndef mean(x):\n    return 0\n"


def root_of(result: pytest.RunResult) -> str:
    (line,) = [line for line in result.stdout.lines if line.startswith("rootdir: ")]
    return line.removeprefix("rootdir: ")


# Where katas are


@pytest.mark.parametrize("name", ["scaling", "Scaling", "q12", "small", "SCALING,small", "scaling,q12"])
def test_a_kata_has_several_names(run: Run, solve: Solve, right: str, name: str) -> None:
    solve(right)
    assert run(kata=name).points == (8, 8)


WATCH = """
    import sys

    def watch(event, arguments):
        if event == "open" and str(arguments[0]).endswith("kata.toml"):
            with open("opened.txt", "a") as file:
                file.write(f"{arguments[0]}\\n")

    sys.addaudithook(watch)
"""


def test_of_other_katas_no_manifest_is_opened(
    run: Run, project: Path, solve: Solve, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        write(project / "katas" / f"other_{number}" / "kata.toml", "this is no manifest")
    write(project / "watching.py", WATCH)
    monkeypatch.setenv("PYTHONPATH", str(project))
    solve(right)
    assert run("-p", "watching", apart=True).points == (8, 8)
    opened = {Path(line) for line in (project / "opened.txt").read_text().splitlines()}
    # Shipped ones that come in an archive are looked over as files.
    assert {path for path in opened if path.is_relative_to(project)} == {project / "katas" / "scaling" / "kata.toml"}


def test_the_ini_file_names_folders_of_katas(run: Run, project: Path, solve: Solve, right: str) -> None:
    (project / "katas").rename(project / "exercises")
    write(project / "pytest.ini", "[pytest]\nkata_paths = exercises\n")
    solve(right)
    assert run().points == (8, 8)


def test_a_folder_of_katas_can_be_named(
    run: Run, project: Path, solve: Solve, right: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write(elsewhere / "pytest.ini", "[pytest]\nkata_solutions = nowhere\n")
    shutil.move(project / "katas", elsewhere)
    solve(right)
    for folder in (elsewhere / "katas", elsewhere / "katas" / "scaling"):
        outcome = run("--kata-path", str(folder))
        assert outcome.points == (8, 8)
        assert root_of(outcome.result) == str(project)


def test_a_kata_found_twice_is_the_nearer_one_and_it_is_said(run: Run, project: Path, solve: Solve, right: str) -> None:
    other = write_kata(project / "more" / "scaling")
    write(other / "kata.toml", (other / "kata.toml").read_text().replace("Scaling numbers", "The nearer one"))
    solve(right)
    outcome = run("--kata-path", "more")
    assert outcome.card["title"] == "The nearer one"
    said = " ".join(outcome.result.stdout.str().split())
    assert "note: kata scaling was found more than once: " in said
    assert run().card["title"] == "Scaling numbers"


def test_the_shipped_kata_is_found_from_any_project(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*QUIET, "--kata", "logistic_regression", "--collect-only", "-q")
    assert result.ret == 0
    assert any(line.startswith("logistic_regression/test_correctness.py::test_") for line in result.stdout.lines)


def test_a_plain_run_collects_no_kata(pytester: pytest.Pytester, project: Path, solve: Solve) -> None:
    solve("raise RuntimeError('the solution was imported')")
    write(project / "katas" / "scaling" / "test_outside.py", "raise RuntimeError('the kata was imported')")
    write(project / "tests" / "test_own.py", "def test_own(): pass\n")
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=1)
    assert pytester.runpytest_subprocess(*QUIET, "katas").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert pytester.runpytest_subprocess(*QUIET, "katas/scaling").ret == pytest.ExitCode.NO_TESTS_COLLECTED


# Where solutions are


def test_the_ini_file_names_the_folder_of_solutions(run: Run, project: Path, right: str) -> None:
    write(project / "pytest.ini", "[pytest]\nkata_solutions = my answers\n")
    path = write(project / "my answers" / "scaling.py", right)
    outcome = run()
    assert outcome.points == (8, 8)
    assert outcome.card["solution"] == str(path)


def test_a_setting_can_be_given_on_the_command_line_whatever_else_is(run: Run, project: Path, right: str) -> None:
    path = write(project / "answers" / "scaling.py", right)
    for more in ((), ("--kata-path", "katas"), ("scaling",)):
        assert run("-o", "kata_solutions=answers", *more).card["solution"] == str(path)


@pytest.mark.parametrize("file", ["scaling.py", "my attempt.py"])
def test_a_solution_elsewhere_does_not_move_the_project(
    run: Run, project: Path, right: str, tmp_path_factory: pytest.TempPathFactory, file: str
) -> None:
    write(project / "solutions" / "scaling.py", LATER)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write(elsewhere / "pytest.ini", "[pytest]\nkata_paths = nowhere\n")
    path = write(elsewhere / "answers" / file, right)
    for named in [path, path.parent] if file == "scaling.py" else [path]:
        outcome = run("--kata-solution", str(named))
        assert outcome.points == (8, 8)
        assert outcome.card["solution"] == str(path)
        assert root_of(outcome.result) == str(project)
    assert sorted(each.name for each in elsewhere.rglob("*")) == sorted(["pytest.ini", "answers", file])


def test_the_project_is_found_from_a_folder_in_it(
    pytester: pytest.Pytester, project: Path, solve: Solve, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(right)
    (project / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(project / "deep" / "down")
    result = pytester.runpytest_subprocess(*QUIET, "--kata", "scaling", "--kata-json", "out.json")
    assert result.ret == 0
    assert root_of(result) == str(project)
    assert (project / "deep" / "down" / "out.json").is_file()


def test_a_folder_that_is_called_like_the_kata_does_not_become_the_project(
    run: Run, project: Path, solve: Solve, right: str
) -> None:
    write(project / "scaling" / "pytest.ini", "[pytest]\nkata_solutions = nowhere\n")
    solve(right)
    outcome = run()
    assert outcome.points == (8, 8)
    assert root_of(outcome.result) == str(project)


def test_where_nothing_is_handed_in_the_scorecard_says_how_to_begin(run: Run) -> None:
    outcome = run()
    assert outcome.result.ret == pytest.ExitCode.TESTS_FAILED
    assert outcome.points == (0, 8)
    assert set(outcome.statuses.values()) == {"not_started"}
    said = " ".join(outcome.result.stdout.str().split())
    assert "nothing handed in yet: `mlkata start scaling` puts solutions/scaling.py in place" in said


def test_what_mlkata_start_puts_in_place_is_graded_as_begun(run: Run, project: Path, solve: Solve) -> None:
    solve((project / "katas" / "scaling" / "stub.py").read_text())
    outcome = run()
    assert outcome.points == (0, 8)
    assert outcome.card["solution"] == str(project / "solutions" / "scaling.py")
    assert "nothing handed in" not in outcome.result.stdout.str()


def test_a_run_leaves_its_cache_in_the_project_and_nothing_else(run: Run, project: Path, solve: Solve) -> None:
    solve(LATER)

    def files() -> set[Path]:
        found = {path.relative_to(project) for path in project.rglob("*") if path.is_file()}
        return {path for path in found if path.parent.name != "__pycache__" and not path.parts[0].startswith("runpyt")}

    before = files()
    run()
    left = {path for path in files() - before if path.parts[:2] != (".pytest_cache", "mlkata")}
    assert left <= {Path("out.json"), Path("stdout"), Path("stderr")}
    assert not (project / "solutions" / "__pycache__").exists()


# Several katas, and parts of one


def test_every_kata_has_its_scorecard_and_there_is_a_total(run: Run, project: Path, solve: Solve, right: str) -> None:
    folder = write_kata(project / "katas" / "later")
    write(folder / "kata.toml", (folder / "kata.toml").read_text().replace("Scaling numbers", "The same, later"))
    write(project / "solutions" / "later.py", LATER)
    solve(right)
    outcome = run(kata="all")
    cards = {card["kata"]: card for card in outcome.data["scorecards"]}
    assert list(cards) == sorted(["later", "scaling", *SHIPPED])
    assert {name: card["earned"] for name, card in cards.items()} == {
        **dict.fromkeys(SHIPPED, 0),
        "later": 4,
        "scaling": 8,
    }
    possible = sum(card["possible"] for card in cards.values())
    lines = outcome.result.stdout.lines
    assert len([line for line in lines if line.startswith("The same, later · question 12")]) == 1
    assert len([line for line in lines if line.startswith("Scaling numbers · question 12")]) == 1
    sums = {
        "q12  later ": " 4 / 8",
        "q12  scaling ": " 8 / 8",
        "q12  all 2 ": " 12 / 16",
        "total ": f" 12 / {possible}",
    }
    for begin, points in sums.items():
        (line,) = [line for line in lines if line.startswith(begin) and " / " in line]
        assert points in line
    (line,) = [line for line in lines if line.startswith("q1   logistic_regression ")]
    assert line.endswith("nothing handed in")
    rounds = [card["round"] for card in cards.values()]
    assert [line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in rounds] == [
        name for name in ROUNDS if name in rounds
    ]


def test_an_argument_chooses_checks_and_the_whole_kata_still_counts(run: Run, solve: Solve, right: str) -> None:
    solve(right)
    outcome = run("scaling/test_edge_cases.py", "scaling/test_correctness.py::test_double_by_hand")
    assert outcome.result.ret == 0
    assert outcome.points == (3, 8)
    assert sorted(name for name, status in outcome.statuses.items() if status == "passed") == [
        "test_double_by_hand",
        "test_mean_of_nothing",
    ]
    assert run("--", "scaling/test_edge_cases.py").points == (1, 8)
    assert run("scaling").points == (8, 8)


def test_a_selection_that_fits_nothing_runs_nothing(run: Run, solve: Solve, right: str) -> None:
    solve(right)
    outcome = run("-k", "nonsense")
    assert outcome.result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert outcome.points == (0, 8)
    assert set(outcome.statuses.values()) == {"not_run"}
