"""The second call: which calls it follows, what it says, and what counts as the same answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.checks.guards import ALWAYS, EVERY, MOST_PARTS, Guarded, same_answer
from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.launcher import Zygote
from pytest_mlkata.solution.proxy import Handle, Stream

SOURCE = """
import itertools
import numpy as np

numbers = itertools.count(1)
asked = []

def double(x):
    asked.append(x)
    return 2 * x

def count(*_, **__):
    return float(next(numbers))

def raises_next(x):
    if next(numbers) > 1:
        raise IndexError("no more")
    return x

def refuses(x):
    asked.append(x)
    raise ValueError("no")

def stops_next(x):
    if next(numbers) > 1:
        raise NotImplementedError
    return x

def fills_next(x):
    if next(numbers) > 1:
        x[0] = 9.0
    return 1.0

def late(x):
    asked.append(x)
    return float(len(asked)) if len(asked) > 25 else 0.0

def warm_start(x, start=np.zeros(2)):
    start += 0.5 * (x - start)
    return start.copy(), float(start.sum())

class Model:
    def __init__(self, x=1):
        asked.append(x)

    def draw(self):
        return next(numbers)

def grows(size):
    return [float(next(numbers))] * size

def nests(size):
    return {"a": [[float(next(numbers))]] * (size // 2 - 1)}

def generate(x):
    asked.append(x)
    yield x

def total(values):
    return sum(values) + 0 * next(numbers)

def slope(model):
    return next(numbers)

def how_often():
    return len(asked)
"""
NAMES = tuple(re.findall(r"^(?:def|class) (\w+)", SOURCE, re.MULTILINE))


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


@pytest.fixture(params=["process", "inprocess"])
def backend(request: pytest.FixtureRequest, zygote: Zygote) -> Iterator[Backend]:
    made: Backend
    made = Host(zygote, SOURCE, name="example") if request.param == "process" else InProcess(SOURCE, name="example")
    yield made
    made.close()


@pytest.fixture
def solution(backend: Backend) -> Guarded:
    return Guarded(backend, NAMES, may_vary=("how_often",))


def repeated(solution: Guarded, calls: int) -> list[int]:
    """Which of the next calls of `double` are made twice."""
    found = []
    for number in range(1, calls + 1):
        before = solution.how_often()
        assert solution.double(number) == 2 * number
        made = solution.how_often() - before
        assert made in {1, 2}
        if made > 1:
            found.append(number)
    return found


def test_the_first_calls_are_made_twice_and_then_one_in_so_many(solution: Guarded) -> None:
    first = list(range(1, ALWAYS + 1))
    assert repeated(solution, 3 * EVERY) == [*first, EVERY, 2 * EVERY, 3 * EVERY]
    solution.start_over()
    assert repeated(solution, EVERY) == [*first, EVERY]


def test_each_function_has_a_count_of_its_own(solution: Guarded) -> None:
    assert repeated(solution, ALWAYS + 1) == list(range(1, ALWAYS + 1))
    with pytest.raises(CheckFailed, match="count gives"):
        solution.count()


def test_a_function_that_counts_is_told(solution: Guarded) -> None:
    with pytest.raises(CheckFailed) as caught:
        solution.count(np.ones(2), n=3)
    assert str(caught.value) == (
        "count gives 1.0, and 2.0 when it is called again with the same arguments: "
        "a call must not depend on the calls before it"
    )


def test_a_function_that_goes_on_where_it_stopped_is_told(solution: Guarded) -> None:
    with pytest.raises(CheckFailed, match=r"^warm_start gives \(\[1., 2.\], 3.0\), and \(\[1.5, 3. \]"):
        solution.warm_start(np.array([2.0, 4.0]))


def test_another_exception_is_told_with_the_place(solution: Guarded) -> None:
    with pytest.raises(CheckFailed) as caught:
        solution.raises_next(3)
    assert str(caught.value).startswith(
        "raises_next answers at first, and when it is called again with the same arguments, "
        "it raises IndexError: no more (line "
    )
    assert not isinstance(caught.value, IndexError)


def test_what_stops_or_changes_an_argument_the_second_time_is_told_as_such(solution: Guarded) -> None:
    with pytest.raises(SubmissionStopped, match="`stops_next` still raises NotImplementedError"):
        solution.stops_next(3)
    with pytest.raises(CheckFailed, match="fills_next changes argument 1 in place"):
        solution.fills_next(np.zeros(2))


def test_a_refusal_is_not_asked_for_twice(solution: Guarded) -> None:
    with pytest.raises(ValueError, match="no"):
        solution.refuses(1)
    assert solution.how_often() == 1


def test_a_function_that_may_vary_is_called_once(backend: Backend) -> None:
    solution = Guarded(backend, NAMES, may_vary=("count",))
    assert [solution.count() for _ in range(20)] == list(itertools.accumulate([1.0] * 20))


def test_once_caught_every_call_is_made_twice_until_all_is_forgotten(backend: Backend, solution: Guarded) -> None:
    answers: list[str] = []
    for number in range(60):
        try:
            solution.late(number)
            answers.append("fine")
        except CheckFailed:
            answers.append("caught")
    first = answers.index("caught")
    assert set(answers[first:]) == {"caught"}
    solution.start_over()
    backend.reset()
    assert [solution.late(number) for number in range(EVERY - 1)] == [0.0] * (EVERY - 1)
    assert solution.how_often() == EVERY - 1 + ALWAYS


def test_objects_of_the_submission_are_made_once(solution: Guarded) -> None:
    model = solution.Model(1)
    assert isinstance(model, Handle)
    assert isinstance(solution.generate(1), Handle)
    assert solution.how_often() == 1
    # A method may well have a state, and so may a function that is given an object.
    assert [model.draw(), model.draw()] == [1, 2]
    assert [solution.slope(model), solution.slope(model=model)] == [3, 4]


def test_a_stream_is_read_once(solution: Guarded) -> None:
    stream = Stream([1, 2, 3])
    assert solution.total(stream) == 6
    assert solution.total(values=Stream([1, 2])) == 3
    assert stream.taken == 3


def test_an_error_is_one_of_the_submission(solution: Guarded) -> None:
    with pytest.raises(SubmissionRaised, match="unsupported operand"):
        solution.double(None)
    with pytest.raises(AttributeError, match="declares no `gone`"):
        _ = solution.gone


NAN = float("nan")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, 1.0),
        (True, np.bool_(1)),
        (0.1 + 0.2, 0.3),
        (1e20, 1e20 * (1 + 1e-12)),
        (NAN, np.float64(NAN)),
        (float("inf"), np.inf),
        (complex(1, NAN), complex(1, NAN)),
        (1 + 1e-12j, 1),
        (10**30, 10**30),
        (np.array([1.0, NAN]), np.array([1.0 + 1e-12, NAN])),
        (np.float32(1), np.float32(1 + 1e-5)),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.array(["a", "b"]), np.array(["a", "b"])),
        ([1, [NAN, "a"]], (1, [NAN, "a"])),
        ([1.0, 2.0], np.array([1.0, 2.0])),
        ([[1], [2, 3]], [[1], [2, 3]]),
        ({"w": np.ones(2), "b": NAN}, {"b": NAN, "w": np.ones(2)}),
        ({1, 2}, {2, 1}),
        (None, None),
        ("macro", "macro"),
        (b"x", b"x"),
        ([], ()),
    ],
)
def test_the_same_answer_but_for_rounding(first: Any, second: Any) -> None:
    assert same_answer(first, second)
    assert same_answer(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, 2),
        (1.0, 1.0001),
        (NAN, 0.0),
        (np.inf, -np.inf),
        (1e-8, 2e-8),
        (1j, 2j),
        (10**30, 10**30 + 1),
        (10**30, 1.0),
        (np.ones(2), np.ones((2, 1))),
        (np.ones(1), 1.0),
        (np.float32(1), np.float32(1.01)),
        (np.array(["a"]), np.array(["b"])),
        (np.array(["a"]), np.array([1.0])),
        ([1, 2], [1, 2, 3]),
        ([[1], [2, 3]], [[1], [2, 4]]),
        ([[1], [2, 3]], None),
        ([[1], [2, 3]], np.float64(1)),
        ([1], 1),
        ([1.0, 2.0], np.float64(1)),
        ([], {}),
        ({"w": 1}, {"w": 2}),
        ({"w": 1}, {"b": 1}),
        ({"w": 1}, 1),
        ({1, 2}, {1}),
        (None, 0.0),
        (None, np.zeros(2)),
        ("a", "b"),
        ("a", 1),
        ("a", np.array(["a"])),
    ],
)
def test_another_answer(first: Any, second: Any) -> None:
    assert not same_answer(first, second)
    assert not same_answer(second, first)


def test_an_answer_of_very_many_parts_is_not_compared(solution: Guarded) -> None:
    for function in (solution.grows, solution.nests):
        with pytest.raises(CheckFailed, match="must not depend on the calls before it"):
            function(MOST_PARTS - 2)
        assert function(MOST_PARTS + 2)
