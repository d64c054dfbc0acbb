"""The example of a project with a kata of its own: what its README says is what happens."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pages import ROOT, read_blocks
from reading import Reader

from pytest_mlkata.authoring.form import form_findings, to_be_written
from pytest_mlkata.kata.manifest import load_kata

EXAMPLE = ROOT / "examples" / "custom_kata"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return the project in another place, as who copies it has it."""
    leftovers = shutil.ignore_patterns("__pycache__", ".*")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "project", ignore=leftovers))


def test_everything_that_the_readme_does_succeeds(copy: Path) -> None:
    reader = Reader(copy)
    said = ""
    for block in read_blocks(copy / "README.md"):
        reader.take(block)
        assert reader.last.status == 0, reader.last.output
        said += reader.last.output
    assert "✓ 8 / 8 points" in said
    assert "made katas/my_kata/kata.toml" in said
    assert "Moving averages" in said.rpartition("next: ")[2]


def test_the_kata_is_in_form_and_complete() -> None:
    kata = load_kata(EXAMPLE / "katas" / "moving_average")
    assert form_findings(kata) == ()
    assert to_be_written(kata) == ()
    assert len(list((kata.hidden / "right").glob("*.py"))) >= 3
    assert len(list((kata.hidden / "wrong").glob("*.py"))) >= 6


def test_the_files_that_the_readme_names_exist() -> None:
    for name in ("katas/moving_average", "solutions/moving_average.py", "pytest.ini"):
        assert f"`{name}" in (EXAMPLE / "README.md").read_text("utf-8")
        assert (EXAMPLE / name).exists()
