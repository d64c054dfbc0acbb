"""The corpus: what works through a stream part by part is not accused, and what hoards it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import streams

from pytest_mlkata.checks import Stream, assert_streamed
from pytest_mlkata.errors import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from judging import Start

pytest_plugins = ("judging",)


def arguments(n: int) -> tuple[Stream, int]:
    def chunks() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        rng = np.random.default_rng(0)
        for start in range(n):
            yield np.arange(start * 2000, (start + 1) * 2000), rng.normal(size=(2000, 8))

    return Stream(chunks()), 5


@pytest.mark.parametrize("name", streams.THROUGH)
def test_what_works_through_a_stream_is_not_accused(start: Start, name: str) -> None:
    assert_streamed(start("chunks, k", streams.THROUGH[name]), "f", arguments)


@pytest.mark.parametrize("name", streams.HOARDING)
def test_what_hoards_a_stream_is_found(start: Start, name: str) -> None:
    with pytest.raises(CheckFailed, match=r"^f holds (\d+ of the 64 parts|[\d.]+ MB for a stream of 8 parts)"):
        assert_streamed(start("chunks, k", streams.HOARDING[name]), "f", arguments)


def test_parts_without_arrays_are_told_by_their_bytes(start: Start) -> None:
    def numbers(n: int) -> tuple[Stream]:
        return (Stream([float(j * 10_000 + i) for i in range(10_000)] for j in range(n)),)

    assert_streamed(start("parts", "return sum(map(sum, parts))"), "f", numbers)
    with pytest.raises(CheckFailed, match=r"what it holds must not grow with the stream"):
        assert_streamed(start("parts", "return len(list(parts))"), "f", numbers)
