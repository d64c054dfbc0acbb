"""Examples of a strategy, as a run of a kata draws and shrinks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from pytest_mlkata.session import trial

T = TypeVar("T")


def examples(strategy: st.SearchStrategy[T], count: int, *, number: int = 0) -> list[T]:
    """Draw `count` examples; another `number` gives others."""
    drawn: list[T] = []

    @settings(max_examples=count, **trial._fixed())
    @given(strategy)
    def look(example: T) -> None:
        drawn.append(example)

    seed(number)(look)()
    return drawn


def smallest(strategy: st.SearchStrategy[T], wanted: Callable[[T], object]) -> T:
    """What a check shows that fails for everything that is `wanted`: the largest of what three seeds lead to."""
    found: list[T] = []
    for number in range(3):

        @settings(max_examples=200)
        @given(example=strategy)
        def check(example: T) -> None:
            assert not wanted(example)

        failure = trial.run(check, {}, number)
        assert failure is not None, "no such example in 200"
        assert isinstance(failure.raised, AssertionError), failure.raised
        found.append(failure.arguments["example"])
    return max(found, key=lambda example: len(repr(example)))


def edges(drawn: list[T]) -> Counter[str]:
    """How often each part of an edge was drawn."""
    return Counter(part for example in drawn for part in example.edge.split("; "))  # type: ignore[attr-defined]


def unmet(strategy: st.SearchStrategy[T], wanted: Mapping[str, Callable[[T], object]], *, runs: int = 5) -> list[str]:
    """Name what sixty draws do not meet in two of some runs: one may miss an edge by chance."""
    drawn = [examples(strategy, 60, number=number) for number in range(runs)]
    return [name for name, holds in wanted.items() if sum(not any(map(holds, run)) for run in drawn) > 1]


def assert_every_edge_is_met(strategy: st.SearchStrategy[Any], names: Iterable[str], *, runs: int = 10) -> None:
    """Hold that sixty draws meet every edge. Which run misses one by chance is a matter of Hypothesis' version."""
    missed: Counter[str] = Counter()
    for number in range(runs):
        met = edges(examples(strategy, 60, number=number))
        missed.update(name for name in names if not met[name])
    assert missed.total() == 0 or missed.most_common(1)[0][1] <= 2, missed
