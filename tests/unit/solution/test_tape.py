"""What is asked of one solution can be asked of another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from pytest_mlkata.errors import SubmissionRaised
from pytest_mlkata.solution import tape
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.proxy import Handle, Solution
from pytest_mlkata.solution.tape import Answer, TapeEnds, Taping, play

SOURCE = """
calls = 0

def shift(x, by=1.0):
    if len(x) == 0:
        raise ValueError("nothing there")
    return x + by

def count():
    global calls
    calls += 1
    return calls

def total(rows):
    return sum(rows)

def counted(x, state):
    return x, (x, *(state or ()))

class Model:
    def fit(self, x):
        self.mean_ = x.mean()
        return self

    def predict(self, n):
        return [self.mean_] * n
"""
FUNCTIONS = ("shift", "count", "total", "counted", "Model")
WRONG = SOURCE.replace("x + by", "x - by").replace("x.mean()", "x.max()")


@pytest.fixture
def taping() -> Taping:
    taping = Taping(SOURCE, name="shifting")
    taping.rewind(10)
    return taping


@pytest.fixture
def taped(taping: Taping) -> Solution:
    return Solution(taping, FUNCTIONS)


def answers(taping: Taping, source: str = WRONG) -> list[Answer]:
    return list(play(taping.steps, InProcess(source, name="shifting")))


def test_requests_and_answers_are_taken_down(taping: Taping, taped: Solution) -> None:
    taped.shift(np.array([1.0, 2.0]), by=2.0)
    with pytest.raises(SubmissionRaised):
        taped.shift(np.array([]))
    value, raised = (step.answer for step in taping.steps)
    assert value.value.tolist() == [3.0, 4.0]
    assert raised.raised[:2] == ("ValueError", "Exception")
    assert [step.name for step in taping.steps] == ["shift", "shift"]


def test_another_solution_is_asked_the_same(taping: Taping, taped: Solution) -> None:
    taped.shift(np.array([1.0, 2.0]), by=2.0)
    with pytest.raises(SubmissionRaised):
        taped.shift(np.array([]))
    value, raised = answers(taping)
    assert value.value.tolist() == [-1.0, 0.0]
    assert raised.raised[0] == "ValueError"


def test_objects_stand_for_those_of_the_other_solution(taping: Taping, taped: Solution) -> None:
    models = [taped.Model(), taped.Model()]
    for number, model in enumerate(models):
        model.fit(np.array([1.0, 3.0]) + number)
    assert models[1].predict(1) == [3.0]
    assert answers(taping)[-1].value == [4.0]
    assert answers(taping, SOURCE)[-1].value == [3.0]


def test_a_part_that_is_kept_stands_for_that_of_the_other_solution(taping: Taping, taped: Solution) -> None:
    _, state = taped.call_keeping(1, "counted", 0, None)
    taped.call_keeping(1, "counted", 1, state)
    other = SOURCE.replace("return x, (x, *(state or ()))", "return sum(state or []), [x]")
    first, second = answers(taping, other)
    assert first.value[0] == second.value[0] == 0
    assert isinstance(second.value[1], Handle)


def test_what_a_solution_does_not_give_ends_the_play(taping: Taping, taped: Solution) -> None:
    taped.Model().fit(np.array([1.0]))
    without = "def Model():\n    return 7\n"
    assert len(answers(taping, without)) == 1


def test_a_rewound_tape_begins_with_a_fresh_solution(taping: Taping, taped: Solution) -> None:
    assert [taped.count(), taped.count()] == [1, 2]
    taping.rewind(10)
    assert taping.steps == []
    assert taped.count() == 1
    assert len(taping.steps) == 1


def test_a_tape_is_of_some_length(taping: Taping, taped: Solution) -> None:
    for _ in range(10):
        taped.count()
    with pytest.raises(TapeEnds):
        taped.count()
    assert len(taping.steps) == 10


def test_neither_large_arguments_nor_streams_are_taken_down(taping: Taping, taped: Solution) -> None:
    def rows() -> Iterator[int]:
        yield 1

    for argument in (np.zeros(tape.MOST_BYTES), rows()):
        with pytest.raises(TapeEnds):
            taped.total(argument)
    assert taping.steps == []
