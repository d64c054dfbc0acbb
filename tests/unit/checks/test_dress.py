from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from drawing import examples, smallest
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    CLASS_DTYPES,
    LABEL_DTYPES,
    LAYOUTS,
    dressed,
    dressed_labels,
    every_array_dress,
    every_label_dress,
    laid_out,
)
from pytest_mlkata.checks.dress import PLAIN, fits

if TYPE_CHECKING:
    from numpy.typing import NDArray


def layouts(arrays: list[NDArray[Any]]) -> set[str]:
    return {
        f"{'c' if array.flags.c_contiguous else ''}{'f' if array.flags.f_contiguous else ''}"
        f"{'w' if array.flags.writeable else ''}"
        for array in arrays
    }


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (3,), (3, 2), (1, 1), (2, 3, 4)])
@pytest.mark.parametrize("dtype", LABEL_DTYPES)
def test_a_layout_keeps_numbers_and_dtype(layout: str, shape: tuple[int, ...], dtype: str) -> None:
    array = (np.arange(np.prod(shape)) % 2).reshape(shape).astype(dtype)
    got = laid_out(array, layout)
    np.testing.assert_array_equal(got, array)
    assert got.dtype == array.dtype
    assert got.shape == shape
    assert not np.shares_memory(got, array)
    assert got.flags.writeable == (layout != "read-only")
    if layout == "Fortran-ordered":
        assert got.flags.f_contiguous
    if layout == "non-contiguous" and array.size > 1:
        assert not got.flags.c_contiguous
        assert not got.flags.f_contiguous


def test_every_dress_holds_the_same_numbers() -> None:
    array = np.array([[1.0, 2.0], [3.0, -4.0]])
    dresses = dict(every_array_dress(array))
    assert len(dresses) == len(LAYOUTS) + 2
    assert {dress.dtype.name for dress in dresses.values()} == {"float64", "float32"}
    labels = dict(every_label_dress(np.array([0, 1])))
    assert {dress.dtype.name for dress in labels.values()} == set(LABEL_DTYPES)
    for dress in dresses.values():
        np.testing.assert_array_equal(dress, array)
    for dress in labels.values():
        np.testing.assert_array_equal(dress, [0, 1])


@pytest.mark.parametrize(
    ("numbers", "dtype", "holds"),
    [
        ([0.25, -3.0], "float32", True),
        ([0.1], "float32", False),
        ([1e300], "float32", False),
        ([0.25, np.nan], "float32", True),
        ([255], "uint8", True),
        ([256], "uint8", False),
        ([-1], "uint8", False),
        ([2], "bool", False),
        ([2**40 + 1], "float64", True),
        ([2**40], "int32", False),
    ],
)
def test_a_dtype_fits_where_it_changes_nothing(numbers: list[float], dtype: str, holds: bool) -> None:  # noqa: FBT001
    assert fits(np.array(numbers), dtype) == holds


def test_numbers_are_drawn_in_every_dress() -> None:
    array = np.array([[0.25, 2.0], [3.0, -4.0]])
    drawn = examples(dressed(array), 60)
    assert {example.dtype.name for example in drawn} == {"float64", "float32"}
    assert layouts(drawn) == {"cw", "fw", "w", "c"}
    for example in drawn:
        np.testing.assert_array_equal(example, array)


def test_float32_never_rounds_unless_it_may() -> None:
    assert {example.dtype.name for example in examples(dressed([0.1]), 30)} == {"float64"}
    rounding = examples(dressed(st.just([0.1]), rounded=True), 30)
    assert {example.dtype.name for example in rounding} == {"float64", "float32"}


def test_labels_are_drawn_in_every_dtype_that_holds_them() -> None:
    for labels, dtypes in (
        ([0, 1, 1], set(LABEL_DTYPES)),
        ([0, 3, -1], set(CLASS_DTYPES)),
        ([0, 40_000], {"int64", "int32", "float64"}),
        ([2**40, 1], {"int64", "float64"}),
    ):
        drawn = examples(dressed_labels(labels), 60)
        assert {example.dtype.name for example in drawn} == dtypes
        assert layouts(drawn) == {"cfw", "w", "cf"}
        for example in drawn:
            np.testing.assert_array_equal(example, labels)
    assert {example.dtype.name for example in examples(dressed_labels([2**40], dtypes=("int16",)), 9)} == {"int64"}
    assert {example.dtype.name for example in examples(dressed_labels(st.just([7]), dtypes=("uint8",)), 9)} == {"uint8"}


def test_the_simplest_dress_is_plain() -> None:
    assert (PLAIN.floats, PLAIN.labels, PLAIN.layout) == ("float64", "int64", "contiguous")
    for simple in (smallest(dressed([0.5, 1.0]), lambda _: True), smallest(dressed_labels([0, 1]), lambda _: True)):
        assert simple.dtype.name in {"float64", "int64"}
        assert simple.flags.c_contiguous
        assert simple.flags.writeable
