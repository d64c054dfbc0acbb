from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import examples
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import HypothesisProvider

from pytest_mlkata.checks import (
    binary_problems,
    binary_scores,
    gradient_sequences,
    gradients,
    label_pairs,
    point_clouds,
    sample_weights,
    times,
    windows,
)
from pytest_mlkata.checks.data import at_least, digits, given_or_drawn

STRATEGIES = {
    "binary_problems": binary_problems(),
    "binary_scores": binary_scores(),
    "gradient_sequences": gradient_sequences(),
    "gradients": gradients(),
    "label_pairs": label_pairs(),
    "point_clouds": point_clouds(),
    "sample_weights": sample_weights(9),
    "times": times(9),
    "windows": windows(missing=True),
}
PRIMITIVES = ("draw_integer", "draw_bytes", "draw_boolean", "draw_float", "draw_string")


def test_a_byte_is_read_as_a_number_for_each_base() -> None:
    first, second = digits(bytes([0, 1, 9, 10, 17, 18, 255]), 9, 2)
    np.testing.assert_array_equal(first, [0, 1, 0, 1, 8, 0, 3])
    np.testing.assert_array_equal(second, [0, 0, 1, 1, 1, 0, 0])
    (nothing,) = digits(b"", 3)
    assert nothing.shape == (0,)


def test_every_pair_of_numbers_is_met() -> None:
    first, second = digits(bytes(range(256)), 9, 2)
    assert len(set(zip(first.tolist(), second.tolist(), strict=True))) == 18


def test_what_is_missing_is_filled_with_zeros() -> None:
    assert at_least(b"ab", 4) == b"ab\0\0"
    assert at_least(b"abc", 2) == b"abc"


def test_a_number_is_given_or_drawn() -> None:
    assert set(examples(given_or_drawn(3), 5)) == {3}
    assert set(examples(given_or_drawn(st.sampled_from((4, 5))), 20)) == {4, 5}


@pytest.mark.parametrize("name", STRATEGIES)
def test_an_example_takes_few_draws(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draws = 0

    def counted(primitive: Any) -> Any:
        def draw(*args: Any, **kwargs: Any) -> Any:
            nonlocal draws
            draws += 1
            return primitive(*args, **kwargs)

        return draw

    for primitive in PRIMITIVES:
        monkeypatch.setattr(HypothesisProvider, primitive, counted(getattr(HypothesisProvider, primitive)))
    # A draw costs some 20 microseconds, whatever it is of; a run of bytes is one.
    assert len(examples(STRATEGIES[name], 100)) == 100
    assert 100 <= draws <= 100 * 20
