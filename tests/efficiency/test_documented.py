"""The numbers in the documentation are those of the corpus, every function of which is tried beside this."""

from __future__ import annotations

from pathlib import Path

import looping
import memory
import pytest
import streams
import vectorized

PAGE = Path(__file__).parents[2] / "docs" / "efficiency.md"


@pytest.mark.parametrize(
    ("functions", "kind"),
    [
        (vectorized.CASES, "work on whole arrays: accused"),
        (looping.CASES, "loop over samples: missed"),
        (memory.LITTLE, "hold little: accused"),
        (memory.MUCH, "hold all pairs: missed"),
        (streams.THROUGH, "work through a stream: accused"),
        (streams.HOARDING, "hoard it: missed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_table_has_the_numbers_of_the_corpus(functions: dict[str, str], kind: str) -> None:
    assert f"| {len(functions)} functions that {kind} | 0 | 0 | 0 |" in PAGE.read_text("utf-8")
