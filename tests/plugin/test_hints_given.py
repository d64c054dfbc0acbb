"""The hints that a person took stand on the scorecard, and change nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from scaling import Run, Solve, write

HINTS = """
    # Hints

    ## double
    ### Twice?
    Whatever it is, add it to itself.

    ## mean
    ### Of what?
    Add up.
    ### Of how many?
    Divide.
"""
FAULTY = """
    def double(x):
        return 2 * x

    def mean(x):
        return sum(x)
"""


@pytest.fixture(autouse=True)
def _hints(project: Path) -> None:
    write(project / "katas" / "scaling" / "hints.md", HINTS)


@pytest.fixture
def taken(project: Path) -> Path:
    """Notes that two hints were taken; the record."""
    text = '{"format": 1, "katas": {"scaling": {"double": 1, "mean": 1}}}'
    return write(project / "solutions" / ".mlkata" / "hints.json", text)


def test_hints_are_counted_and_offered(run: Run, solve: Solve, taken: Path) -> None:
    solve(FAULTY)
    before = taken.read_bytes()
    outcome = run()
    assert outcome.card["hints"] == {"taken": 2, "of": 3}
    outcome.result.stdout.fnmatch_lines(["*solutions/scaling.py", "hints taken: 2 of 3"])
    outcome.result.stdout.fnmatch_lines(
        ["next: pytest --kata scaling -k test_mean_ -v", "stuck? mlkata hint scaling mean"]
    )
    assert taken.read_bytes() == before


@pytest.mark.usefixtures("taken")
def test_hints_change_no_grade(run: Run, solve: Solve, right: str) -> None:
    solve(right)
    outcome = run()
    assert outcome.result.ret == 0
    assert outcome.points == (8, 8)
    assert outcome.card["hints"] == {"taken": 2, "of": 3}
    outcome.result.stdout.no_fnmatch_line("stuck?*")


def test_none_taken_is_no_line(run: Run, solve: Solve) -> None:
    solve(FAULTY)
    outcome = run()
    assert outcome.card["hints"] == {"taken": 0, "of": 3}
    outcome.result.stdout.no_fnmatch_line("*hints taken*")
    outcome.result.stdout.fnmatch_lines(["stuck? mlkata hint scaling mean"])


@pytest.mark.usefixtures("taken")
def test_the_count_arrives_where_checks_run_in_other_processes(run: Run, solve: Solve) -> None:
    solve(FAULTY)
    outcome = run("-n2", plugins=("xdist",))
    assert outcome.card["hints"] == {"taken": 2, "of": 3}
    outcome.result.stdout.fnmatch_lines(["hints taken: 2 of 3"])


@pytest.mark.usefixtures("taken")
def test_of_a_file_from_elsewhere_nothing_is_counted(run: Run, project: Path) -> None:
    path = write(project / "theirs" / "scaling.py", FAULTY)
    outcome = run("--kata-solution", str(path))
    assert outcome.card["hints"] is None
    assert outcome.points == (4, 8)
    outcome.result.stdout.no_fnmatch_line("*hints taken*")
    outcome.result.stdout.no_fnmatch_line("stuck?*")


def test_where_solutions_are_kept_elsewhere_the_record_is_there(run: Run, project: Path) -> None:
    write(project / "pytest.ini", "[pytest]\nkata_solutions = mine\n")
    write(project / "mine" / "scaling.py", FAULTY)
    write(project / "mine" / ".mlkata" / "hints.json", '{"format": 1, "katas": {"scaling": {"mean": 2}}}')
    outcome = run()
    assert outcome.card["hints"] == {"taken": 2, "of": 3}
    outcome.result.stdout.no_fnmatch_line("stuck?*")


def test_a_record_at_fault_is_a_note_and_no_obstacle(run: Run, solve: Solve, taken: Path, right: str) -> None:
    solve(right)
    write(taken, '{"format": 1,')
    outcome = run()
    assert outcome.result.ret == 0
    assert outcome.points == (8, 8)
    assert outcome.card["hints"] is None
    outcome.result.stdout.fnmatch_lines([f"note: hints are not counted: {taken}, line 1: is not valid JSON: *"])


def test_malformed_hints_are_a_note_and_no_obstacle(run: Run, project: Path, solve: Solve, right: str) -> None:
    solve(right)
    path = write(project / "katas" / "scaling" / "hints.md", "## twice\n### a\nb\n")
    outcome = run()
    assert outcome.points == (8, 8)
    outcome.result.stdout.fnmatch_lines([f"note: hints are not counted: {path}, line 1: there is no function `twice`*"])
