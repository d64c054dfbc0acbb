from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from pytest_mlkata.checks import assert_fast, assert_growth, assert_vectorized
from pytest_mlkata.errors import CheckFailed, Inconclusive


class Counts:
    """A submission whose events are given by a formula for each place."""

    def __init__(self, **places: Callable[[int], float]) -> None:
        self._places = places
        self.sizes: list[int] = []

    def count_events(self, name: str, *args: Any, **kwargs: Any) -> Mapping[str, int]:
        assert (name, kwargs) == ("f", {})
        self.sizes.append(args[0])
        return {place: int(formula(args[0])) for place, formula in self._places.items() if formula(args[0])}


def arguments(n: int) -> tuple[int]:
    return (n,)


def test_constant_work_is_vectorized() -> None:
    counts = Counts(line_1=lambda _: 300, line_2=lambda n: n / 64, line_3=lambda n: n.bit_length())
    assert_vectorized(counts, "f", arguments)
    assert counts.sizes == [128, 128, 512, 2048]


def test_a_loop_is_named_with_its_counts() -> None:
    counts = Counts(line_1=lambda _: 300, line_2=lambda n: n, line_3=lambda n: 2 * n + 1)
    with pytest.raises(CheckFailed) as failure:
        assert_vectorized(counts, "f", arguments)
    assert str(failure.value) == (
        "f loops over the samples at line_3: 257 times for 128 samples, 1025 times for 512 samples, 4097 times for "
        "2048 samples. Replace the loop by operations on whole arrays"
    )


def test_a_loop_and_what_it_calls_are_named() -> None:
    lines = {f"line {number}": (lambda n: n) for number in (52, 4, 53)}
    with pytest.raises(CheckFailed, match=r"^f loops over the samples at line 4, line 52, line 53: 128 times for 128 "):
        assert_vectorized(Counts(**lines), "f", arguments)


def test_a_line_is_named_rather_than_the_library_that_calls_it() -> None:
    places = {"shape_base.py:402": lambda n: 7 * n, "line 9": lambda n: n}
    with pytest.raises(CheckFailed, match=r"^f loops over the samples at line 9: 128 times "):
        assert_vectorized(Counts(**places), "f", arguments)


def test_of_many_places_the_first_are_named() -> None:
    lines = {f"line {number}": (lambda n: n) for number in range(1, 12)}
    with pytest.raises(CheckFailed, match=r" at line 1, line 2, line 3, line 4 and 7 more places: "):
        assert_vectorized(Counts(**lines), "f", arguments)


def test_a_loop_hidden_beside_many_steps_is_found() -> None:
    with pytest.raises(CheckFailed, match="at loop:"):
        assert_vectorized(Counts(epochs=lambda _: 1e6, loop=lambda n: n / 4), "f", arguments)


def test_growth_must_show_on_both_intervals() -> None:
    assert_vectorized(Counts(once=lambda n: 5000 * (n > 128)), "f", arguments)
    assert_vectorized(Counts(later=lambda n: 5000 * (n > 512)), "f", arguments)


class Clock:
    """A submission that takes the times it is told to, after a first call that takes long."""

    def __init__(self, times: Iterator[float]) -> None:
        self._times = times
        self.calls = -1

    def measure_cpu(self, name: str, *args: Any, **kwargs: Any) -> float:
        assert (name, args, kwargs) == ("f", (1, 2), {})
        self.calls += 1
        return 99.0 if self.calls == 0 else next(self._times)


def steady(seconds: float) -> Iterator[float]:
    while True:
        yield seconds


@pytest.mark.parametrize(("ratio", "pairs"), [(0.5, 3), (5.0, 3), (6.0, 9)])
def test_what_is_clearly_fast_is_accepted_early(ratio: float, pairs: int) -> None:
    clock = Clock(steady(0.01 * ratio))
    assert_fast(clock, Clock(steady(0.01)), "f", (1, 2))
    assert clock.calls == pairs


def test_what_is_clearly_slow_fails_after_five_pairs() -> None:
    clock = Clock(steady(0.2))
    with pytest.raises(
        CheckFailed, match=r"20 times the processor time .* \(200.0 ms for 10.0 ms\); 10 times is allowed"
    ):
        assert_fast(clock, Clock(steady(0.01)), "f", (1, 2))
    assert clock.calls == 5


@pytest.mark.parametrize("ratio", [7.0, 10.0, 12.0])
def test_what_stays_between_is_inconclusive(ratio: float) -> None:
    clock = Clock(steady(0.01 * ratio))
    with pytest.raises(Inconclusive, match="10 times is allowed"):
        assert_fast(clock, Clock(steady(0.01)), "f", (1, 2))
    assert clock.calls == 9


class Rival(Clock):
    def measure_cpu(self, name: str, *args: Any, **kwargs: Any) -> float:
        assert (name, args) == ("plain", (3,))
        return super().measure_cpu("f", 1, 2, **kwargs)


def test_another_function_of_the_reference_can_be_the_measure() -> None:
    assert_fast(Clock(steady(0.002)), Rival(steady(0.01)), "f", (1, 2), limit=0.7, against=("plain", (3,)))
    with pytest.raises(CheckFailed, match=r"^f takes 1\.0 times the processor time of `plain` .* 0\.7 times is"):
        assert_fast(Clock(steady(0.01)), Rival(steady(0.01)), "f", (1, 2), limit=0.7, against=("plain", (3,)))


def test_a_disturbed_measurement_does_not_count() -> None:
    times = iter([0.5, 0.5, 0.5, 0.5, 0.5, 0.02])
    with pytest.raises(CheckFailed):
        assert_fast(Clock(times), Clock(steady(0.01)), "f", (1, 2))
    times = iter([0.5, 0.5, 0.5, 0.02])
    assert_fast(Clock(times), Clock(steady(0.01)), "f", (1, 2))


def test_a_clock_that_has_not_moved_tells_nothing() -> None:
    """Not that the reference takes no time, nor that the solution does."""
    assert_fast(Clock(steady(0.01)), Clock(iter([0.0, 0.01, 0.01, 0.01])), "f", (1, 2))
    with pytest.raises(CheckFailed, match="20 times"):
        assert_fast(Clock(iter([0.0, 0.2, 0.2, 0.2, 0.2])), Clock(steady(0.01)), "f", (1, 2))
    for mine, theirs in ((0.01, 0.0), (0.0, 0.01)):
        with pytest.raises(Inconclusive, match="the clock does not move"):
            assert_fast(Clock(steady(mine)), Clock(steady(theirs)), "f", (1, 2))


class Growing:
    """A submission whose time is given by a formula, after a first call that takes long."""

    def __init__(self, formula: Callable[[int], float]) -> None:
        self._formula = formula
        self.sizes: list[int] = []

    def measure_cpu(self, name: str, *args: Any, **kwargs: Any) -> float:
        assert (name, kwargs) == ("f", {})
        self.sizes.append(args[0])
        return 99.0 if len(self.sizes) == 1 else self._formula(args[0])


def sorting(n: int) -> float:
    return 2e-4 + 1e-7 * n


@pytest.mark.parametrize("times", [0.1, 1.0, 5.0])
def test_what_grows_like_the_reference_is_accepted_early(times: float) -> None:
    growing = Growing(lambda n: 2e-4 + times * 1e-7 * n)
    assert_growth(growing, Growing(sorting), "f", arguments)
    assert growing.sizes == [500, *[500, 8000] * 3]


@pytest.mark.parametrize("seconds_a_pair", [2e-10, 1e-9, 1e-7])
def test_what_grows_with_the_pairs_fails_after_five_rounds(seconds_a_pair: float) -> None:
    growing = Growing(lambda n: 2e-4 + seconds_a_pair * n**2)
    with pytest.raises(
        CheckFailed, match=r"^f takes \d+ times as long for 8000 samples as for 500, the reference 4 times: with more"
    ):
        assert_growth(growing, Growing(sorting), "f", arguments)
    assert growing.sizes == [500, *[500, 8000] * 5]


def test_growth_near_the_limit_is_inconclusive() -> None:
    growing = Growing(lambda n: sorting(n) * n**0.55)
    with pytest.raises(Inconclusive, match=r"by about n\^0.55; n\^0.55 is allowed"):
        assert_growth(growing, Growing(sorting), "f", arguments)
    assert growing.sizes == [500, *[500, 8000] * 9]


def test_growth_from_no_time_at_all_is_no_growth() -> None:
    still = iter([0.0])
    assert_growth(Growing(lambda n: next(still, sorting(n))), Growing(sorting), "f", arguments)
    still = iter([0.0])
    assert_growth(Growing(sorting), Growing(lambda n: next(still, sorting(n))), "f", arguments)
    with pytest.raises(Inconclusive, match="the clock does not move"):
        assert_growth(Growing(lambda _: 0.0), Growing(sorting), "f", arguments)
