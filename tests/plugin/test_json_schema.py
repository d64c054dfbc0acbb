"""What a run writes is what docs/scorecard.schema.json says, and little else would be."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from scaling import REFERENCE, STUB, Run, Solve, write, write_kata

from pytest_mlkata.model import ROUNDS, Status
from pytest_mlkata.report.json_ import FORMAT

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "scorecard.schema.json").read_text("utf-8"))
FAULTY = """
    def double(x):
        return x[len(x)]

    def mean(x):
        if len(x) == 0:
            return 0.0
        raise NotImplementedError
"""
HALF = """
    def double(x):
        return [2 * each for each in x]
"""


def faults(document: Any) -> list[str]:
    found = Draft202012Validator(SCHEMA).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


# What is written


def test_the_schema_is_a_schema_and_knows_what_the_package_knows() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"] == {**SCHEMA["properties"]["format"], "const": FORMAT}
    assert SCHEMA["$defs"]["status"]["enum"] == list(Status)
    assert SCHEMA["$defs"]["scorecard"]["properties"]["round"]["enum"] == list(ROUNDS)


def test_everything_has_a_description_or_is_described_by_its_name() -> None:
    for definition in ("scorecard", "check"):
        for name, each in SCHEMA["$defs"][definition]["properties"].items():
            described = each.get("description") or SCHEMA["$defs"][each["$ref"].rpartition("/")[2]]["description"]
            assert described.endswith("."), name


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        (REFERENCE, {"passed"}),
        (FAULTY, {"failed", "not_started", "error", "blocked"}),
        (HALF, {"passed", "failed", "not_started"}),
        (STUB, {"not_started"}),
        ("def double(:\n", {"error", "blocked"}),
    ],
    ids=["passing", "failing", "begun", "stub", "no Python"],
)
def test_a_run_writes_what_the_schema_says(run: Run, solve: Solve, text: str, statuses: set[str]) -> None:
    solve(text)
    outcome = run()
    assert faults(outcome.data) == []
    assert set(outcome.statuses.values()) == statuses


def test_so_does_a_run_of_a_part(run: Run, solve: Solve, right: str) -> None:
    solve(right)
    outcome = run("-k", "mean", "--kata-seed", "-3")
    assert faults(outcome.data) == []
    assert set(outcome.statuses.values()) == {"passed", "not_run"}


def test_so_does_an_efficiency_check_that_stays_between_the_limits(run: Run, project: Path, solve: Solve) -> None:
    timing = '''
        from pytest_mlkata.checks import points
        from pytest_mlkata.errors import Inconclusive


        @points(1)
        def test_double_is_fast(solution):
            """double is fast"""
            raise Inconclusive("double takes about 9 times as long")
    '''
    write(project / "katas" / "scaling" / "hidden" / "test_timing.py", timing)
    solve(REFERENCE)
    outcome = run()
    assert faults(outcome.data) == []
    assert set(outcome.statuses.values()) == {"passed", "inconclusive"}


def test_so_does_a_run_with_hints(run: Run, project: Path, solve: Solve) -> None:
    write(project / "katas" / "scaling" / "hints.md", "## double\n\n### Twice?\n\nTwo times.\n")
    solve(FAULTY)
    outcome = run()
    assert outcome.card["hints"] == {"taken": 0, "of": 1}
    assert faults(outcome.data) == []
    elsewhere = run("--kata-solution", str(solve(FAULTY).rename(project / "scaling.py")))
    assert elsewhere.card["hints"] is None
    assert faults(elsewhere.data) == []


def broken_reference(kata: Path) -> None:
    write(kata / "hidden" / "reference.py", REFERENCE.replace("2 *", "3 *"))


def broken_file(kata: Path) -> None:
    write(kata / "hidden" / "test_edge_cases.py", "1 / 0\n")


def broken_stub(kata: Path) -> None:
    write(kata / "stub.py", "x = 1\n")


@pytest.mark.parametrize("spoil", [broken_reference, broken_file, broken_stub])
def test_so_does_a_run_of_a_kata_at_fault(run: Run, project: Path, solve: Solve, spoil: Callable[[Path], None]) -> None:
    spoil(project / "katas" / "scaling")
    solve(FAULTY)
    outcome = run()
    assert outcome.card["broken"]
    assert faults(outcome.data) == []


def test_so_does_a_run_of_several_katas(run: Run, project: Path, solve: Solve, right: str) -> None:
    for name in ("growing", "shrinking"):
        write_kata(project / "katas" / name)
    broken_file(project / "katas" / "growing")
    solve(right)
    outcome = run(kata="scaling,growing,shrinking")
    assert [bool(card["broken"]) for card in outcome.data["scorecards"]] == [False, True, False]
    assert faults(outcome.data) == []


# What is not written

Change = Callable[[dict[str, Any]], object]
_CARD: list[tuple[str, Change]] = [
    ("an unknown key", lambda card: card.update(grade="A")),
    ("a key too few", lambda card: card.pop("broken")),
    ("no name", lambda card: card.update(kata="")),
    ("a title of two lines", lambda card: card.update(title="a\nb")),
    ("a question that there is not", lambda card: card.update(question=13)),
    ("a question by name", lambda card: card.update(question="q1")),
    ("a round that there is not", lambda card: card.update(round="lunch")),
    ("points below zero", lambda card: card.update(earned=-1)),
    ("half a point", lambda card: card.update(possible=7.5)),
    ("nothing to earn", lambda card: card.update(possible=0)),
    ("a seed of text", lambda card: card.update(seed="0")),
    ("seconds below zero", lambda card: card.update(seconds=-0.1)),
    ("a number of hints", lambda card: card.update(hints=1)),
    ("hints taken of nobody knows how many", lambda card: card.update(hints={"taken": 1})),
    ("a hint of none", lambda card: card.update(hints={"taken": 1, "of": 0})),
    ("false for null", lambda card: card.update(broken=False)),
    ("no reason for a fault", lambda card: card.update(broken="")),
    ("points of a kata at fault", lambda card: card.update(broken="the reference fails")),
    ("no checks", lambda card: card.update(checks=[])),
]
_CHECK: list[tuple[str, Change]] = [
    ("an unknown key", lambda check: check.update(hint="Multiply by two.")),
    ("a key too few", lambda check: check.pop("mistake")),
    ("an id without a file", lambda check: check.update(id="test_double_by_hand")),
    ("a category of two words", lambda check: check.update(category="edge cases")),
    ("no function", lambda check: check.update(function="")),
    ("no property", lambda check: check.update(property="")),
    ("a status that there is not", lambda check: check.update(status="skipped")),
    ("a check worth nothing", lambda check: check.update(points=0)),
    ("true for points", lambda check: check.update(earned=True)),
    ("a passed check with a message", lambda check: check.update(message="well done")),
    ("a passed check with a counterexample", lambda check: check.update(counterexample="x = [1]")),
    ("a failed check that earns", lambda check: check.update(status="failed", message="wrong")),
    ("a failed check without a message", lambda check: check.update(status="failed", earned=0)),
    ("a broken check in a sound kata", lambda check: check.update(status="broken", earned=0, message="wrong")),
    ("a mistake without a name", lambda check: check.update(mistake={"id": "ties"})),
    ("a mistake as text", lambda check: check.update(mistake="ties")),
]
_DOCUMENT: list[tuple[str, Change]] = [
    ("an unknown key", lambda document: document.update(total=8)),
    ("no format", lambda document: document.pop("format")),
    ("a later format", lambda document: document.update(format=2)),
    ("an unknown version", lambda document: document["versions"].update(pytest="9.2.0")),
    ("a version too few", lambda document: document["versions"].pop("numpy")),
    ("a version that is none", lambda document: document["versions"].update(python="three")),
    ("one scorecard for a list", lambda document: document.update(scorecards=document["scorecards"][0])),
]


def _first_card(document: dict[str, Any]) -> dict[str, Any]:
    card = document["scorecards"][0]
    assert isinstance(card, dict)
    return card


def _first_check(document: dict[str, Any]) -> dict[str, Any]:
    check = _first_card(document)["checks"][0]
    assert isinstance(check, dict)
    return check


def test_nothing_else_is_let_through(run: Run, solve: Solve, right: str) -> None:
    solve(right)
    document = run().data
    let_through = []
    for where, changes in ((dict, _DOCUMENT), (_first_card, _CARD), (_first_check, _CHECK)):
        for what, change in changes:
            changed = copy.deepcopy(document)
            change(where(changed) if where is not dict else changed)
            let_through += [] if faults(changed) else [f"{where.__name__}: {what}"]
    assert faults(document) == []
    assert let_through == []
