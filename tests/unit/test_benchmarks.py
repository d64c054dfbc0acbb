"""Benchmarks are run by hand; what they are made of must not break meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "benchmarks"


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )


def test_every_one_can_be_loaded() -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.py"))
    assert "all" in names
    done = run(f"import {', '.join(names)}")
    assert (done.returncode, done.stderr) == (0, "")


def test_checks_hold_for_a_right_solution_without_the_grader_and_not_for_a_wrong_one(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "import bare_project, whole_runs\n"
        "for name, (solution, code) in whole_runs.SOLUTIONS.items():\n"
        "    bare_project.case(bare_project.make(pathlib.Path(sys.argv[1], name), solution), code).run()\n"
    )
    done = run(code, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
