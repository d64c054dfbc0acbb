"""Every shipped kata proves itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mlkata.authoring.validator import Validation, read_specimens, validate
from pytest_mlkata.kata.discovery import bundled_folder
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Submission
from pytest_mlkata.session import execution
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

KATAS = sorted(path.parent for path in bundled_folder().glob("*/kata.toml"))
ENOUGH_RIGHT = 6
ENOUGH_WRONG = 15


def said(validation: Validation) -> dict[str, object]:
    """Return what every check says of every solution, but for those of efficiency, which generate no examples."""
    return {
        f"{judgement.specimen.label} {result.check.id}": (result.status, result.message, result.counterexample)
        for judgement in validation.judgements
        for result in judgement.scorecard.results
        if result.check.category not in EFFICIENCY_CATEGORIES
    }


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


@pytest.mark.proof
@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_a_kata_tells_right_from_wrong_with_kept_examples_and_without(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    validation = validate(folder)
    assert any(tmp_path.rglob("*.examples"))
    assert [f"{finding.path.name}: {finding.message}" for finding in validation.all_findings] == []
    kinds = [judgement.specimen.kind for judgement in validation.judgements]
    assert kinds.count("right") >= ENOUGH_RIGHT
    assert kinds.count("wrong") >= ENOUGH_WRONG
    # The stub came first and had the examples kept. Now as if there were no such thing.
    monkeypatch.setattr(execution, "ExampleStore", lambda *_: None)
    assert said(validate(folder)) == said(validation)


@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_right_solutions_earn_everything_in_this_process_too(folder: Path, tmp_path: Path) -> None:
    kata = load_kata(folder)
    entitled = [each for each in read_specimens(kata)[0] if each.kind in ("reference", "right")]
    gradings = tuple(Grading(folder, Submission(kata.name, each.path, label=each.label)) for each in entitled)
    report = grade(RunRequest(gradings, isolation="none", seed=1), root=tmp_path)
    lost = [
        f"{card.label}: {result.check.id}: {result.message}"
        for card in report.scorecards
        for result in card.results
        if not result.status.earns
    ]
    assert lost == []
