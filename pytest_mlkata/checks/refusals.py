"""Bad input: how a function is to refuse it, and input of which one thing is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pytest_mlkata.checks.calls import raises

if TYPE_CHECKING:
    from numpy.typing import NDArray


def assert_refuses(
    function: Callable[..., Any], good: tuple[Any, ...], bad: Iterable[tuple[Any, ...]], *others: Any
) -> None:
    """Require that a function raises ValueError for bad input, and not for good input before it.

    A refusal must not be a matter of the first call, nor of everything that is passed.

    Parameters
    ----------
    function
        A function of the solution, such as ``solution.roc_auc``.
    good
        Arguments that it takes.
    bad
        Arguments that it must refuse; in front of them stands what is wrong with them, in words.
    *others
        Further arguments that are the same, and right, in each call.
    """
    function(*good, *others)
    for because, *arguments in bad:
        raises(ValueError, function, *arguments, *others, because=because)


def with_bad(array: NDArray[Any], *numbers: float) -> Iterator[tuple[str, NDArray[Any]]]:
    """Put a number into an array: at its start, in its middle and at its end.

    Parameters
    ----------
    array
        Numbers, of which none is bad; of any shape, not empty.
    *numbers
        What is put there: nan, inf, or what else is bad in this place.

    Yields
    ------
    str, numpy.ndarray
        What is where (``"nan at [0, 1]"``), and a copy of the array with it, in a dtype of floats.
    """
    for number in numbers:
        for place in dict.fromkeys((0, array.size // 2, array.size - 1)):
            broken = array.astype(array.dtype if array.dtype.kind == "f" else np.float64)
            broken.flat[place] = number
            where = ", ".join(str(int(i)) for i in np.unravel_index(place, array.shape))
            yield f"{number:g} at [{where}]", broken


def bad_binary_scores(y_true: NDArray[Any], y_score: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """Make labels and scores of two classes bad, in one way after the other.

    Parameters
    ----------
    y_true, y_score
        Integer labels of 0 and 1 and finite scores, at least three of each.

    Yields
    ------
    str, numpy.ndarray, numpy.ndarray
        What is wrong with them, labels and scores: no samples, lengths that differ, other labels, nan and inf.
    """
    n = len(y_true)
    yield "no samples", y_true[:0], y_score[:0]
    yield f"{n} labels with {n - 1} scores", y_true, y_score[:-1]
    yield f"{n} labels with 1 score", y_true, y_score[:1]
    yield f"1 label with {n} scores", y_true[:1], y_score
    for label in (-1, 2, 0.5, np.nan, np.inf):
        for place in (0, n // 2, n - 1):
            labels = y_true.astype(type(label))
            labels[place] = label
            yield f"a label of {label:g} at [{place}]", labels, y_score
    for pair in ((0.5, 1.0), (0.0, np.nan), (2.0, 3.0)):
        yield f"labels of {pair[0]:g} and {pair[1]:g} alone", np.resize(pair, n), y_score
    of_bytes = y_true.astype(np.uint8)
    of_bytes[n // 2] = 2
    yield "a label of 2, of uint8", of_bytes, y_score
    for what, scores in with_bad(y_score, np.nan, np.inf, -np.inf):
        yield f"a score of {what}", y_true, scores
