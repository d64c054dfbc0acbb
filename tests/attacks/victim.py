"""The kata that is attacked: `mean` is answered wrongly and must earn nothing, the rest is right."""

_KATA = """
format = 1
title = "Title of {name}"
question = 12
round = "coding-algorithms"
minutes = 5
tags = ["small"]
[limits]
call_seconds = 0.3
total_seconds = 8.0
"""
_STUB = '''
"""Three small functions."""


def double(x):
    """Twice every element of x (n,)."""
    raise NotImplementedError


def mean(x):
    """Return the mean of x (n,)."""
    raise NotImplementedError


def total(x):
    """Return the sum of x (n,), computed at once."""
    raise NotImplementedError
'''
REFERENCE = '''
"""The answer."""

import numpy as np


def double(x):
    return 2 * np.asarray(x)


def mean(x):
    return np.mean(x)


def total(x):
    return np.sum(x)


SECRET = "{key}"
'''
_CORRECTNESS = '''
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import close, points

from . import reference as answer

SECRET = "{key}"


@points(2)
def test_double_by_hand(solution):
    """double gives [2, 4] for [1, 2]"""
    close(solution.double(np.array([1.0, 2.0])), [2.0, 4.0], "double([1, 2])")
'''
_BY_HAND = '''

@points(1)
def test_mean_by_hand(solution):
    """mean of [1, 2, 6] is 3, and that of [7] is 7"""
    # Nothing here tells how many answers came.
    for got, right in zip(map(solution.mean, [np.array([1.0, 2.0, 6.0]), np.array([7.0])]), [3.0, 7.0]):
        close(got, right, "mean(x)")
'''
_OF_ANY_NUMBERS = '''

@points(3)
@settings(max_examples=10)
@given(x=st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_mean_of_any_numbers(solution, x):
    """mean agrees with the definition"""
    x = np.array(x)
    close(solution.mean(x), answer.mean(x), "mean(x)")
'''
_TOTAL = '''

@points(1)
def test_total_by_hand(solution):
    """total gives 3 for [1, 2]"""
    close(solution.total(np.array([1.0, 2.0])), 3.0, "total([1, 2])")
'''
_VECTORIZATION = '''
import numpy as np

from pytest_mlkata.checks import assert_vectorized, points


@points(2)
def test_total_at_once(solution):
    """total is computed at once"""
    assert_vectorized(solution, "total", lambda n: (np.arange(float(n)),))
'''
_OF_MEAN = {"test_mean_by_hand": _BY_HAND, "test_mean_of_any_numbers": _OF_ANY_NUMBERS}
ALL = (*_OF_MEAN, "test_total_at_once")
"""Every check that can be attacked."""


def files(name: str, aims: tuple[str, ...], key: str) -> dict[str, str]:
    """Return the files of a kata with the checks that an attack aims at, and with such as it must leave alone."""
    checks = _CORRECTNESS.format(key=key) + "".join(_OF_MEAN[aim] for aim in aims if aim in _OF_MEAN)
    efficiency = {}
    if "test_total_at_once" in aims:
        checks += _TOTAL
        efficiency = {"hidden/test_vectorization.py": _VECTORIZATION}
    return {
        "kata.toml": _KATA.format(name=name),
        "spec.md": f"# {name}\n",
        "stub.py": _STUB,
        "hidden/reference.py": REFERENCE.format(key=key),
        "hidden/test_correctness.py": checks,
        **efficiency,
    }
