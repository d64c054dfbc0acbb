from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from specimen_files import SPAN, put

from pytest_mlkata.authoring.specimens import read_specimens
from pytest_mlkata.kata.manifest import load_kata


def remarks(ranks: Path, path: Path) -> list[str]:
    """What is said of a file before anything is graded."""
    _, findings = read_specimens(load_kata(ranks))
    assert {finding.path for finding in findings} <= {path}
    return [finding.message for finding in findings]


@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_a_kata_ships_right_and_wrong_solutions(ranks: Path, kind: str) -> None:
    shutil.rmtree(ranks / "hidden" / kind)
    assert remarks(ranks, ranks / "hidden" / kind) == [
        f"there is no solution here; a kata proves itself by {kind} ones"
    ]


def test_a_solution_says_what_it_is(ranks: Path) -> None:
    path = put(ranks, "hidden/right/sorting.py", SPAN)
    assert remarks(ranks, path) == ["has no docstring; its first line names the style or the mistake"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "caught_by = ()",
        "caught_by = 3",
        "caught_by = (1, 2)",
        "caught_by = {'test_a': 1}",
        "caught_by = name",
        "caught_by: tuple[str, ...]",
        "def f():\n    caught_by = ('test_a',)",
    ],
)
def test_a_wrong_solution_names_the_check_that_must_fail(ranks: Path, line: str) -> None:
    path = put(ranks, "hidden/wrong/ties.py", f'"""ties"""\n{line}\n')
    assert remarks(ranks, path) == ['names no check that must fail; add caught_by = ("test_…",)']


@pytest.mark.parametrize(
    "line", ["caught_by = 'test_a'", "caught_by = ['test_a']", "caught_by: tuple[str, ...] = ('test_a',)"]
)
def test_the_checks_can_be_named_in_every_usual_way(ranks: Path, line: str) -> None:
    put(ranks, "hidden/wrong/ties.py", f'"""ties"""\n{line}\n')
    specimens, findings = read_specimens(load_kata(ranks))
    assert findings == ()
    assert specimens[-1].caught_by == ("test_a",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"def f(:\n", "line 1: SyntaxError: "),
        (b"\n\nx = '\xff'\n", "SyntaxError: "),
        (b"x = 1\0", "null bytes"),
        (b"(" * 100_000, ""),
    ],
)
def test_what_is_no_python_is_said_and_not_graded(ranks: Path, content: bytes, said: str) -> None:
    path = ranks / "hidden" / "wrong" / "ties.py"
    path.write_bytes(content)
    specimens, findings = read_specimens(load_kata(ranks))
    assert [specimen.label for specimen in specimens] == ["stub", "reference", "right.sorting"]
    assert [finding.path for finding in findings] == [path]
    assert said in findings[0].message
    assert findings[0].message.endswith("; mend it")
