"""A small kata that proves itself, for the tests of what proves katas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_mlkata.authoring import validator
from pytest_mlkata.authoring.mutation import Mutation

KATA = {
    "kata.toml": """
        format = 1
        title = "Ranks and spans"
        question = 11
        round = "ml-coding"
        minutes = 5
    """,
    "spec.md": """
        # Ranks and spans

        > "Rank these numbers for me. How far apart are they?"

        ## What to write

        `rank(x)` counts what is smaller, `span(x)` is the range.

        ## An example

            rank([5, 1, 3])    → [2, 0, 1]
            span([5, 1, 3])    → 4

        ## What the interviewer listens for

        - Equal numbers come up before anybody asks.

        ## Follow-ups

        1. What of a million numbers?
    """,
    "hints.md": """
        ## rank

        ### Who is below?

        How many numbers are smaller than the smallest?

        ## span

        ### Two ends

        Which two numbers are the furthest apart?
    """,
    "stub.py": '''
        """Ranks and spans."""


        def rank(x):
            """Count, for every element of the list x, the smaller ones."""
            raise NotImplementedError


        def span(x):
            """Of the list x, return the largest minus the smallest."""
            raise NotImplementedError
    ''',
    "hidden/reference.py": '''
        """The answer."""


        def rank(x):
            return [sum(b < a for b in x) for a in x]


        def span(x):
            return max(x) - min(x)
    ''',
    "hidden/test_correctness.py": '''
        from pytest_mlkata.checks import points, require


        @points(2)
        def test_rank_counts_the_smaller(solution):
            """rank counts the smaller elements

            What is smaller than the smallest?
            """
            require(list(solution.rank([5, 1, 3])) == [2, 0, 1], "rank([5, 1, 3]) is wrong")


        @points(1)
        def test_rank_of_equal_elements_is_equal(solution):
            """rank is the same for equal elements

            Who of two equal ones would be smaller?
            """
            require(list(solution.rank([2, 2])) == [0, 0], "rank([2, 2]) is wrong")


        @points(1)
        def test_span_is_the_range(solution):
            """span is the range

            What of the two ends?
            """
            require(solution.span([5, 1, 3]) == 4, "span([5, 1, 3]) is wrong")
    ''',
    "hidden/right/sorting.py": '''
        """sorts a copy"""


        def rank(x):
            ordered = sorted(x)
            return [ordered.index(a) for a in x]


        def span(x):
            ordered = sorted(x)
            return ordered[-1] - ordered[0]
    ''',
    "hidden/wrong/ties.py": '''
        """ties are not grouped

        Equal elements have equal ranks.
        """

        caught_by = ("test_rank_of_equal_elements_is_equal",)


        def rank(x):
            order = sorted(range(len(x)), key=lambda i: x[i])
            return [order.index(i) for i in range(len(x))]


        def span(x):
            return max(x) - min(x)
    ''',
}


@pytest.fixture
def write_ranks() -> Callable[[Path], Path]:
    """Writes the kata `ranks` into a folder, and gives its own folder."""

    def write(into: Path) -> Path:
        folder = into / "ranks"
        for name, text in KATA.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def ranks(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Path:
    """The folder of the kata `ranks`, which a test may change."""
    return write_ranks(tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs that do nothing twice and grade no mutants; for what does not depend on that."""
    monkeypatch.setattr(validator, "SEEDS", 1)
    monkeypatch.setattr(validator, "RUNS", 1)
    monkeypatch.setattr(validator, "mutate", lambda *_, **__: Mutation((), ()))
