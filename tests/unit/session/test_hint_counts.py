"""Hints are counted for the project's own solutions, and whatever is wrong with the count, grading goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mlkata.kata.hint_log import HintLog
from pytest_mlkata.model import HintCount
from pytest_mlkata.session.hint_counts import with_hint_counts
from pytest_mlkata.session.request import Grading
from pytest_mlkata.solution.locate import locate

HINTS = "## rank\n### Why?\nBecause.\n### How?\nSo.\n## span\n### Ends\nLook.\n"


@pytest.fixture
def ranks(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Path:
    folder = write_ranks(tmp_path)
    (folder / "hints.md").write_text(HINTS)
    return folder


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    folder = tmp_path / "solutions"
    folder.mkdir()
    (folder / "ranks.py").touch()
    return folder


def counted(kata: Path, solutions: Path, given: Path | None = None) -> HintCount | None:
    (grading,), faults = with_hint_counts([Grading(kata, locate(kata, given, solutions))], solutions)
    assert faults == ()
    assert grading.submission == locate(kata, given, solutions)
    return grading.hints


def test_what_was_taken_is_counted(ranks: Path, solutions: Path) -> None:
    assert counted(ranks, solutions) == HintCount(0, 3, ("rank", "span"))
    HintLog(solutions).note("ranks", "rank", 1)
    HintLog(solutions).note("ranks", "span", 1)
    HintLog(solutions).note("other", "rank", 2)
    assert counted(ranks, solutions) == HintCount(2, 3, ("rank",))
    assert counted(ranks, solutions, given=solutions) == HintCount(2, 3, ("rank",))


def test_a_link_to_the_solution_is_the_solution(ranks: Path, solutions: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(solutions)
    assert counted(ranks, tmp_path / "linked", given=solutions / "ranks.py") == HintCount(0, 3, ("rank", "span"))


def test_nothing_is_counted_of_a_file_from_elsewhere_or_of_the_stub(
    ranks: Path, solutions: Path, tmp_path: Path
) -> None:
    HintLog(solutions).note("ranks", "rank", 1)
    stranger = tmp_path / "elsewhere" / "ranks.py"
    stranger.parent.mkdir()
    stranger.touch()
    assert counted(ranks, solutions, given=stranger) is None
    (solutions / "ranks.py").unlink()
    assert counted(ranks, solutions) is None


def test_a_kata_without_hints_has_none_to_count(ranks: Path, solutions: Path) -> None:
    (ranks / "hints.md").unlink()
    assert counted(ranks, solutions) == HintCount(0, 0)


@pytest.mark.parametrize("name", ["hints.md", "hints.json"])
def test_what_cannot_be_counted_is_said_once_and_graded_all_the_same(ranks: Path, solutions: Path, name: str) -> None:
    HintLog(solutions).note("ranks", "rank", 1)
    path = ranks / name if name == "hints.md" else HintLog(solutions).path
    path.write_text("{")
    grading = Grading(ranks, locate(ranks, None, solutions))
    gradings, faults = with_hint_counts([grading, grading], solutions)
    assert gradings == (grading, grading)
    (fault,) = faults
    assert fault.startswith(f"hints are not counted: {path}")
