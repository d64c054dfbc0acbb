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


def test_given_names_only_short_values_are_written_out() -> None:
    X, y = np.zeros((3, 2)), np.zeros(3)
    names = ("X", "y", "lr")
    assert called("fit", (X, y, 0.1), {"n_iter": 5}, names) == "fit(X, y, 0.1, n_iter=5)"
    assert called("fit", (X,), {"y": y, "lr": np.float32(0.5)}, names) == "fit(X, y=y, lr=0.5)"
    assert called("fit", ([1, 2], {}, None), {"how": "macro"}, names) == "fit(X, y, None, how='macro')"
    assert called("fit", (np.array(1.5), True, 1j), {}, names) == "fit(X, True, 1j)"


def test_what_has_no_name_goes_by_what_it_is() -> None:
    assert called("fit", (np.zeros(2), np.zeros(3)), {}, ("X",)) == "fit(X, float64 (3,))"
    assert called("f", (), {}, ("X",)) == "f()"


def test_places() -> None:
    assert place(()) == ""
    assert place((0, 2)) == "[0, 2]"
