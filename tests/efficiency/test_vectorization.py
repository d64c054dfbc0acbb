"""The corpus: functions that work on whole arrays are never accused, and those that loop always are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import looping
import numpy as np
import pytest
import vectorized

from pytest_mlkata.checks import assert_vectorized
from pytest_mlkata.errors import CheckFailed

if TYPE_CHECKING:
    from judging import Start

pytest_plugins = ("judging",)

PARAMETERS = "X, y, w"


def arguments(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    return rng.normal(size=(n, 4)), np.arange(n) % 4, np.array([1.0, -2.0, 0.5, 3.0])


@pytest.mark.parametrize("name", vectorized.CASES)
def test_work_on_whole_arrays_is_not_accused(start: Start, name: str) -> None:
    assert_vectorized(start(PARAMETERS, vectorized.CASES[name]), "f", arguments)


@pytest.mark.parametrize("name", looping.CASES)
def test_a_loop_over_samples_is_found(start: Start, name: str) -> None:
    with pytest.raises(CheckFailed, match=r"^f loops over the samples at (line \d+|\w+\.py:\d+|<string>:\d+)"):
        assert_vectorized(start(PARAMETERS, looping.CASES[name]), "f", arguments)
