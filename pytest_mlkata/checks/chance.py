"""Verdicts on what is drawn at random: a share, or numbers from a normal distribution.

A right solution must never fail because of bad luck. So each verdict comes from a bound on the probability of what was
seen, and not from an approximation to it: where a check fails, a right solution would have shown as much less than once
in a hundred million seeds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pytest_mlkata.checks.close import finite, numbers, require

FALSE_ALARM = 1e-8
"""The probability that one verdict on a right solution is wrong. A kata makes some dozens of them."""

_WITHIN = {1: 0.6826894921370859, 2: 0.9544997361036416}
"""The shares of a normal distribution within so many standard deviations of its mean."""


def assert_share(count: int, of: int, share: float, what: str) -> None:
    """Require that something happened about as often as its probability tells.

    By the bound of Chernoff and Hoeffding: in n independent trials of probability p, a share of at least a > p (or at
    most a < p) is seen with a probability of at most exp(-n KL(a, p)), KL being the Kullback-Leibler divergence of the
    one coin from the other [Hoeffding]_.

    Parameters
    ----------
    count
        How often it happened.
    of
        In how many independent trials.
    share
        The probability in each of them, in [0, 1].
    what
        What happened, for the message: ``"the first centre is the far point"``.

    References
    ----------
    .. [Hoeffding] W. Hoeffding, "Probability Inequalities for Sums of Bounded Random Variables", Journal of the
       American Statistical Association 58 (1963), theorem 1.
    """
    seen = count / of
    exponent = of * (_surprise(seen, share) + _surprise(1 - seen, 1 - share))
    require(
        exponent <= math.log(2 / FALSE_ALARM),
        f"{what} {count} times in {of}, and about {of * share:.4g} times are expected; it is not bad luck, which "
        f"would show as much less than once in a hundred million runs",
    )


def _surprise(seen: float, share: float) -> float:
    """Return one term of the divergence of what was seen from what was expected."""
    if seen == 0:
        return 0.0
    return seen * math.log(seen / share) if share > 0 else math.inf


def assert_gaussian(got: Any, std: float, call: str) -> None:
    """Require that numbers look drawn independently from a normal distribution around 0.

    Looked at are the mean, the mean of the squares [Laurent]_, and how many numbers lie within one and two standard
    deviations: a uniform distribution of the same variance fails that from some 600 numbers on.

    Parameters
    ----------
    got
        The numbers, in any shape.
    std
        The standard deviation.
    call
        The call that gave them.

    References
    ----------
    .. [Laurent] B. Laurent and P. Massart, "Adaptive estimation of a quadratic functional by model selection", The
       Annals of Statistics 28 (2000), lemma 1: of a sum of n squares of standard normal numbers, what exceeds n by
       2 sqrt(n x) + 2 x, or falls short of it by 2 sqrt(n x), has a probability of at most exp(-x) each.
    """
    finite(got, call)
    drawn = numbers(got, call).ravel() / std
    n, x = drawn.size, math.log(2 / FALSE_ALARM)
    bound = math.sqrt(2 * x / n)
    require(
        abs(drawn.mean()) <= bound,
        f"{call}: the mean of {n} numbers is {drawn.mean() * std:.3g}, where one of at most {bound * std:.3g} is "
        f"expected around 0",
    )
    square = float(np.square(drawn).mean())
    low, high = 1 - 2 * math.sqrt(x / n), 1 + 2 * math.sqrt(x / n) + 2 * x / n
    require(
        low <= square <= high,
        f"{call}: the standard deviation of {n} numbers is {math.sqrt(square) * std:.4g}, and {std:.4g} is expected",
    )
    for within, share in _WITHIN.items():
        count = int((np.abs(drawn) < within).sum())
        assert_share(count, n, share, f"{call}: a number lies within {within * std:.3g} of 0")
