"""When a solution behaves like a known mistake, and when nothing can be said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.diagnosis import ENOUGH, Likeness, Observed, agreement, alike, compare, differs, settle
from pytest_mlkata.kata.mistakes import KnownMistake
from pytest_mlkata.model import Mistake
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.proxy import Solution
from pytest_mlkata.solution.tape import Answer

RIGHT = Answer(1.0)
WRONG = Answer(2.0)
OTHER = Answer(3.0)
REFUSED = Answer(raised=("ValueError", "Exception"))
CRASHED = Answer(raised=("TypeError", "Exception"))
CHANGES = Answer(said="it changes its argument x")


def known(name: str, group: str = "") -> KnownMistake:
    return KnownMistake(Path(f"{name}.py"), Mistake(name, f"{name} is wrong"), (f"test_{name}",), group)


def observed(*answers: tuple[Answer, Answer]) -> list[Observed]:
    return [Observed(str(number).encode(), mine, right) for number, (mine, right) in enumerate(answers)]


@pytest.mark.parametrize(
    ("mine", "other", "likeness"),
    [
        (1.0, 1.0, Likeness.SAME),
        (1.0, np.float64(1.0 + 1e-12), Likeness.SAME),
        (1.0, 1.0 + 1e-8, Likeness.UNSURE),
        (1.0, 1.0 + 1e-6, Likeness.OTHER),
        (1, 1.0, Likeness.SAME),
        (True, 1, Likeness.SAME),
        (np.nan, np.nan, Likeness.SAME),
        (np.nan, 1.0, Likeness.OTHER),
        (np.inf, -np.inf, Likeness.OTHER),
        (np.float32(0.1), 0.1, Likeness.SAME),
        (np.float32(0.1), 0.1005, Likeness.UNSURE),
        (np.float32(0.1), 0.2, Likeness.OTHER),
        (np.array([1.0, 2.0]), [1.0, 2.0], Likeness.SAME),
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]]), Likeness.OTHER),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-8]), Likeness.UNSURE),
        ((1.0, np.array([2.0])), (1.0, np.array([2.0])), Likeness.SAME),
        ((1.0, 2.0 + 1e-8), (1.0, 2.0), Likeness.UNSURE),
        ((1.0 + 1e-8, 5.0), (1.0, 2.0), Likeness.OTHER),
        ((1.0, 2.0), (1.0,), Likeness.OTHER),
        ({"a": 1.0}, {"a": 1.0}, Likeness.SAME),
        ({"a": 1.0}, {"b": 1.0}, Likeness.OTHER),
        ("text", "text", Likeness.SAME),
        ("text", "texts", Likeness.OTHER),
        (None, None, Likeness.SAME),
        (None, 0.0, Likeness.OTHER),
        (10**30, 10**30, Likeness.SAME),
    ],
)
def test_values_are_alike_but_for_rounding(mine: Any, other: Any, likeness: Likeness) -> None:
    assert alike(mine, other) is likeness
    assert alike(other, mine) is likeness


def test_objects_are_alike_until_they_are_asked_for_something() -> None:
    backend = InProcess("class Model: pass", name="models")
    solution = Solution(backend, ("Model",))
    assert alike(solution.Model(), solution.Model()) is Likeness.SAME
    assert alike(solution.Model(), 1.0) is Likeness.OTHER


@pytest.mark.parametrize(
    ("mine", "other", "right", "same"),
    [
        (RIGHT, RIGHT, RIGHT, True),
        (WRONG, OTHER, RIGHT, False),
        (CRASHED, CRASHED, RIGHT, True),
        (CRASHED, REFUSED, RIGHT, False),
        (CRASHED, WRONG, RIGHT, False),
        (CHANGES, CHANGES, RIGHT, True),
        (CHANGES, WRONG, RIGHT, False),
        (WRONG, OTHER, REFUSED, True),  # what comes instead of a refusal is of no account
        (WRONG, CRASHED, REFUSED, False),
        (REFUSED, Answer(raised=("LinAlgError", "ValueError", "Exception")), REFUSED, True),
        (REFUSED, CRASHED, REFUSED, False),
    ],
)
def test_answers_are_compared_by_value_or_by_the_way_they_fail(
    mine: Answer,
    other: Answer,
    right: Answer,
    *,
    same: bool,
) -> None:
    assert (compare(mine, other, right) is Likeness.SAME) is same


def test_inputs_count_on_which_both_are_wrong_in_the_same_way() -> None:
    seen = observed((RIGHT, RIGHT), (WRONG, RIGHT), (WRONG, RIGHT))
    assert agreement(seen, [RIGHT, WRONG, WRONG]) == 2
    assert agreement([*seen, seen[-1]], [RIGHT, WRONG, WRONG, WRONG]) == 2, "an input counts once"


@pytest.mark.parametrize("theirs", [[RIGHT, OTHER], [WRONG, WRONG], [RIGHT]])
def test_one_disagreement_is_enough(theirs: list[Answer]) -> None:
    assert agreement(observed((RIGHT, RIGHT), (WRONG, RIGHT)), theirs) is None


def test_nothing_more_is_asked_after_a_disagreement() -> None:
    def answers() -> Iterator[Answer]:
        yield OTHER
        raise AssertionError("asked on")

    assert agreement(observed((WRONG, RIGHT), (WRONG, RIGHT)), answers()) is None


def test_rounding_is_neither_evidence_nor_a_veto() -> None:
    near = Answer(1.0 + 1e-8)
    assert agreement(observed((near, RIGHT)), [RIGHT]) == 0
    assert agreement(observed((WRONG, RIGHT)), [Answer(2.0 + 1e-8)]) == 0
    assert not differs(observed((near, RIGHT)))
    assert differs(observed((near, RIGHT), (WRONG, RIGHT)))


def test_the_one_mistake_that_explains_enough_is_named() -> None:
    a, b = known("a"), known("b")
    assert settle({"f": {a: ENOUGH}, "g": {b: ENOUGH}}) == {"f": a.mistake, "g": b.mistake}
    assert settle({"f": {a: ENOUGH - 1}, "g": {}}) == {}


def test_inputs_of_all_functions_count_together() -> None:
    a = known("a")
    assert settle({"f": {a: 1}, "g": {a: ENOUGH - 1}}) == {"f": a.mistake, "g": a.mistake}


def test_of_several_none_is_named() -> None:
    assert settle({"f": {known("a"): 9, known("b"): 3}}) == {}
    assert settle({"f": {known("a", "ties"): 9, known("b"): 3}}) == {}


def test_of_several_the_one_that_alone_explains_another_function_is_named() -> None:
    a, b, c = known("a"), known("b"), known("c")
    assert settle({"f": {a: 3, b: 3}, "g": {a: 3}}) == {"f": a.mistake, "g": a.mistake}
    assert settle({"f": {a: 3, b: 3}, "g": {c: 3}}) == {"g": c.mistake}


def test_what_several_have_in_common_is_named_if_the_author_says_what_it_is() -> None:
    group = "Tied scores are treated wrongly"
    found = settle({"f": {known("a", group): 3, known("b", group): 3}})
    assert found == {"f": Mistake("tied_scores_are_treated_wrongly", group)}
