"""Arguments are shown as a person would write them down, a line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.session.counterexample import describe


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
