from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_mlkata.checks import assert_memory, assert_streamed
from pytest_mlkata.errors import CheckFailed, SubmissionStopped
from pytest_mlkata.solution.proxy import Held


def arguments(n: int) -> tuple[int]:
    return (n,)


class Holding:
    """A submission that holds what formulas say, after a first call that holds much."""

    def __init__(self, size: Callable[[int], float], values: Callable[[int], int] = lambda _: 0) -> None:
        self._size = size
        self._values = values
        self.sizes: list[int] = []
        self.line = 7

    def measure_memory(self, name: str, *args: Any, **kwargs: Any) -> Held:
        assert (name, kwargs) == ("f", {})
        self.sizes.append(args[0])
        once = 2**30 if len(self.sizes) == 1 else 0
        return Held(once + int(self._size(args[0])), self._values(args[0]))

    def heaviest_line(self, name: str, *args: Any, **kwargs: Any) -> int:
        assert (name, kwargs, args) == ("f", {}, arguments(self.sizes[-1]))
        if self.line < 0:
            raise SubmissionStopped("took too long")
        return self.line


@pytest.mark.parametrize("size", [lambda n: 8 * n, lambda n: 800 * n, lambda _: 1e9, lambda n: n**2 / 32])
def test_memory_for_the_samples_is_accepted(size: Callable[[int], float]) -> None:
    holding = Holding(size)
    assert_memory(holding, "f", arguments)
    assert holding.sizes == [1024, 1024, 4096]


def test_memory_for_all_pairs_fails() -> None:
    with pytest.raises(
        CheckFailed, match=r"^f holds 8 MB for 1024 samples and 128 MB for 4096, most of it at line 7; it must not "
    ):
        assert_memory(Holding(lambda n: 8 * n**2), "f", arguments)


@pytest.mark.parametrize("line", [0, -1])
def test_where_most_is_held_need_not_be_known(line: int) -> None:
    holding = Holding(lambda n: 8 * n**2)
    holding.line = line
    with pytest.raises(CheckFailed, match=r"128 MB for 4096; it must not hold a table of all pairs"):
        assert_memory(holding, "f", arguments)


def test_a_stream_may_have_a_few_parts_in_use() -> None:
    holding = Holding(lambda n: 1e8 + n, lambda n: min(n, 4))
    assert_streamed(holding, "f", arguments)
    assert holding.sizes == [8, 8, 64]


def test_a_stream_with_all_parts_in_use_fails() -> None:
    with pytest.raises(
        CheckFailed, match=r"^f holds 64 of the 64 parts of the stream at a time, most of it at line 7; it must"
    ):
        assert_streamed(Holding(lambda _: 0, lambda n: n), "f", arguments)


def test_bytes_that_grow_with_a_stream_fail() -> None:
    with pytest.raises(
        CheckFailed,
        match=r"^f holds 8 MB for a stream of 8 parts and 64 MB for one of 64, most of it at line 7; what it",
    ):
        assert_streamed(Holding(lambda n: n * 2**20, lambda _: 1), "f", arguments)
