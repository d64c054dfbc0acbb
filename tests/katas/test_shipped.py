"""What every shipped kata keeps to, on every version of Python; that it proves itself, `mlkata check` tells."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from pytest_mlkata.authoring.specimens import read_specimens
from pytest_mlkata.kata.discovery import bundled_folder
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Submission
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

KATAS = sorted(path.parent for path in bundled_folder().glob("*/kata.toml"))
ENOUGH_RIGHT = 6
ENOUGH_WRONG = 15


def test_katas_are_shipped() -> None:
    assert "logistic_regression" in [folder.name for folder in KATAS]


@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_checks_load_nothing_that_takes_long(folder: Path) -> None:
    """SciPy's statistics take longer to load than a kata takes to grade: a check that needs them loads them itself."""
    code = (
        "import importlib, pathlib, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "for path in pathlib.Path(sys.argv[1], 'hidden').glob('test_*.py'):\n"
        "    importlib.import_module(f'hidden.{path.stem}')\n"
        "print(*(name for name in sys.modules if name.partition('.')[0] in ('scipy', 'sklearn', 'pandas', 'torch')))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_a_kata_has_solutions_of_many_kinds(folder: Path) -> None:
    kinds = [specimen.kind for specimen in read_specimens(load_kata(folder))[0]]
    assert kinds.count("right") >= ENOUGH_RIGHT
    assert kinds.count("wrong") >= ENOUGH_WRONG


def lost(kinds: Collection[str], folder: Path, root: Path) -> list[str]:
    """Grade solutions of some kinds in this process; what they lose, and why."""
    kata = load_kata(folder)
    graded = [each for each in read_specimens(kata)[0] if each.kind in kinds]
    assert graded
    gradings = tuple(Grading(folder, Submission(kata.name, each.path, label=each.label)) for each in graded)
    report = grade(RunRequest(gradings, isolation="none", seed=1), root=root)
    return [
        f"{card.label}: {result.check.id}: {result.message}"
        for card in report.scorecards
        for result in card.results
        if not result.status.earns
    ]


@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_the_reference_earns_everything_in_this_process_too(folder: Path, tmp_path: Path) -> None:
    assert lost(["reference"], folder, tmp_path) == []


@pytest.mark.styles
@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_right_solutions_earn_everything_in_this_process_too(folder: Path, tmp_path: Path) -> None:
    assert lost(["right"], folder, tmp_path) == []
