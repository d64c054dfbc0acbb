from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytest_mlkata.checks import close, finite, has_shape, number, numbers, pair, require, within
from pytest_mlkata.errors import CheckFailed


class Thing:
    def __repr__(self) -> str:
        return "<Thing of the solution>"


ONES = (1, 1.0, True, np.float64(1), np.float32(1), np.int64(1), np.bool_(True), np.array(1.0), np.array(1))  # noqa: FBT003 - a NumPy bool


@pytest.mark.parametrize("got", ONES)
def test_numbers_compare_by_value_not_by_type(got: Any) -> None:
    close(got, 1.0, "f()")
    assert number(got, "f()") == 1.0


@pytest.mark.parametrize("got", [[1, 2], (1, 2), np.array([1, 2]), [np.float64(1), 2], (np.array(1), np.float32(2))])
def test_sequences_compare_by_value_not_by_type(got: Any) -> None:
    close(got, np.array([1.0, 2.0]), "f()")


@pytest.mark.parametrize(
    ("got", "text"),
    [
        (None, "got None"),
        ("abc", "got 'abc'"),
        (Thing(), "got <Thing of the solution>"),
        ([1, None], "got [1, None]"),
        ([[1, 2], [3]], "got [[1, 2], [3]]"),
        (1j, "got 1j"),
        (np.array(["a"]), "got ['a']"),
        ({"w": 1}, "got {'w': 1}"),
        (10**400, "got 1000"),
        (b"x", "got b'x'"),
    ],
)
def test_what_is_no_number_is_named(got: Any, text: str) -> None:
    with pytest.raises(CheckFailed, match="must return") as failure:
        close(got, [1.0, 2.0], "fit(X, y)")
    assert str(failure.value).startswith("fit(X, y) must return an array of shape (2,), got ")
    assert text in str(failure.value)


def test_a_shape_is_compared_before_values() -> None:
    with pytest.raises(CheckFailed, match=r"predict\(X\) must return an array of shape \(2,\), got an array of shape"):
        close(np.zeros((2, 1)), np.ones(2), "predict(X)")
    with pytest.raises(CheckFailed, match=r"must return a single number, got an array of shape \(1,\)"):
        close(np.ones(1), 1.0, "loss(X, y)")
    has_shape(3.0, (), "f()")
    has_shape([[1, 2]], (1, 2), "f()")


def test_nan_is_named_before_values() -> None:
    with pytest.raises(CheckFailed, match=r"^f\(\)\[1\] must be finite, got nan$"):
        close([5.0, np.nan], [1.0, 2.0], "f()")
    with pytest.raises(CheckFailed, match=r"^f\(\) must be finite, got inf$"):
        finite(np.inf, "f()")
    finite([1, 2], "f()")


def test_nan_and_infinity_may_be_the_right_answer() -> None:
    close([np.nan, np.inf, -np.inf], [np.nan, np.inf, -np.inf], "f()")
    with pytest.raises(CheckFailed, match=r"expected nan, got 1\.0"):
        close(1.0, np.nan, "f()")
    with pytest.raises(CheckFailed, match="expected inf, got -inf"):
        close(-np.inf, np.inf, "f()")


def test_a_difference_is_located_and_measured() -> None:
    with pytest.raises(CheckFailed) as failure:
        close([[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0], [3.0, 4.0]], "f(X)")
    assert str(failure.value) == (
        "f(X): 1 of 4 numbers are wrong; the first is [1, 1]: expected 4.0, got 5.0 (off by 1). "
        "Expected [[1., 2.], [3., 4.]], got [[1., 2.], [3., 5.]]"
    )
    with pytest.raises(CheckFailed, match=r"^loss\(X\): expected 1.0, got 1.5 \(off by 0.5\)$"):
        close(1.5, 1.0, "loss(X)")


def test_a_long_answer_is_cut() -> None:
    with pytest.raises(CheckFailed) as failure:
        close(np.zeros(10_000), np.ones(10_000), "f()")
    assert len(str(failure.value)) < 400


def test_float32_among_the_inputs_widens_the_tolerance() -> None:
    single = np.ones(2, dtype=np.float32)
    close(1.00005, 1.0, "f()", inputs=(single,))
    close(1.00005, 1.0, "f()", inputs=(np.float32(1),), rtol=1e-9)
    close(1.01, 1.0, "f()", inputs=(single,), rtol=0.1)
    for inputs in ((), (np.ones(2), 3, None), (np.ones(2, dtype=np.uint8),)):
        with pytest.raises(CheckFailed):
            close(1.00005, 1.0, "f()", inputs=inputs)


def test_the_default_tolerance_is_narrow() -> None:
    close(1 + 1e-8, 1.0, "f()")
    for wrong in (1 + 1e-6, 0.0):
        with pytest.raises(CheckFailed):
            close(wrong, 1.0, "f()")
    with pytest.raises(CheckFailed):
        close(1e-8, 0.0, "f()")


def test_a_tolerance_is_relative_to_what_was_summed() -> None:
    # 1e6 - 1e6 + 1: rounding is a matter of the millions.
    close(1 + 1e-4, 1.0, "f()", rtol=1e-9, magnitude=1e6)
    with pytest.raises(CheckFailed, match=r"expected 1.0, got 1.0001 \(off by 0.0001\)"):
        close(1 + 1e-4, 1.0, "f()", rtol=1e-9)
    with pytest.raises(CheckFailed, match=r"expected 1.0, got 1.01 \(off by 0.01\)"):
        close(1.01, 1.0, "f()", rtol=1e-9, magnitude=1e6)


def test_a_magnitude_may_differ_from_element_to_element() -> None:
    close([1e-3, 0.0], [0.0, 0.0], "f()", magnitude=[1e5, 0.0])
    with pytest.raises(CheckFailed, match=r"1 of 2 numbers are wrong; the first is \[1\]: expected 0.0, got 0.001"):
        close([1e-3, 1e-3], [0.0, 0.0], "f()", magnitude=[1e5, 0.0])
    close(np.full((2, 3), 1e-3), np.zeros((2, 3)), "f()", magnitude=np.full(3, 1e5))
    with pytest.raises(CheckFailed, match="5 of 6 numbers are wrong"):
        close(np.full((2, 3), 1e-3), np.zeros((2, 3)), "f()", magnitude=np.array([[1e5, 0, 0], [0, 0, 0]]))


def test_fewer_digits_count_for_the_magnitude_too() -> None:
    few = np.ones(2, dtype=np.float32)
    close(5e-3, 0.0, "f()", inputs=(few,), magnitude=100)
    with pytest.raises(CheckFailed):
        close(5e-3, 0.0, "f()", magnitude=100)
    with pytest.raises(CheckFailed):
        close(5e-2, 0.0, "f()", inputs=(few,), magnitude=100)


@pytest.mark.parametrize("magnitude", [0.0, 1e6, [1e6, 1e6, 1e6, 0.0]])
def test_nan_and_infinity_agree_with_themselves_only_whatever_the_magnitude(magnitude: Any) -> None:
    right = [1.0, np.nan, np.inf, -np.inf]
    close(right, right, "f()", magnitude=magnitude)
    for position, other in ((1, 1.0), (2, 1e300), (3, np.inf), (3, -1e300), (1, np.inf), (2, np.nan)):
        got = right.copy()
        got[position] = other
        with pytest.raises(CheckFailed, match=r"^f\(\)"):
            close(got, right, "f()", magnitude=magnitude)
    for other in (np.nan, np.inf, -np.inf):
        with pytest.raises(CheckFailed, match=r"f\(\)\[0\] must be finite"):
            close([other, *right[1:]], right, "f()", magnitude=magnitude)


def test_the_ends_of_a_tolerance_belong_to_it() -> None:
    close(2.5, 2.0, "f()", rtol=0, atol=0.5)
    close(3.0, 2.0, "f()", rtol=0.5, atol=0)
    with pytest.raises(CheckFailed):
        close(3.0000001, 2.0, "f()", rtol=0.5, atol=0)


@pytest.mark.parametrize("got", [(1, 2), [1, 2], np.array([1.0, 2.0])])
def test_a_pair_may_be_any_sequence(got: Any) -> None:
    w, b = pair(got, "fit(X, y)", "w, b")
    assert (w, b) == (1, 2)


def test_what_is_no_pair_is_named() -> None:
    with pytest.raises(CheckFailed, match=r"^fit\(X, y\) must return a pair \(w, b\), got None$"):
        pair(None, "fit(X, y)", "w, b")
    with pytest.raises(CheckFailed, match=r"must return a triple \(p, r, f\), got 2 values: \(1, 2\)"):
        pair((1, 2), "prf()", "p, r, f")
    for got in ("ab", {1: 2, 3: 4}, np.float64(1), Thing(), 7):
        with pytest.raises(CheckFailed, match="must return a pair"):
            pair(got, "f()", "a, b")
    with pytest.raises(CheckFailed, match="must return 4 values"):
        pair(1, "f()", "a, b, c, d")


def test_within_includes_its_ends_and_refuses_nan() -> None:
    within([0, 0.5, 1], 0, 1, "p()")
    within(1e300, 10, np.inf, "cost()")
    with pytest.raises(CheckFailed, match=r"p\(\)\[1\] must be between 0 and 1, got 1.5"):
        within([0.5, 1.5], 0, 1, "p()")
    with pytest.raises(CheckFailed, match=r"must be at least 10, got 9.0"):
        within(9, 10, np.inf, "p()")
    with pytest.raises(CheckFailed):
        within(np.nan, 0, 1, "p()")


def test_numbers_copies_into_float64() -> None:
    source = np.ones(2, dtype=np.float32)
    got = numbers(source, "f()")
    assert got.dtype == np.float64
    assert not np.shares_memory(source, got)


def test_require() -> None:
    require(condition=True, message="never")
    with pytest.raises(CheckFailed, match=r"^said$"):
        require(condition=False, message="said")


def test_a_part_of_an_answer_is_nothing_that_is_returned() -> None:
    with pytest.raises(CheckFailed, match=r"^w of fit\(X, y\) must be an array of shape \(2,\), got a single number"):
        has_shape(1.0, (2,), "w of fit(X, y)")
    with pytest.raises(CheckFailed, match=r"^rank\('one of two'\) must return a single number, got"):
        has_shape([1.0], (), "rank('one of two')")
