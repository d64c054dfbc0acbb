"""Katas whose stub is a program with faults, and whose checks are those of another kata."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from scaling import Run, write, write_kata

from pytest_mlkata.authoring.validator import validate

REPAIRED = '''\
"""Scale numbers."""

import numpy as np


def double(x):
    """Twice every element of x (n,)."""
    x = np.asarray(x)
    factor = 2
    return factor * x


def mean(x):
    """Return the mean of x (n,); ValueError where there is none."""
    x = np.asarray(x)
    if len(x) == 0:
        raise ValueError("no numbers")
    total = np.sum(x)
    return total / len(x)
'''
THREEFOLD = REPAIRED.replace("factor = 2", "factor = 3")
LENIENT = REPAIRED.replace('raise ValueError("no numbers")', "return 0.0")
STUB = THREEFOLD.replace('raise ValueError("no numbers")', "return 0.0")
SHORT = "import numpy as np\n\n\ndef double(x):\n    return np.add(x, x)\n\n\n" + dedent("""
    def mean(x):
        if not len(x):
            raise ValueError
        return np.mean(x)
""")
KATA = """
    format = 1
    title = "Mend the scaling"
    round = "ml-coding"
    minutes = 5
    checks_of = "scaling"
    faults = 2
"""
SPEC = """
    # Mend the scaling

    "Something is wrong with this."

    ## What to write

    `double` and `mean`, as they are described.

    ## An example

    `double([1])` is `[2]`.

    ## What the interviewer listens for

    - You find it.

    ## Follow-ups

    1. And now?
"""
HINTS = "## double\n\n### Look\n\nBy hand.\n\n## mean\n\n### Look\n\nOf nothing.\n"


def mistake(name: str, caught_by: str, source: str) -> str:
    return f'"""{name}\n\nLook again.\n"""\n\ncaught_by = ("{caught_by}",)\n\n{source}'


@pytest.fixture
def mending(project: Path) -> Path:
    """The kata `mending` beside `scaling`."""
    folder = project / "katas" / "mending"
    for name, text in {
        "kata.toml": KATA,
        "spec.md": SPEC,
        "stub.py": STUB,
        "hints.md": HINTS,
        "hidden/reference.py": REPAIRED,
        "hidden/right/numpy.py": '"""With np.mean"""\n\n' + REPAIRED.replace("np.sum(x)", "np.mean(x) * len(x)"),
        "hidden/wrong/only_threefold.py": mistake("three times", "test_double_by_hand", THREEFOLD),
        "hidden/wrong/only_lenient.py": mistake("nothing is nought", "test_mean_of_nothing", LENIENT),
        "hidden/wrong/anew.py": mistake("written anew", "test_most_of_the_program_is_kept", SHORT),
    }.items():
        write(folder / name, text)
    return folder


def hand_in(project: Path, source: str) -> None:
    write(project / "solutions" / "mending.py", source)


@pytest.mark.usefixtures("mending")
def test_a_repaired_program_earns_everything(project: Path, run: Run) -> None:
    hand_in(project, REPAIRED)
    outcome = run(kata="mending")
    assert outcome.points == (11, 11)
    assert outcome.card["changes"]["kept"] == outcome.card["changes"]["of"] - 2
    outcome.result.stdout.fnmatch_lines(
        ["*your changes * lines of the program are kept", "*-    factor = 3", "*+    factor = 2"]
    )


@pytest.mark.usefixtures("mending")
def test_a_program_as_it_came_earns_nothing(project: Path, run: Run) -> None:
    hand_in(project, STUB + "# mine\n")
    outcome = run(kata="mending")
    assert outcome.points == (0, 11)
    assert outcome.statuses["test_double_by_hand"] == "failed"
    assert outcome.statuses["test_mean_of_any_numbers"] == "not_started"
    assert outcome.statuses["test_most_of_the_program_is_kept"] == "not_started"


@pytest.mark.usefixtures("mending")
def test_one_repair_of_two(project: Path, run: Run) -> None:
    hand_in(project, LENIENT)
    outcome = run(kata="mending")
    failing = {name for name, status in outcome.statuses.items() if status == "failed"}
    assert failing == {"test_mean_of_nothing"}
    assert outcome.statuses["test_most_of_the_program_is_kept"] == "blocked"


@pytest.mark.usefixtures("mending")
def test_a_program_that_is_written_anew(project: Path, run: Run) -> None:
    hand_in(project, SHORT)
    outcome = run(kata="mending")
    assert outcome.points == (8, 11)
    assert (
        "3 of the 14 lines of the program are kept, at least 70% must be"
        in outcome.messages["test_most_of_the_program_is_kept"]
    )


@pytest.mark.usefixtures("mending")
def test_what_cannot_be_loaded_has_no_changes(project: Path, run: Run) -> None:
    hand_in(project, "def double(:\n")
    outcome = run(kata="mending")
    assert outcome.points == (0, 11)
    assert outcome.card["changes"] is None


def test_nothing_handed_in(mending: Path, run: Run) -> None:
    outcome = run(kata="mending,scaling")
    first = outcome.data["scorecards"][0]
    assert (first["kata"], first["earned"]) == (mending.name, 0)


def test_the_other_kata_must_be_there(mending: Path, run: Run) -> None:
    write(mending / "kata.toml", KATA.replace("scaling", "scalin"))
    assert "`checks_of` names 'scalin'" in run(kata="mending").card["broken"]


def test_the_kata_is_proved(mending: Path) -> None:
    validation = validate(mending, once=True)
    # So small a kata leaves mutants that its checks do not see.
    assert {proof.name for proof in validation.proofs if not proof.holds} <= {"mutants"}
    results = {proof.name: proof.result for proof in validation.proofs}
    assert results["stub"] == "earns 0 of 11 points"
    assert results["faults"] == "2 of 2 are told from each other by a check of their own"


def test_a_fault_that_is_not_planted_or_not_seen_alone(mending: Path) -> None:
    write(mending / "stub.py", THREEFOLD)
    write(
        mending / "hidden/wrong/only_fourfold.py", mistake("four", "test_double_by_hand", THREEFOLD.replace("3", "4"))
    )
    found = {
        (finding.path.name, finding.message.partition(";")[0])
        for proof in validate(mending, once=True).proofs
        if proof.name == "faults"
        for finding in proof.findings
    }
    assert found == {
        ("wrong", "holds 3 files only_*.py, but kata.toml says that the stub has 2 faults"),
        ("only_lenient.py", "fails no check that the stub fails, too"),
        ("only_threefold.py", "fails no check that the other faults pass when each is left alone"),
        ("only_fourfold.py", "fails no check that the other faults pass when each is left alone"),
    }


def test_a_kata_of_its_own_checks_is_left_alone(project: Path, run: Run, right: str) -> None:
    write_kata(project / "katas" / "scaling")
    write(project / "solutions" / "scaling.py", right)
    outcome = run()
    assert outcome.card["changes"] is None
    assert "minimal_change" not in json.dumps(outcome.data)
