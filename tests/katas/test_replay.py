"""A run that takes kept examples says what a run says that generates them: for every solution of every kata."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.authoring.validator import read_specimens
from pytest_mlkata.kata.discovery import bundled_folder
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Report, Submission
from pytest_mlkata.session.examples import ExampleStore
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

KATAS = sorted(path.parent for path in bundled_folder().glob("*/kata.toml"))


def said(report: Report) -> dict[str, object]:
    """Return what a run says of each check that generates its examples, and of others but those of efficiency."""
    return {
        f"{card.label} {result.check.id}": (result.status, result.message, result.counterexample)
        for card in report.scorecards
        for result in card.results
        if result.check.category not in EFFICIENCY_CATEGORIES
    }


@pytest.mark.proof
@pytest.mark.parametrize("folder", KATAS, ids=lambda path: path.name)
def test_kept_examples_say_what_generated_ones_say(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kata = load_kata(folder)
    gradings = tuple(
        Grading(folder, Submission(kata.name, each.path, label=each.label)) for each in read_specimens(kata)[0]
    )
    request = RunRequest(gradings)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    grade(RunRequest(gradings[:2], shrink=False), root=tmp_path)
    assert any(tmp_path.rglob("*.examples"))
    kept = said(grade(request, root=tmp_path))
    monkeypatch.setattr(ExampleStore, "load", lambda *_: None)
    monkeypatch.setattr(ExampleStore, "save", lambda *_: None)
    assert kept == said(grade(request, root=tmp_path))
