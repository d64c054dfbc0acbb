from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from validations import card, judged

from pytest_mlkata.authoring.judging import Judgement, Run, few_named, misnamed, some, unsteady, verdicts
from pytest_mlkata.authoring.specimens import Specimen
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Kata, Mistake, Scorecard, Status

PASSED, FAILED, BLOCKED = Status.PASSED, Status.FAILED, Status.BLOCKED
REFERENCE = Specimen(Path("reference.py"), "reference")
RIGHT = Specimen(Path("right/sorting.py"), "right", "sorts")


def wrong(name: str = "ties", *caught_by: str, group: str = "") -> Specimen:
    return Specimen(Path(f"wrong/{name}.py"), "wrong", name, caught_by or ("test_rank",), group)


@pytest.fixture
def kata(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Kata:
    return load_kata(write_ranks(tmp_path))


def said(kata: Kata, judgement: Judgement) -> list[str]:
    """What has to be mended; all of it is in the file of the specimen."""
    found = verdicts(kata, judgement)
    assert {finding.path for finding in found} <= {judgement.specimen.path}
    return [finding.message for finding in found]


def said_each(scorecard: Scorecard, *messages: str) -> Scorecard:
    """The same results, each with a message of its own."""
    each = zip(scorecard.results, messages, strict=True)
    return replace(scorecard, results=tuple(replace(result, message=message) for result, message in each))


# What is earned


@pytest.mark.parametrize("specimen", [REFERENCE, RIGHT])
def test_a_right_solution_earns_everything(kata: Kata, specimen: Specimen) -> None:
    assert said(kata, judged(specimen, card(PASSED, PASSED, Status.INCONCLUSIVE))) == []
    assert said(kata, judged(specimen, card(PASSED, FAILED, message="3 is\nnot 4"))) == [
        "is right, but loses test_span (failed: 3 is); mend the solution or the check"
    ]


def test_what_only_follows_from_another_failure_is_not_said_of_a_right_solution(kata: Kata) -> None:
    assert said(kata, judged(RIGHT, card(FAILED, PASSED, BLOCKED, message="3 is not 4"))) == [
        "is right, but loses test_rank (failed: 3 is not 4); mend the solution or the check"
    ]


def test_where_a_right_solution_loses_is_said_unless_it_is_everywhere(kata: Kata) -> None:
    runs = [(isolation, seed) for isolation in ("process", "none") for seed in (4, 5, 6)]

    def losing(*places: tuple[str, int]) -> list[str]:
        cards = [(place, card(FAILED if place in places else PASSED, message="no")) for place in runs]
        return said(kata, Judgement(RIGHT, tuple(Run(*place, each) for place, each in cards), ()))

    told = "is right, but loses test_rank{} (failed: no); mend the solution or the check"
    assert losing() == []
    assert losing(("none", 5)) == [told.format(" in none with seed 5")]
    assert losing(("process", 4), ("process", 6)) == [told.format(" in process with seed 4, 6")]
    assert losing(("process", 4), ("none", 5)) == [told.format(" in process with seed 4 and in none with seed 5")]
    assert losing(*runs) == [told.format("")]


def test_a_right_solution_that_cannot_be_graded_in_one_run_is_said(kata: Kata) -> None:
    runs = (Run("process", 0, card(PASSED)), Run("none", 0, card(broken="the worker ended\nmore")))
    assert said(kata, Judgement(RIGHT, runs, ())) == [
        "is right, but loses everything in none with seed 0 (broken: the worker ended); mend the solution or the check"
    ]


def test_a_stub_earns_nothing(kata: Kata) -> None:
    stub = Specimen(kata.stub, "stub")
    assert said(kata, judged(stub, card(Status.NOT_STARTED, Status.NOT_STARTED))) == []
    (message,) = said(kata, judged(stub, card(Status.NOT_STARTED, PASSED)))
    assert message.startswith("earns 1 point as it is, in test_span; a stub earns nothing")


@pytest.mark.parametrize("lost", [FAILED, Status.ERROR])
def test_a_wrong_solution_fails_what_it_declares(kata: Kata, lost: Status) -> None:
    assert said(kata, judged(wrong(), card(lost, PASSED))) == []


@pytest.mark.parametrize("kept", [PASSED, BLOCKED, Status.NOT_RUN, Status.NOT_STARTED, Status.INCONCLUSIVE])
def test_what_is_declared_and_does_not_fail_is_missed(kata: Kata, kept: Status) -> None:
    (message,) = said(kata, judged(wrong(), card(kept, FAILED)))
    assert message.startswith(
        f"is wrong, but test_rank does not fail ({kept.replace('_', ' ')}; test_span fails); let the check find"
    )


CANNOT_LOAD = "the solution cannot be loaded: import of the solution raised KeyError: 'x'"


@pytest.mark.parametrize(
    ("statuses", "messages"),
    [
        ((Status.ERROR, Status.ERROR, Status.ERROR), (CANNOT_LOAD,) * 3),
        ((Status.ERROR, Status.ERROR, BLOCKED), (CANNOT_LOAD, CANNOT_LOAD, "rank is not correct yet")),
        ((Status.ERROR, BLOCKED, Status.NOT_RUN), (CANNOT_LOAD, "rank is not correct yet", "")),
        ((Status.ERROR,), (CANNOT_LOAD,)),
    ],
)
def test_a_wrong_solution_that_cannot_be_loaded_shows_nothing(
    kata: Kata, statuses: tuple[Status, ...], messages: tuple[str, ...]
) -> None:
    (message,) = said(kata, judged(wrong(), said_each(card(*statuses), *messages)))
    assert message == f"fails every check for one reason ({CANNOT_LOAD}); mend it, or it shows nothing"


@pytest.mark.parametrize(
    ("statuses", "messages"),
    [
        ((Status.ERROR, BLOCKED), ("rank([]) raised KeyError", "rank is not correct yet")),
        ((Status.ERROR, Status.ERROR), ("rank([]) raised KeyError", "span([]) raised KeyError")),
        ((Status.ERROR, PASSED), ("rank([]) raised KeyError", "")),
    ],
)
def test_a_wrong_solution_that_raises_shows_what_it_should(
    kata: Kata, statuses: tuple[Status, ...], messages: tuple[str, ...]
) -> None:
    assert said(kata, judged(wrong(), said_each(card(*statuses), *messages))) == []


def test_a_broken_kata_is_the_fault_of_no_solution(kata: Kata) -> None:
    (finding,) = verdicts(kata, judged(wrong(), card(broken="it does not load")))
    assert finding.path == kata.hidden
    assert finding.message == "the kata is broken, so nothing can be graded: it does not load"


def test_what_fails_beside_the_declared_is_extra() -> None:
    assert judged(wrong(), card(FAILED, PASSED, BLOCKED)).extra == ()
    assert judged(wrong(), card(FAILED, Status.ERROR, FAILED)).extra == (
        "test_correctness.py::test_span",
        "test_timing.py::test_speed[n<9]",
    )


# Whether it is the same every time


def test_what_is_graded_the_same_is_steady() -> None:
    judgement = judged(RIGHT, card(PASSED, PASSED, PASSED), card(PASSED, PASSED, Status.INCONCLUSIVE))
    assert list(unsteady(judgement)) == []


def test_a_check_that_says_one_thing_and_then_another_is_unsteady() -> None:
    judgement = judged(wrong(), card(FAILED, FAILED), card(FAILED, Status.NOT_RUN), card(FAILED, FAILED))
    (finding,) = unsteady(judgement)
    assert finding.path == judgement.specimen.path
    assert finding.message.startswith("is not graded the same in 3 runs: test_span says failed, not run, failed; let ")


# What is told by name


@pytest.mark.parametrize(
    ("specimen", "mistake", "message"),
    [
        (wrong("ties"), Mistake("ties", "ties"), ""),
        (wrong("ties", group="order"), Mistake("late", "order"), ""),
        (wrong("ties"), Mistake("late", "late"), "is told to be another mistake, late (late); give both the same `gr"),
        (wrong("ties", group="order"), Mistake("late", "late"), "is told to be another mistake, late (late); give "),
        (wrong("ties"), Mistake("late", ""), "is told to be another mistake, late (); give both the same `group`"),
        (RIGHT, Mistake("ties", "x"), "is told to be the mistake ties (x); no mistake may behave like it"),
        (REFERENCE, Mistake("ties", "x"), "is told to be the mistake ties (x); no mistake may behave like it"),
    ],
)
def test_no_solution_is_told_to_be_what_it_is_not(specimen: Specimen, mistake: Mistake, message: str) -> None:
    found = list(misnamed(judged(specimen, card(FAILED, mistake=mistake))))
    assert [finding.path for finding in found] == [specimen.path] * bool(message)
    assert all(finding.message.startswith(message) for finding in found)


def name_of_each(named: int, nameless: int) -> list[Judgement]:
    told = [judged(wrong(f"m{n}"), card(FAILED, mistake=Mistake(f"m{n}", "x"))) for n in range(named)]
    return told + [judged(wrong(f"n{n}"), card(FAILED)) for n in range(nameless)]


@pytest.mark.parametrize(
    ("named", "nameless", "enough"), [(0, 0, True), (0, 2, True), (0, 3, False), (26, 3, False), (27, 3, True)]
)
def test_nine_of_ten_mistakes_are_told_by_name_but_for_two(
    kata: Kata, named: int, nameless: int, *, enough: bool
) -> None:
    counts, findings = few_named(kata, name_of_each(named, nameless))
    assert counts == (named, named + nameless)
    assert (findings == ()) is enough
    assert all(finding.path == kata.hidden / "wrong" for finding in findings)


def test_the_mistakes_without_a_name_are_listed(kata: Kata) -> None:
    (finding,) = few_named(kata, name_of_each(1, 6))[1]
    assert finding.message.startswith("only 1 of 7 mistakes are told by name, not n0, n1, n2, n3 and 2 more; let two ")


def test_mistakes_of_speed_alone_and_right_solutions_need_no_name(kata: Kata) -> None:
    slow = judged(wrong("slow", "test_speed"), card(PASSED, PASSED, FAILED))
    both = judged(wrong("both", "test_speed", "test_span"), card(PASSED, FAILED, FAILED))
    right = judged(RIGHT, card(PASSED, PASSED, PASSED))
    assert few_named(kata, [slow, both, right]) == ((0, 1), ())


def test_mistakes_that_show_in_files_alone_need_no_name(kata: Kata) -> None:
    (kata.hidden / "test_correctness.py").write_text(
        "def test_rank(solution, scratch): ...\n\n\ndef test_span(solution): ...\n", "utf-8"
    )
    on_disk = judged(wrong("on_disk", "test_rank"), card(FAILED, PASSED, PASSED))
    both = judged(wrong("both", "test_rank", "test_span"), card(FAILED, FAILED, PASSED))
    assert few_named(kata, [on_disk, both]) == ((0, 1), ())


def test_some_names_stand_for_many() -> None:
    assert some([]) == ""
    assert some(["a", "b", "a"]) == "a, b"
    assert some(list("abcdef"), most=2) == "a, b and 4 more"
