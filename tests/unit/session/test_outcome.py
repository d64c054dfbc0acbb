"""How a check ended decides its status and what is said of it; arguments are shown a line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.errors import (
    CheckFailed,
    Inconclusive,
    NotStarted,
    SubmissionRaised,
    SubmissionStopped,
    SubmissionUnloadable,
)
from pytest_mlkata.model import Status
from pytest_mlkata.session.outcome import PASSED, Blocked, BrokenKata, describe, judge


@pytest.mark.parametrize(
    ("ended", "status", "message"),
    [
        (CheckFailed("expected 1, got 2"), Status.FAILED, "expected 1, got 2"),
        (AssertionError("expected 1"), Status.FAILED, "expected 1"),
        (AssertionError(), Status.FAILED, "the property does not hold"),
        (CheckFailed(" "), Status.FAILED, "CheckFailed"),
        (pytest.fail.Exception("DID NOT RAISE ValueError"), Status.FAILED, "DID NOT RAISE ValueError"),
        (SubmissionRaised("ValueError: no"), Status.ERROR, "ValueError: no"),
        (SubmissionStopped("took more than 2 s"), Status.ERROR, "took more than 2 s"),
        (SubmissionUnloadable("ranks.py, line 3: SyntaxError"), Status.ERROR, "ranks.py, line 3: SyntaxError"),
        (NotStarted("`rank` is not defined"), Status.NOT_STARTED, "`rank` is not defined"),
        (Inconclusive("about 9 times"), Status.INCONCLUSIVE, "about 9 times"),
        (Blocked("rank is not correct yet"), Status.BLOCKED, "rank is not correct yet"),
        (BrokenKata("the reference fails it"), Status.BROKEN, "the reference fails it"),
        (KeyError("w"), Status.FAILED, "the answer has a form that cannot be used: KeyError: 'w'"),
        (SystemExit(0), Status.FAILED, "the answer has a form that cannot be used: SystemExit: 0"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_the_table(ended: BaseException, status: Status, message: str) -> None:
    outcome = judge(ended, "x = 1")
    assert (outcome.status, outcome.message, outcome.counterexample) == (status, message, "x = 1")


def test_a_submission_that_raises_as_a_check_would_is_an_error() -> None:
    class Both(SubmissionRaised, AssertionError):
        pass

    assert judge(Both("AssertionError: own")).status is Status.ERROR


def test_passed_says_nothing() -> None:
    assert (PASSED.status, PASSED.message, PASSED.counterexample) == (Status.PASSED, "", "")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("assert 1 == 2\n +  where 1 = f(0)", "assert 1 == 2"),
        ("ranks must rise\nassert [2, 1] == [1, 2]\n  At index 0", "ranks must rise"),
        ("ranks must rise\nas integers\nassert False", "ranks must rise\nas integers"),
    ],
)
def test_of_an_assertion_what_its_author_wrote_is_said(said: str, message: str) -> None:
    """The rest depends on -v and on the CI service."""
    assert judge(AssertionError(said)).message == message


def test_addresses_are_left_out() -> None:
    outcome = judge(CheckFailed("got <object object at 0x7f12aB34>"), "f = <function f at 0x1>")
    assert (outcome.message, outcome.counterexample) == ("got <object object>", "f = <function f>")
    assert judge(KeyError(object)).message.endswith("KeyError: <class 'object'>")


# Arguments


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "x = 3"),
        ("a\nb", r"x = 'a\nb'"),
        ([1, 2.5], "x = [1, 2.5]"),
        (None, "x = None"),
        (float("nan"), "x = nan"),
        (np.float64(0.1), "x = 0.1"),
        (np.int8(3), "x = 3"),
        (np.array([1.0, np.nan, np.inf]), "x = array([1.0, nan, inf])"),
        (np.array([[1, 2], [3, 4]]), "x = array([[1, 2], [3, 4]])"),
        (np.array([0.1, 2.0], dtype=np.float32), "x = array([0.10000000149011612, 2.0], dtype=float32)"),
        (np.array([True]), "x = array([True], dtype=bool)"),
        (np.array([1, 0], dtype=np.uint8), "x = array([1, 0], dtype=uint8)"),
        (np.array(2.5), "x = array(2.5)"),
        (np.empty((0, 3)), "x = array([], shape=(0, 3))"),
        (np.empty((2, 0), dtype=np.int64), "x = array([[], []], shape=(2, 0))"),
        ((np.array([1.0]), 2), "x = (array([1.0]), 2)"),
        ([np.array([1.0])], "x = [array([1.0])]"),
        ((np.array([1.0]),), "x = (array([1.0]),)"),
    ],
    ids=repr,
)
def test_a_value(value: Any, shown: str) -> None:
    assert describe({"x": value}) == shown


@pytest.mark.parametrize(
    ("array", "dress"),
    [
        (np.asfortranarray(np.ones((2, 2))), "Fortran order"),
        (np.arange(6.0)[::2], "not contiguous"),
        (np.ones((4, 4))[::2, ::2], "not contiguous"),
        (np.broadcast_to(np.ones(1), (3,)), "not contiguous, read-only"),
    ],
)
def test_what_the_numbers_do_not_show(array: np.ndarray[Any, Any], dress: str) -> None:
    assert describe({"x": array}).endswith(f")  ({dress})")


def test_a_read_only_array() -> None:
    array = np.ones(2)
    array.flags.writeable = False
    assert describe({"x": array}) == "x = array([1.0, 1.0])  (read-only)"


def test_a_large_array_is_cut_and_stays_on_a_line() -> None:
    shown = describe({"X": np.arange(200.0).reshape(50, 4) / 7})
    assert shown.startswith("X = array of shape (50, 4): [0.")
    assert shown.endswith(", …]")
    assert "\n" not in shown
    assert len(shown) < 200


def test_a_large_array_of_another_dtype_says_so() -> None:
    assert "float32" in describe({"X": np.ones(100, dtype=np.float32)})


def test_long_values_are_cut() -> None:
    shown = describe({"text": "a" * 5000})
    assert len(shown) < 450
    assert shown.endswith("…")


@dataclass
class Problem:
    X: np.ndarray[Any, Any]
    b: float
    note: str = field(default="", repr=False)


def test_the_fields_of_a_dataclass_have_a_line_each() -> None:
    assert describe({"problem": Problem(np.array([1.0]), 0.5, "hidden"), "l2": 0.0}) == (
        "X = array([1.0])\nb = 0.5\nl2 = 0.0"
    )


class Odd:
    """Its repr has two lines."""

    def __repr__(self) -> str:
        return "Odd(\n    1)"


class Unprintable:
    """Its repr raises."""

    def __repr__(self) -> str:
        raise ValueError("no")


def test_no_value_breaks_the_line_or_the_run() -> None:
    assert describe({"x": Odd(), "y": Unprintable()}) == "x = Odd( 1)\ny = <Unprintable>"


def test_nothing_is_nothing() -> None:
    assert describe({}) == ""
