"""The corpus: what holds all pairs of samples is told by its bytes, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import memory
import numpy as np
import pytest

from pytest_mlkata.checks import assert_memory
from pytest_mlkata.errors import CheckFailed, SubmissionStopped

if TYPE_CHECKING:
    from judging import Start

pytest_plugins = ("judging",)


def arguments(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    return rng.normal(size=n), np.arange(n) % 2.0


@pytest.mark.parametrize("name", memory.LITTLE)
def test_what_holds_little_is_not_accused(start: Start, name: str) -> None:
    assert_memory(start("x, y", memory.LITTLE[name]), "f", arguments)


@pytest.mark.parametrize("name", memory.MUCH)
def test_a_table_of_all_pairs_is_found(start: Start, name: str) -> None:
    with pytest.raises(
        CheckFailed,
        match=r"^f holds [\d.e+-]+ MB for 1024 samples and [\d.]+ MB for 4096(, most of it at line \d+)?; it must not",
    ):
        assert_memory(start("x, y", memory.MUCH[name]), "f", arguments)


@pytest.mark.parametrize(
    ("body", "line"),  # the body begins on line 5
    [
        ("a = x + y\nb = x[:, None] - y\nreturn a + b.sum(axis=1)", 6),
        ("a = np.add.outer(x, y)\na = a.sum(axis=1)\nreturn a + np.subtract.outer(x, y).mean(axis=0)", 5),
        ("def pairs(u):\n    return u[:, None] - y\nreturn pairs(x).sum(axis=1) + x", 6),
        ("return np.apply_along_axis(lambda u: (u[:, None] - y).sum(axis=1), 0, x)", 5),
    ],
)
def test_the_line_is_told_on_which_most_is_held(start: Start, body: str, line: int) -> None:
    with pytest.raises(CheckFailed, match=rf"most of it at line {line};"):
        assert_memory(start("x, y", body), "f", arguments)


def test_who_ends_the_count_fails(start: Start) -> None:
    with pytest.raises(SubmissionStopped, match="the solution removed the counter of its own work"):
        assert_memory(start("x, y", "import tracemalloc\ntracemalloc.stop()"), "f", arguments)


def test_bytes_are_the_same_each_time(start: Start) -> None:
    solution = start("x, y", memory.LITTLE["ranks"])
    seen = [solution.measure_memory("f", *arguments(2048)).bytes for _ in range(20)]
    assert max(seen[1:]) <= 1.01 * min(seen[1:])
