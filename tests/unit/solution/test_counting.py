"""Counts are exact, per place, and cannot be taken away unnoticed."""

from __future__ import annotations

import gc
import sys
from typing import Any

import pytest

from pytest_mlkata.solution.counting import CounterRemovedError, counted, make_counter, place

SOURCE = """
import threading, functools, sys, random, textwrap

def straight(n):
    return sum(range(n))

def for_loop(n):
    total = 0
    for i in range(n):
        total += i
    return total

def while_loop(n):
    while n:
        n -= 1

def one_line(n):
    return [i for i in range(n)], {i for i in range(n)}

def generated(n):
    return sum(i for i in range(n))

def mapped(n):
    return list(map(lambda i: i, range(n)))

def recursive(n):
    return n and recursive(n - 1)

def threaded(n):
    thread = threading.Thread(target=for_loop, args=(n,))
    thread.start()
    thread.join()

def library(n):
    for_reduce = textwrap.wrap("word " * n, 5)
    return for_reduce

def removes(n):
    sys.settrace(None)
    if hasattr(sys, "monitoring"):
        for tool in range(6):
            if sys.monitoring.get_tool(tool):
                sys.monitoring.set_events(tool, 0)

def frees(n):
    sys.settrace(None)
    if hasattr(sys, "monitoring"):
        for tool in range(6):
            if sys.monitoring.get_tool(tool):
                sys.monitoring.free_tool_id(tool)

def raises(n):
    raise ValueError
"""


def functions() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(SOURCE, "<solution>", "exec"), names)
    return names


def count(name: str, n: int) -> dict[str, int]:
    gc.disable()
    try:
        return counted(functions()[name], (n,), {})
    finally:
        gc.enable()


def growth(name: str) -> float:
    """Return the largest growth of a place, in events a sample."""
    few, many = count(name, 100), count(name, 300)
    return max((many[where] - few.get(where, 0)) / 200 for where in many)


@pytest.mark.parametrize(
    "name", ["for_loop", "while_loop", "one_line", "generated", "mapped", "recursive", "threaded", "library"]
)
def test_loops_grow_with_the_samples(name: str) -> None:
    count(name, 10)
    assert growth(name) >= 0.9


def test_no_loop_does_not_grow() -> None:
    assert growth("straight") == 0


def test_numbers_repeat() -> None:
    for name in ("for_loop", "one_line", "generated", "library"):
        count(name, 10)
        assert len({str(count(name, 50)) for _ in range(5)}) == 1


def test_places_of_submission_and_library() -> None:
    assert place("<solution>", 5) == "line 5"
    assert place("/usr/lib/python/textwrap.py", 7) == "textwrap.py:7"
    assert place("<string>", 1) == "<string>:1"
    places = count("library", 20)
    assert any(where.startswith("textwrap.py:") for where in places)
    assert max(count("for_loop", 100), key=count("for_loop", 100).__getitem__) in {"line 9", "line 10"}


def test_frames_of_the_grader_do_not_count() -> None:
    assert not any("counting.py" in where for where in count("straight", 3))


@pytest.mark.parametrize("name", ["removes", "frees"])
def test_a_removed_counter_is_noticed(name: str) -> None:
    with pytest.raises(CounterRemovedError):
        count(name, 1)
    assert count("straight", 3)


def test_the_counter_goes_when_the_call_raises() -> None:
    before = sys.gettrace()
    with pytest.raises(ValueError):
        count("raises", 1)
    assert sys.gettrace() is before
    assert count("straight", 3)


def test_counting_beside_another_tracer() -> None:
    seen: list[str] = []

    def trace(_frame: object, event: str, _argument: object) -> None:
        seen.append(event)

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        places = count("for_loop", 50)
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
    assert max(places.values()) >= 50


def test_a_counter_that_is_not_started_has_no_places() -> None:
    assert make_counter().places() == {}
