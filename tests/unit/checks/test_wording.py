from __future__ import annotations

import numpy as np

from pytest_mlkata.checks.wording import MAX_LENGTH, called, place, shown


def test_values_are_shown_in_one_short_line() -> None:
    assert shown(np.float64(0.1)) == "0.1"
    assert shown(np.array(3)) == "3"
    assert shown(np.array([[1.0, 2.0], [3.0, 4.0]])) == "[[1., 2.], [3., 4.]]"
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 1000)) == MAX_LENGTH
    assert "..." in shown(np.zeros(1000))


def test_calls_are_written_by_dtype_and_shape() -> None:
    call = called("fit", (np.zeros((3, 2)), np.zeros(3, dtype=np.uint8), 0.1), {"n_iter": 5})
    assert call == "fit(float64 (3, 2), uint8 (3,), 0.1, n_iter=5)"


def test_places() -> None:
    assert place(()) == ""
    assert place((0, 2)) == "[0, 2]"
