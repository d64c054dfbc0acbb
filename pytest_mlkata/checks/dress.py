"""Every dress an array may come in: the same numbers in another dtype or another layout in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LABEL_DTYPES = ("int64", "int32", "bool", "uint8", "float64", "float32")
"""Dtypes that 0/1 labels come in."""

CLASS_DTYPES = ("int64", "int32", "int16", "float64")
"""Dtypes that labels of many classes come in, where they can hold them."""

LAYOUTS = ("contiguous", "Fortran-ordered", "non-contiguous", "read-only")
"""How an array lies in memory."""

_FLOAT_DTYPES = ("float64", "float32", "float64")
"""Float64 more often: only there an answer is compared to all its digits."""

_MANY_DTYPES = 60
"""To choose from: a number that one, two, three, four, five and six dtypes divide."""


def laid_out(array: NDArray[Any], layout: str) -> NDArray[Any]:
    """Copy an array into another layout.

    Parameters
    ----------
    array
        Any array.
    layout
        One of `LAYOUTS`.

    Returns
    -------
    numpy.ndarray
        The same numbers.
    """
    if layout == "Fortran-ordered":
        return np.array(array, order="F")
    if layout == "non-contiguous":
        # Every other element of a larger array, filled with what a careless reader would notice.
        wide = np.full(tuple(2 * size for size in array.shape), 77, dtype=array.dtype)
        every_other: tuple[Any, ...] = (*(slice(None, None, 2) for _ in array.shape), ...)
        view: NDArray[Any] = wide[every_other]
        view[...] = array
        return view
    copy = np.array(array, order="C")
    copy.flags.writeable = layout != "read-only"
    return copy


def fits(array: NDArray[Any], dtype: str) -> bool:
    """Tell whether a dtype holds the numbers of an array exactly.

    Parameters
    ----------
    array
        Any numbers.
    dtype
        What they are to be held in.

    Returns
    -------
    bool
        False where a number would be rounded, wrapped or cut.
    """
    with np.errstate(all="ignore"):
        return bool(np.array_equal(array.astype(dtype).astype(array.dtype), array, equal_nan=array.dtype.kind == "f"))


@dataclass(frozen=True)
class Dress:
    """What the arrays of one example come in.

    Attributes
    ----------
    floats
        The dtype of numbers: float64 or float32.
    labels
        The dtype of 0/1 labels: one of `LABEL_DTYPES`.
    layout
        One of `LAYOUTS`.
    """

    floats: str = "float64"
    labels: str = "int64"
    layout: str = "contiguous"

    def number_array(self, values: ArrayLike, *, rounded: bool = False) -> NDArray[Any]:
        """Put numbers into this dress; in float64 where float32 would change them, unless they may be `rounded`."""
        array = np.asarray(values, dtype=np.float64)
        dtype = self.floats if rounded or fits(array, self.floats) else "float64"
        return laid_out(array.astype(dtype), self.layout)

    def label_array(self, labels: ArrayLike) -> NDArray[Any]:
        """Put 0/1 labels into this dress."""
        return laid_out(np.asarray(labels).astype(self.labels), self.layout)


PLAIN = Dress()
"""Float64, int64, contiguous and writable."""


def dresses() -> st.SearchStrategy[Dress]:
    """Draw a dress for the arrays of one example.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of Dress
        The simplest is `PLAIN`.
    """
    return st.builds(
        Dress,
        floats=st.sampled_from(_FLOAT_DTYPES),
        labels=st.sampled_from(LABEL_DTYPES),
        layout=st.sampled_from(LAYOUTS),
    )


def _drawable(array: ArrayLike | st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Make a strategy of an array, where it is not one already."""
    return array if isinstance(array, st.SearchStrategy) else st.just(array)


def dressed(array: ArrayLike | st.SearchStrategy[Any], *, rounded: bool = False) -> st.SearchStrategy[NDArray[Any]]:
    """Draw an array of numbers in any legal dress: float64 or float32, in any layout.

    Parameters
    ----------
    array
        Numbers, or a strategy for them.
    rounded
        Whether float32 may round them. Otherwise numbers that float32 cannot hold come as float64 only.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of numpy.ndarray
        The same numbers.
    """
    return st.builds(lambda values, dress: dress.number_array(values, rounded=rounded), _drawable(array), dresses())


def dressed_labels(
    labels: ArrayLike | st.SearchStrategy[Any], *, dtypes: tuple[str, ...] | None = None
) -> st.SearchStrategy[NDArray[Any]]:
    """Draw labels in any legal dress: in every dtype that can hold them, in any layout.

    Parameters
    ----------
    labels
        Whole numbers, or a strategy for them.
    dtypes
        What they may come in: `LABEL_DTYPES` for zeros and ones and `CLASS_DTYPES` for others, unless it is given.
        A dtype that does not hold the labels gives way to the next that does, and to int64 where none does.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of numpy.ndarray
        The same labels.
    """

    def put_on(labels: ArrayLike, number: int, layout: str) -> NDArray[Any]:
        array = np.asarray(labels)
        offered = dtypes or (LABEL_DTYPES if np.isin(array, (0, 1)).all() else CLASS_DTYPES)
        holding = [dtype for dtype in offered if fits(array, dtype)] or ["int64"]
        return laid_out(array.astype(holding[number % len(holding)]), layout)

    return st.builds(put_on, _drawable(labels), st.integers(0, _MANY_DTYPES - 1), st.sampled_from(LAYOUTS))


def every_array_dress(array: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Go through every legal dress of an array of numbers.

    Parameters
    ----------
    array
        Numbers that float32 holds exactly, so that the right answer is the same in every dress.

    Yields
    ------
    tuple of str and numpy.ndarray
        What the dress is called, and the array in it.
    """
    for layout in LAYOUTS:
        yield layout, laid_out(array.astype(np.float64), layout)
    yield "float32", array.astype(np.float32)
    yield "float32, non-contiguous", laid_out(array.astype(np.float32), "non-contiguous")


def every_label_dress(labels: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Go through every legal dress of 0/1 labels.

    Parameters
    ----------
    labels
        Zeros and ones.

    Yields
    ------
    tuple of str and numpy.ndarray
        What the dress is called, and the labels in it.
    """
    for dtype in LABEL_DTYPES:
        yield dtype, labels.astype(dtype)
    yield "read-only", laid_out(labels, "read-only")
    yield "non-contiguous", laid_out(labels, "non-contiguous")
