"""Which lines of a submission follow which."""

from __future__ import annotations

import sys
from textwrap import dedent

from pytest_mlkata.branches import Branches, analyse
from pytest_mlkata.solution.arcs import Arcs
from pytest_mlkata.solution.proxy import Solution
from pytest_mlkata.solution.tracing import Traced

SOURCE = dedent(
    """\
    def sign(x):
        if x < 0:
            return -1
        return 1

    def twice(xs):
        for x in xs:
            yield x
            yield x

    def total(xs):
        found = 0
        for x in xs:
            found += int(x)
        return found

    def listed(xs):
        return list(twice(xs))

    def emptied(xs):
        for x in twice(xs):
            pass
    """
)
FUNCTIONS = ("sign", "twice", "total", "listed", "emptied")
SIGN = range(1, 5)


def start() -> tuple[Solution, Arcs]:
    arcs = Arcs()
    return Solution(Traced(SOURCE, arcs, name="numbers"), FUNCTIONS), arcs


def missing(arcs: Arcs, lines: range) -> list[tuple[int, int]]:
    found: Branches = analyse(SOURCE, arcs.seen)
    return [branch for branch in found.missing_branches if branch[0] in lines]


def test_calls_are_traced_and_answered() -> None:
    solution, arcs = start()
    assert solution.sign(2) == 1
    assert missing(arcs, SIGN) == [(2, 3)]
    assert solution.sign(-2) == -1
    assert missing(arcs, SIGN) == []


def test_a_call_that_is_only_counted_is_seen() -> None:
    solution, arcs = start()
    assert solution.count_events("sign", 2) == {}
    assert missing(arcs, SIGN) == [(2, 3)]


def test_a_call_before_a_counted_one_is_seen() -> None:
    solution, arcs = start()
    assert solution.call_before_counting(1, "sign", 2) == 1
    assert missing(arcs, SIGN) == [(2, 3)]


def test_calls_that_are_only_timed_or_weighed_are_seen() -> None:
    solution, arcs = start()
    assert solution.measure_cpu("sign", 2) >= 0
    assert missing(arcs, SIGN) == [(2, 3)]
    assert solution.measure_memory("sign", -2).bytes >= 0
    assert missing(arcs, SIGN) == []


def test_a_generator_that_goes_on_is_not_entered_anew() -> None:
    solution, arcs = start()
    assert solution.listed([1, 2]) == [1, 1, 2, 2]
    assert {(-6, 7), (7, 8), (8, 9), (9, 7), (7, -6)} <= arcs.seen
    assert not {(-6, 8), (-6, 9)} & arcs.seen
    assert missing(arcs, range(6, 10)) == []


def test_a_loop_over_a_generator_that_ends_was_left() -> None:
    solution, arcs = start()
    assert solution.emptied([1]) is None
    assert missing(arcs, range(20, 23)) == []
    assert (21, -20) in arcs.seen


def test_a_line_that_raises_was_not_left_the_way_it_would_have_been() -> None:
    solution, arcs = start()
    try:
        solution.total(["one"])
    except ValueError:
        assert missing(arcs, range(11, 16)) == [(13, 15)]
        return
    raise AssertionError("the call does not raise")


def test_nothing_is_traced_afterwards() -> None:
    before = sys.gettrace()
    solution, _ = start()
    solution.sign(2)
    assert sys.gettrace() is before
