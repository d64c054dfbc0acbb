from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from pytest_mlkata.checks import assert_gaussian, assert_share
from pytest_mlkata.checks.chance import FALSE_ALARM
from pytest_mlkata.errors import CheckFailed


def holds(count: int, of: int, share: float) -> bool:
    try:
        assert_share(count, of, share, "it happened")
    except CheckFailed:
        return False
    return True


@pytest.mark.parametrize("of", [1, 2, 7, 20, 300, 1000])
@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.75, 0.99])
def test_a_fair_draw_fails_less_often_than_promised(of: int, share: float) -> None:
    refused = [count for count in range(of + 1) if not holds(count, of, share)]
    assert stats.binom.pmf(refused, of, share).sum() <= FALSE_ALARM


def test_a_share_that_is_off_is_told() -> None:
    assert holds(250, 1000, 0.25)
    assert holds(320, 1000, 0.25)
    assert not holds(350, 1000, 0.25)
    assert not holds(160, 1000, 0.25)
    with pytest.raises(CheckFailed, match=r"the far one is first 200 times in 200, and about 50 times are expected"):
        assert_share(200, 200, 0.25, "the far one is first")


def test_what_cannot_happen_or_must_allows_nothing_else() -> None:
    assert holds(0, 10, 0)
    assert holds(10, 10, 1)
    assert not holds(1, 10_000, 0)
    assert not holds(9_999, 10_000, 1)


@pytest.mark.parametrize("n", [3, 40, 1000])
@pytest.mark.parametrize("std", [1e-3, 1.0, 50.0])
def test_normal_numbers_are_accepted(n: int, std: float) -> None:
    for seed in range(200):
        assert_gaussian(np.random.default_rng(seed).normal(0, std, n), std, "draw(seed)")


def test_the_promise_of_each_bound_holds() -> None:
    x = math.log(2 / FALSE_ALARM)
    for n in (1, 3, 40, 1000):
        assert 2 * stats.norm.sf(math.sqrt(2 * x)) <= FALSE_ALARM
        assert stats.chi2.sf(n + 2 * math.sqrt(n * x) + 2 * x, n) <= FALSE_ALARM / 2
        assert stats.chi2.cdf(n - 2 * math.sqrt(n * x), n) <= FALSE_ALARM / 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda rng: rng.normal(0.5, 1, 2000), r"draw\(\): the mean of 2000 numbers is 0\.\d+, where one of at most"),
        (lambda rng: rng.normal(0, math.sqrt(2), 2000), r"the standard deviation of 2000 numbers is 1\.\d+, and 1 is"),
        (lambda rng: rng.normal(0, 0.5, 2000), r"standard deviation of 2000 numbers is 0\.\d+, and 1 is expected"),
        (lambda rng: rng.uniform(-math.sqrt(3), math.sqrt(3), 2000), r"a number lies within \d of 0 \d+ times in 2000"),
        (lambda rng: rng.choice([-1.0, 1.0], 2000), r"a number lies within \d of 0 \d+ times in 2000"),
        (lambda _: np.zeros(2000), r"the standard deviation of 2000 numbers is 0"),
    ],
)
def test_other_distributions_are_refused(wrong: object, said: str) -> None:
    assert callable(wrong)
    with pytest.raises(CheckFailed, match=said):
        assert_gaussian(wrong(np.random.default_rng(1)), 1, "draw()")


def test_a_wrong_kind_of_answer_gets_a_plain_message() -> None:
    with pytest.raises(CheckFailed, match=r"draw\(\) must return numbers, got 'no'"):
        assert_gaussian("no", 1, "draw()")


def test_nan_is_refused() -> None:
    with pytest.raises(CheckFailed, match="must be finite"):
        assert_gaussian([0.1, np.nan], 1, "draw()")
