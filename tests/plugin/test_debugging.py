"""A debugger reaches into the solution, and a person can leave it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from scaling import Outcome, Run, Solve

CRASHING = """
    def double(x):
        return [2 * each for each in x]

    def mean(x):
        secret = 4242
        return secret / (secret - 4242)
"""
STOPPING = """
    def double(x):
        twice = [2 * each for each in x]
        breakpoint()
        return twice

    def mean(x):
        return 0.0
"""
WRONG_FOR_SOME = """
    CALLS = []

    def double(x):
        return 2 * x

    def mean(x):
        CALLS.append(list(map(int, x)))
        if len(CALLS) > 20:
            raise RuntimeError(str(CALLS))
        return sum(x) / len(x)
"""


@dataclass(frozen=True)
class Session:
    """What a run with a person at the keyboard printed, and how it ended."""

    printed: str
    code: int

    def __contains__(self, text: str) -> bool:
        return text in self.printed


Debug = Callable[..., Session]


@pytest.fixture
def debug(project: Path) -> Debug:
    """Grades while `typed` is typed, line by line."""

    def run(typed: str, *arguments: str) -> Session:
        command = [sys.executable, "-m", "pytest", "--kata", "scaling", "-p", "no:randomly", "-p", "no:xdist"]
        done = subprocess.run(
            [*command, *arguments],
            cwd=project,
            input=typed.replace(" ", "\n").replace("_", " ") + "\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return Session(done.stdout, done.returncode)

    return run


def test_pdb_lands_where_the_solution_raised(debug: Debug, solve: Solve) -> None:
    solve(CRASHING)
    session = debug("p_secret+1 c q", "--pdb")
    assert "solutions run in this process" in session
    assert "> <solution>(7)mean()\n-> return secret / (secret - 4242)\n(Pdb) 4243\n" in session
    assert session.printed.count("PDB post_mortem") == 2, "after the first failure comes the next"
    assert "Quitting debugger" in session
    assert "2 / 8 points" in session
    assert "not run: double (1 check)" in session
    assert session.code == pytest.ExitCode.INTERRUPTED


def test_pdb_lets_a_run_without_failures_pass(debug: Debug, solve: Solve, right: str) -> None:
    solve(right)
    session = debug("", "--pdb")
    assert (session.code, "(Pdb)" in session, "8 / 8 points" in session) == (0, False, True)


def test_trace_stops_at_the_start_of_every_check_and_changes_nothing(
    debug: Debug, solve: Solve, run: Run, project: Path
) -> None:
    solve(WRONG_FOR_SOME)
    session = debug("c c c c", "--trace", "--kata-json=traced.json")
    assert session.printed.count("PDB runcall") == 4
    assert "test_mean_of_nothing()\n" in session
    assert session.code == 1
    plain = run()
    traced = Outcome(plain.result, json.loads((project / "traced.json").read_text("utf-8")))
    assert [check["counterexample"] for check in traced.card["checks"]] == [
        check["counterexample"] for check in plain.card["checks"]
    ]
    assert traced.messages == plain.messages


def test_a_breakpoint_stops_in_the_solution(debug: Debug, solve: Solve) -> None:
    solve(STOPPING)
    once = ("--kata-isolation=none", "-k", "double_by_hand")
    session = debug("p_len(x)+40 c", *once)
    # From Python 3.13 on it stops at the breakpoint itself, else after it.
    assert re.search(r"> <solution>\([45]\)double\(\)\n-> .+\n\(Pdb\) 42\n", session.printed)
    assert (session.code, "2 / 8 points" in session) == (0, True)
    left = debug("q", "--kata-isolation=none")
    assert left.code == pytest.ExitCode.INTERRUPTED
    assert "0 / 8 points" in left
    assert "Traceback" not in left


def test_a_breakpoint_in_a_process_of_its_own_is_an_error(run: Run, solve: Solve) -> None:
    solve(STOPPING)
    outcome = run()
    assert outcome.statuses["test_double_by_hand"] == "error"
    assert "add --kata-isolation=none (line " in outcome.messages["test_double_by_hand"]


@pytest.mark.parametrize("option", ["--pdb", "--trace"])
def test_a_debugger_cannot_look_into_another_process(run: Run, solve: Solve, right: str, option: str) -> None:
    solve(right)
    outcome = run(option, "--kata-isolation=process")
    assert outcome.result.ret == pytest.ExitCode.USAGE_ERROR
    advice = "so they need it in this process: leave out --kata-isolation=process"
    assert f"ERROR: --pdb and --trace look into the solution, {advice}" in outcome.result.errlines
    assert outcome.data == {}
