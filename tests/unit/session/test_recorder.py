"""What rides on reports is collected, in any order and from any process, and folded into scorecards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from pytest_mlkata.model import Check, CheckResult, Mistake, Scorecard, Status, Submission
from pytest_mlkata.session.recorder import ATTRIBUTE, Recorder, result_rider
from pytest_mlkata.session.request import Grading, RunRequest

ONE = Check("test_correctness.py::test_rank_one", "correctness", "rank", "one", "", 2)
TWO = Check("test_correctness.py::test_rank_two", "correctness", "rank", "two", "", 3)


@pytest.fixture
def grading(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Grading:
    return Grading(write_ranks(tmp_path), Submission("ranks", tmp_path / "ranks.py"))


@pytest.fixture
def recorder(grading: Grading) -> Recorder:
    return Recorder(RunRequest((grading,), seed=7, notes=("a note",)))


def reported(
    rider: dict[str, Any] | None = None, check: Check = ONE, outcome: Literal["passed", "failed"] = "passed"
) -> pytest.TestReport:
    report = pytest.TestReport(f"ranks/{check.id}", ("", None, ""), {}, outcome, None, "call")
    if rider is not None:
        setattr(report, ATTRIBUTE, json.loads(json.dumps(rider)))
    return report


def found(check: Check, status: Status = Status.PASSED, **rest: Any) -> dict[str, Any]:
    return {"grading": "ranks", "result": result_rider(CheckResult(check, status, **rest))}


def statuses(recorder: Recorder) -> dict[str, str]:
    return {result.check.id: result.status.value for result in the_card(recorder).results}


def the_card(recorder: Recorder) -> Scorecard:
    (card,) = recorder.report().scorecards
    return card


def test_a_result_comes_with_its_report(recorder: Recorder, grading: Grading) -> None:
    recorder.take(reported(found(ONE, message="m", seconds=0.5) | {"declared": [asdict(ONE), asdict(TWO)]}))
    report = recorder.report()
    (card,) = report.scorecards
    assert (card.kata, card.title, card.seed, card.solution) == (
        "ranks",
        "Ranks and spans",
        7,
        str(grading.submission.path),
    )
    assert (card.earned, card.possible, card.broken) == (2, 5, "")
    assert card.results[0] == CheckResult(ONE, Status.PASSED, "m", seconds=0.5)
    assert statuses(recorder) == {ONE.id: "passed", TWO.id: "not_run"}
    assert report.notes == ("a note",)
    assert report.versions.pytest_mlkata


def test_what_belongs_to_no_kata_is_passed_over(recorder: Recorder) -> None:
    recorder.declared("ranks", [ONE])
    recorder.take(reported())
    recorder.take(pytest.CollectReport("test_own.py", "failed", "no", []))
    assert statuses(recorder) == {ONE.id: "not_run"}


def test_denominators_survive_the_journey_home(recorder: Recorder, grading: Grading) -> None:
    recorder.declared("ranks", [ONE, TWO])
    home = Recorder(RunRequest((grading,)))
    home.absorb(json.loads(json.dumps(recorder.export())))
    assert (the_card(home).earned, the_card(home).possible) == (0, 5)
    assert home.known == [f"ranks/{ONE.id}", f"ranks/{TWO.id}"]


def test_a_fault_after_the_call_outweighs_a_pass(recorder: Recorder) -> None:
    recorder.declared("ranks", [ONE])
    recorder.take(reported(found(ONE)))
    recorder.take(reported(found(ONE, Status.BROKEN, message="its teardown fails")))
    recorder.take(reported(found(ONE)))
    card = the_card(recorder)
    assert (card.broken, card.earned) == ("its teardown fails", 0)


def test_of_two_results_the_first_counts(recorder: Recorder) -> None:
    recorder.declared("ranks", [ONE])
    recorder.take(reported(found(ONE, Status.FAILED)))
    recorder.take(reported(found(ONE)))
    assert statuses(recorder) == {ONE.id: "failed"}


TIES = Mistake("ties", "Ties are broken by position", "Look at equal values.")


def diagnosed(mistake: Mistake) -> dict[str, Any]:
    return {"grading": "ranks", "mistakes": {"rank": asdict(mistake)}}


def test_a_mistake_is_named_for_the_checks_of_its_function_that_do_not_hold(recorder: Recorder) -> None:
    slow = replace(ONE, id="test_timing.py::test_rank_is_fast", category="timing")
    recorder.declared("ranks", [ONE, TWO, slow])
    for rider in (found(ONE, Status.FAILED), found(TWO), found(slow, Status.FAILED), diagnosed(TIES)):
        recorder.take(reported(rider))
    assert [result.mistake for result in the_card(recorder).results] == [TIES, None, None]


def test_a_file_that_cannot_be_collected_breaks_the_kata(recorder: Recorder) -> None:
    report = pytest.CollectReport("ranks/test_correctness.py", "failed", "no", [])
    setattr(report, ATTRIBUTE, {"grading": "ranks", "broken": "test_correctness.py: no"})
    recorder.take(report)
    setattr(report, ATTRIBUTE, {"grading": "ranks", "broken": "and more"})
    recorder.take(report)
    assert the_card(recorder).broken == "test_correctness.py: no"


@pytest.mark.parametrize("declared_first", [True, False])
def test_the_death_of_a_judge_is_an_error_of_the_check(recorder: Recorder, *, declared_first: bool) -> None:
    if declared_first:
        recorder.declared("ranks", [ONE, TWO])
    recorder.take(reported(check=TWO, outcome="failed"))
    recorder.declared("ranks", [ONE, TWO])
    card = the_card(recorder)
    assert statuses(recorder) == {ONE.id: "not_run", TWO.id: "error"}
    assert card.results[1].message.startswith("the process that judged this check ended")


def test_where_no_check_became_known_nothing_is_graded(recorder: Recorder) -> None:
    recorder.take(reported(outcome="failed"))
    assert the_card(recorder).broken.startswith("the run ended before its checks were known")


def test_a_malformed_kata_has_a_scorecard_too(recorder: Recorder, grading: Grading) -> None:
    (grading.folder / "kata.toml").write_text("format = 1\n", "utf-8")
    card = the_card(recorder)
    assert (card.kata, card.possible, card.results) == ("ranks", 0, ())
    assert "kata.toml" in card.broken


def test_gradings_of_one_kata_are_kept_apart(grading: Grading) -> None:
    first, second = (Grading(grading.folder, Submission("ranks", Path(f"/{who}.py"), label=who)) for who in ("a", "b"))
    recorder = Recorder(RunRequest((first, second)))
    for each in (first, second):
        recorder.declared(each.name, [ONE])
    recorder.take(reported(found(ONE) | {"grading": "ranks@b"}))
    assert [(card.label, card.earned) for card in recorder.report().scorecards] == [("a", 0), ("b", 2)]


def test_a_rider_is_plain_and_valid_unicode() -> None:
    result = CheckResult(ONE, Status.FAILED, "got \ud800", "x = '\udcff'", "printed \ud800")
    rider = result_rider(result)
    json.dumps(rider, ensure_ascii=False).encode("utf-8")
    assert rider["message"] == r"got \ud800"
    assert type(rider["status"]) is str
