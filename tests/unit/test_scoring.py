from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlkata import scoring
from pytest_mlkata.model import (
    EFFICIENCY_CATEGORIES,
    MINIMAL_CHANGE,
    Changes,
    Check,
    CheckResult,
    Kata,
    Report,
    Scorecard,
    Status,
    Submission,
    Versions,
)
from pytest_mlkata.scoring import Verdict

KATA = Kata("knn", Path("/katas/knn"), "Nearest neighbours", 5, "coding", 30)
SUBMISSION = Submission("knn", Path("/solutions/knn.py"), label="ada")
CATEGORIES = ("correctness", "edge_cases", "vectorization", "timing", "memory", "style", "api")


def check(name: str, category: str = "correctness", function: str = "fit", points: int = 1) -> Check:
    return Check(f"test_{category}.py::test_{name}", category, function, f"{name} holds", "look again", points)


def result(what: Check, status: Status, message: str = "") -> CheckResult:
    return CheckResult(what, status, message)


def graded(*results: CheckResult, missing: tuple[Check, ...] = (), broken: str = "") -> Scorecard:
    checks = [*(one.check for one in results), *missing]
    return scoring.fold(KATA, SUBMISSION, 7, checks, {one.check.id: one for one in results}, broken=broken)


def statuses(card: Scorecard) -> dict[str, Status]:
    return {one.check.id.partition("::test_")[2]: one.status for one in card.results}


def test_the_scorecard_names_what_was_graded() -> None:
    card = graded(result(check("a"), Status.PASSED))
    assert (card.kata, card.title, card.question, card.round) == ("knn", "Nearest neighbours", 5, "coding")
    assert (card.solution, card.is_stub, card.seed, card.label) == ("/solutions/knn.py", False, 7, "ada")


def test_every_check_is_in_the_denominator() -> None:
    card = graded(result(check("a", points=2), Status.PASSED), missing=(check("b", points=3),))
    assert (card.earned, card.possible) == (2, 5)
    assert statuses(card) == {"a": Status.PASSED, "b": Status.NOT_RUN}


def test_the_checks_as_collected_count_not_what_a_result_carries() -> None:
    what = check("a", points=2)
    card = scoring.fold(KATA, SUBMISSION, 0, [what], {what.id: result(replace(what, points=99), Status.PASSED)})
    assert card.earned == 2


def test_a_result_of_an_unknown_check_is_ignored() -> None:
    card = scoring.fold(KATA, SUBMISSION, 0, [], {"x": result(check("x"), Status.PASSED)})
    assert card.results == ()


def test_categories_come_in_their_order_and_checks_as_given() -> None:
    names = [("z", "style"), ("a", "timing"), ("d", "correctness"), ("c", "correctness"), ("b", "api")]
    card = graded(*(result(check(name, category), Status.PASSED) for name, category in names))
    assert list(statuses(card)) == ["d", "c", "a", "b", "z"]
    assert [part.category for part in scoring.by_category(card)] == ["correctness", "timing", "api", "style"]


@pytest.mark.parametrize("wrong", [Status.FAILED, Status.ERROR])
@pytest.mark.parametrize("category", sorted(EFFICIENCY_CATEGORIES))
@pytest.mark.parametrize("status", [Status.PASSED, Status.INCONCLUSIVE, Status.FAILED, Status.ERROR])
def test_efficiency_of_a_wrong_function_is_blocked(wrong: Status, category: str, status: Status) -> None:
    card = graded(
        result(check("fast", category), status, "took long"),
        result(check("right"), wrong),
        result(check("edge", "edge_cases"), Status.NOT_STARTED),
        result(check("fine"), Status.PASSED),
    )
    last = card.results[-1]
    assert (last.status, last.message) == (
        Status.BLOCKED,
        "blocked: fit is not correct yet (2 of its checks do not hold)",
    )
    assert card.earned == 1


def test_the_message_counts_one_check_as_one() -> None:
    card = graded(result(check("right"), Status.FAILED), result(check("fast", "timing"), Status.PASSED))
    assert card.results[-1].message == "blocked: fit is not correct yet (1 of its checks does not hold)"


def test_efficiency_of_another_function_is_not_blocked() -> None:
    card = graded(
        result(check("right", function="fit"), Status.FAILED),
        result(check("fast", "timing", "predict"), Status.PASSED),
    )
    assert statuses(card)["fast"] is Status.PASSED


def test_efficiency_of_a_function_not_begun_is_not_started() -> None:
    card = graded(
        result(check("right"), Status.NOT_STARTED, "`fit` is not defined in the solution"),
        result(check("fine"), Status.PASSED),
        result(check("fast", "timing"), Status.PASSED),
        missing=(check("later"),),
    )
    last = card.results[-1]
    assert (last.status, last.message) == (Status.NOT_STARTED, "`fit` is not defined in the solution")


def test_correctness_that_did_not_run_does_not_block() -> None:
    card = graded(result(check("fast", "timing"), Status.PASSED), missing=(check("right"),))
    assert statuses(card)["fast"] is Status.PASSED


def test_efficiency_that_did_not_run_stays_so() -> None:
    card = graded(result(check("right"), Status.FAILED), missing=(check("fast", "timing"),))
    assert statuses(card)["fast"] is Status.NOT_RUN


def test_slowness_alone_blocks_nothing() -> None:
    card = graded(
        result(check("right"), Status.PASSED),
        result(check("loop", "vectorization"), Status.FAILED),
        result(check("fast", "timing"), Status.PASSED),
    )
    assert statuses(card) == {"right": Status.PASSED, "loop": Status.FAILED, "fast": Status.PASSED}


def test_checks_of_no_function_block_each_other() -> None:
    card = graded(
        result(check("right", function=""), Status.FAILED), result(check("fast", "timing", ""), Status.PASSED)
    )
    assert card.results[-1].message == "blocked: the solution is not correct yet (1 of its checks does not hold)"


def test_one_broken_check_breaks_the_kata() -> None:
    card = graded(
        result(check("a"), Status.PASSED),
        result(check("b", "timing"), Status.BROKEN, "test_timing.py, line 3: the reference raised"),
        result(check("c", "memory"), Status.BROKEN, "another"),
    )
    assert (card.broken, card.earned, card.possible) == ("test_timing.py, line 3: the reference raised", 0, 3)
    assert scoring.verdict(card) is Verdict.BROKEN


def test_a_broken_check_without_a_message_is_named() -> None:
    assert "test_correctness.py::test_a" in graded(result(check("a"), Status.BROKEN)).broken


def test_a_kata_known_to_be_broken_says_that_reason() -> None:
    assert graded(result(check("a"), Status.BROKEN, "b"), broken="does not import").broken == "does not import"


def some_results() -> st.SearchStrategy[list[CheckResult]]:
    one = st.builds(
        lambda category, function, points, status: result(check("", category, function, points), status, status.value),
        st.sampled_from(CATEGORIES),
        st.sampled_from(["fit", "predict", ""]),
        st.integers(0, 3),
        st.sampled_from(Status),
    )
    return st.lists(one, max_size=12).map(
        lambda many: [
            replace(each, check=replace(each.check, id=f"test_{each.check.category}.py::test_{index}"))
            for index, each in enumerate(many)
        ]
    )


@given(results=some_results(), data=st.data())
def test_the_fold_does_not_depend_on_the_order_of_arrival(results: list[CheckResult], data: st.DataObject) -> None:
    checks = [one.check for one in results]
    arrived = [one for one in results if one.status is not Status.NOT_RUN]
    shuffled = data.draw(st.permutations(arrived))
    first = scoring.fold(KATA, SUBMISSION, 0, checks, {one.check.id: one for one in arrived})
    again = scoring.fold(KATA, SUBMISSION, 0, checks, {one.check.id: one for one in shuffled})
    assert first == again


@given(results=some_results())
def test_what_a_scorecard_always_is(results: list[CheckResult]) -> None:
    card = graded(*results)
    before = {one.check.id: one for one in results}
    assert {one.check.id for one in card.results} == set(before)
    assert 0 <= card.earned <= card.possible == sum(one.check.points for one in results)
    assert bool(card.broken) == any(one.status is Status.BROKEN for one in results)
    for one in card.results:
        was = before[one.check.id]
        assert one == was or one.check.category in EFFICIENCY_CATEGORIES
        assert one.earned <= was.earned
    again = scoring.fold(KATA, SUBMISSION, 7, [one.check for one in results], {r.check.id: r for r in card.results})
    assert again.earned == card.earned


@given(results=some_results())
def test_the_parts_add_up_to_the_whole(results: list[CheckResult]) -> None:
    card = graded(*results)
    parts = scoring.by_category(card)
    assert tuple(one for part in parts for one in part.results) == card.results
    assert sum(part.possible for part in parts) == card.possible
    assert card.broken or sum(part.earned for part in parts) == card.earned
    assert sum(scoring.count(card.results).values()) == len(results)


@pytest.mark.parametrize(
    ("earned", "possible", "expected"), [(0, 0, 0), (0, 5, 0), (5, 5, 100), (1, 3, 33), (1, 1000, 1), (999, 1000, 99)]
)
def test_percent_is_full_or_empty_only_when_it_is(earned: int, possible: int, expected: int) -> None:
    assert scoring.percent(earned, possible) == expected


def test_the_total_of_a_run_leaves_broken_katas_out() -> None:
    sound = graded(result(check("a", points=2), Status.PASSED), result(check("b"), Status.FAILED))
    report = Report((sound, graded(result(check("a"), Status.BROKEN))), Versions("0", "3", "2", "6"))
    assert scoring.totals(report.scorecards) == (2, 3)


SOME, NONE = (Changes(9, 10, "+x", is_none=False), Changes(10, 10, "", is_none=True))


def repaired(changes: Changes, *results: CheckResult) -> dict[str, Status]:
    checks = [each.check for each in results]
    found = {each.check.id: each for each in results}
    return statuses(scoring.fold(KATA, SUBMISSION, 0, checks, found, changes=changes))


def test_nothing_is_earned_by_a_program_as_it_came() -> None:
    whole = result(check("whole", MINIMAL_CHANGE), Status.PASSED)
    holds, fails = result(check("a"), Status.PASSED), result(check("b"), Status.FAILED)
    assert set(repaired(NONE, holds, fails, whole).values()) == {Status.NOT_STARTED, Status.FAILED}
    assert set(repaired(NONE, holds, whole).values()) == {Status.NOT_STARTED}
    assert set(repaired(SOME, holds, whole).values()) == {Status.PASSED}


@pytest.mark.parametrize("status", [Status.FAILED, Status.ERROR, Status.NOT_STARTED])
def test_that_little_was_changed_counts_once_all_is_right(status: Status) -> None:
    whole = check("whole", MINIMAL_CHANGE)
    found = repaired(SOME, result(check("a"), Status.PASSED), result(check("b"), status), result(whole, Status.PASSED))
    assert found["whole"] is Status.BLOCKED
    found = repaired(SOME, result(check("a"), Status.PASSED), result(whole, Status.FAILED))
    assert found["whole"] is Status.FAILED


def asking(kata: str, question: int | None, round_: str) -> Scorecard:
    return replace(graded(result(check("a"), Status.PASSED)), kata=kata, question=question, round=round_)


def test_katas_are_grouped_by_question_and_by_round() -> None:
    tip, ten, two, also_ten = cards = (
        asking("tip", None, "ml-coding"),
        asking("ten", 10, "coding-algorithms"),
        asking("two", 2, "ml-coding"),
        asking("also_ten", 10, "applied-ml"),
    )
    assert list(scoring.by_question(cards).items()) == [(2, (two,)), (10, (also_ten, ten)), (None, (tip,))]
    assert list(scoring.by_round(cards).items()) == [
        ("coding-algorithms", (ten,)),
        ("ml-coding", (tip, two)),
        ("applied-ml", (also_ten,)),
    ]
    assert scoring.by_round((replace(ten, round=""),)) == {}
    assert scoring.is_survey(cards)
    assert not scoring.is_survey((two, replace(ten, kata="two"))), "one kata twice"
    assert not scoring.is_survey((ten, replace(ten, kata="other"))), "of one question and round"


def test_verdicts() -> None:
    holds, stub = result(check("a"), Status.PASSED), result(check("b"), Status.NOT_STARTED)
    assert scoring.verdict(graded(holds, result(check("b"), Status.INCONCLUSIVE))) is Verdict.SOLVED
    assert scoring.verdict(graded(holds, stub)) is Verdict.UNSOLVED
    assert scoring.verdict(graded(holds, missing=(check("b"),))) is Verdict.UNSOLVED
    assert scoring.verdict(graded(stub, missing=(check("c"),))) is Verdict.NOT_STARTED
    assert scoring.verdict(replace(graded(result(check("b"), Status.FAILED)), is_stub=True)) is Verdict.NOT_STARTED
    assert scoring.verdict(graded()) is Verdict.UNSOLVED


def test_category_titles_read_as_words() -> None:
    assert scoring.by_category(graded(result(check("a", "edge_cases"), Status.PASSED)))[0].title == "edge cases"
