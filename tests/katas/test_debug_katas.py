"""The faults of programs to be repaired: a line each, as many as is said, and each seen by a check of its own."""

from __future__ import annotations

import ast
import difflib
import re
from pathlib import Path

import pytest
from references import KATAS

from pytest_mlkata.authoring.specimens import Specimen, read_specimens
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Submission
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

FOLDERS = sorted(path.parent for path in KATAS.glob("debug_*/kata.toml"))
FAULTS = 5
ENOUGH_REPAIRS = 6
ENOUGH_WRONG_REPAIRS = 10


def code(path: Path) -> list[str]:
    """The lines of a program from its first import on: not what a file says of itself."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[next(i for i, line in enumerate(lines) if line.startswith("import ")) :]


def changed(before: Path, after: Path) -> list[tuple[str, str]]:
    """The lines that differ, each with what it became; no line may be there in one of the two only."""
    old, new = code(before), code(after)
    assert len(old) == len(new)
    return [(mine, its) for mine, its in zip(old, new, strict=True) if mine != its]


def only_one_left(folder: Path) -> list[Specimen]:
    return [each for each in read_specimens(load_kata(folder))[0] if each.path.name.startswith("only_")]


def test_katas_of_debugging_are_shipped() -> None:
    assert [folder.name for folder in FOLDERS] == ["debug_logistic_regression", "debug_mlp_backprop"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_five_lines_repair_the_stub(folder: Path) -> None:
    """That the reference earns everything, `mlkata check` tells."""
    assert len(changed(folder / "stub.py", folder / "hidden" / "reference.py")) == FAULTS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_fault_is_left_alone_in_one_program(folder: Path) -> None:
    repaired = folder / "hidden" / "reference.py"
    left = [changed(repaired, each.path) for each in only_one_left(folder)]
    assert [len(lines) for lines in left] == [1] * FAULTS
    of_stub = changed(repaired, folder / "stub.py")
    assert sorted(line for lines in left for line in lines) == sorted(of_stub)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_in_the_stub_points_at_a_fault(folder: Path) -> None:
    source = (folder / "stub.py").read_text(encoding="utf-8")
    assert re.findall(r"(?i)\b(?:faults?|bugs?|mistakes?|fix\w*|careful|hack)\b", source) == []
    # The lines with a fault say no more than others do.
    faulty = changed(folder / "stub.py", folder / "hidden" / "reference.py")
    assert not [line for line, _ in faulty if "#" in line]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_fault_is_seen_by_a_check_that_sees_none_of_the_others(folder: Path, tmp_path: Path) -> None:
    kata, left = load_kata(folder), only_one_left(folder)
    checks = tuple(sorted({check for each in left for check in each.caught_by}))
    gradings = tuple(Grading(folder, Submission(kata.name, each.path, label=each.label), only=checks) for each in left)
    report = grade(RunRequest(gradings, isolation="none", seed=1, shrink=False, diagnose=False), root=tmp_path)
    failed = {
        card.label: {
            result.check.id.partition("::")[2] for result in card.results if result.status in ("failed", "error")
        }
        for card in report.scorecards
    }
    for each in left:
        assert failed[each.label] >= set(each.caught_by)
        others = set().union(*(failed[other.label] for other in left if other is not each))
        assert set(each.caught_by) - others


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_there_are_repairs_of_many_kinds(folder: Path) -> None:
    specimens = read_specimens(load_kata(folder))[0]
    assert sum(each.kind == "right" for each in specimens) >= ENOUGH_REPAIRS
    wrong = [each for each in specimens if each.kind == "wrong" and not each.path.name.startswith("only_")]
    assert len(wrong) >= ENOUGH_WRONG_REPAIRS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_repairs_keep_most_of_the_stub(folder: Path) -> None:
    """By another way of counting than that of the checks: lines that are kept in their order."""
    stub = [line for line in (folder / "stub.py").read_text(encoding="utf-8").splitlines() if line]
    for path in sorted((folder / "hidden").rglob("*.py")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
        blocks = difflib.SequenceMatcher(None, stub, lines, autojunk=False).get_matching_blocks()
        kept = sum(block.size for block in blocks) / len(stub)
        assert (kept >= 0.75) == (path.stem not in ("rewritten", "reformatted")), path


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_stub_has_the_api_of_the_kata_that_lends_its_checks(folder: Path) -> None:
    def signatures(path: Path) -> dict[str, str]:
        functions = [
            node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
        ]
        return {node.name: ast.unparse(node.args) for node in functions if not node.name.startswith("_")}

    lender = KATAS / folder.name.removeprefix("debug_")
    assert signatures(folder / "stub.py") == signatures(lender / "stub.py")
