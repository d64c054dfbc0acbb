"""What must not matter: the order of samples, how often all of them occur, units, the names of classes.

An invariant needs no right answer, and where it does not hold it says what is wrong. It does not replace a comparison
with the right answer: a wrong answer can be invariant, too.

Every function here takes the function under test first, which is called with the arrays alone. Other arguments are
bound by a lambda::

    assert_unchanged_by_order(lambda X, y: solution.loss(X, y, w, b), X, y, call="loss(X, y, w, b)")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Required, TypedDict, Unpack

import numpy as np

from pytest_mlkata.checks.close import ATOL, RTOL, close, numbers, pair, require
from pytest_mlkata.checks.dress import fits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = tuple[NDArray[Any], ...]


class Answer(TypedDict, total=False):
    """How an answer is called and compared: what all invariants take, as `assert_unchanged_by` tells."""

    call: Required[str]
    parts: str
    rtol: float
    atol: float


_SHUFFLE = 5
"""The seed of the one shuffle."""


def assert_unchanged_by(
    function: Callable[..., Any],
    /,
    *arrays: NDArray[Any],
    changes: Mapping[str, Callable[..., Arrays]],
    call: str,
    parts: str = "",
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Require that an answer stays the same when the data are changed in ways that must not matter.

    Parameters
    ----------
    function
        What is called with the arrays, such as ``solution.roc_auc``.
    *arrays
        Its arguments.
    changes
        From what is done to the data, such as ``"with both classes swapped"``, to a function that takes the arrays and
        returns them changed.
    call
        The call as the learner would write it, such as ``"roc_auc(y_true, y_score)"``.
    parts
        The parts of the answer by name, such as ``"dw, db"``, if it has several of different shape.
    rtol, atol
        As of `close`.
    """
    before = _answers(function(*arrays), call, parts)
    for what, change in changes.items():
        changed = change(*arrays)
        altered = f"{call} {what}, which must change nothing"
        for (label, now), (_, then) in zip(_answers(function(*changed), altered, parts), before, strict=True):
            close(now, then, label, inputs=(*arrays, *changed), rtol=rtol, atol=atol)


def _answers(got: Any, call: str, parts: str) -> list[tuple[str, NDArray[np.float64]]]:
    """Read an answer as arrays, each with what it is called."""
    if not parts:
        return [(call, numbers(got, call))]
    labels = [f"{part.strip()} of {call}" for part in parts.split(",")]
    return [(label, numbers(part, label)) for label, part in zip(labels, pair(got, call, parts), strict=True)]


def assert_unchanged_by_order(
    function: Callable[..., Any],
    /,
    *arrays: NDArray[Any],
    **answer: Unpack[Answer],
) -> None:
    """Require that an answer does not depend on the order of the samples: reversed, and shuffled once.

    Parameters
    ----------
    function
        What is called with the arrays.
    *arrays
        Arrays with a sample in each row, all reordered alike.
    **answer
        ``call``, ``parts``, ``rtol`` and ``atol``, as of `assert_unchanged_by`.
    """
    changes = {
        f"with the samples {how}": lambda *given, order=order: tuple(array[order] for array in given)
        for how, order in _orders(arrays)
    }
    assert_unchanged_by(function, *arrays, changes=changes, **answer)


def _orders(arrays: Arrays) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Other orders of the samples."""
    count = _samples(arrays)
    yield "in reverse order", np.arange(count)[::-1]
    yield "shuffled", np.random.default_rng(_SHUFFLE).permutation(count)


def _samples(arrays: Arrays) -> int:
    """Count the samples that all arrays have."""
    counts = {len(array) for array in arrays}
    if len(counts) != 1:
        raise ValueError(f"arrays of samples must be equally long, got lengths {[len(array) for array in arrays]}")
    return counts.pop()


def assert_follows_order(
    function: Callable[..., Any], /, *arrays: NDArray[Any], call: str, rtol: float = RTOL, atol: float = ATOL
) -> None:
    """Require that an answer for each sample depends on that sample alone: reordered samples reorder the answers.

    Parameters
    ----------
    function
        What is called with the arrays; its answer has a row for each sample.
    *arrays
        Arrays with a sample in each row, all reordered alike.
    call, rtol, atol
        As of `assert_unchanged_by`.
    """
    count = _samples(arrays)
    before = numbers(function(*arrays), call)
    require(
        before.shape[:1] == (count,),
        f"{call} must return an answer for each of the {count} samples, got an array of shape {before.shape}",
    )
    for how, order in _orders(arrays):
        changed = tuple(array[order] for array in arrays)
        altered = f"{call} with the samples {how}, which must only reorder the answers"
        close(function(*changed), before[order], altered, inputs=arrays, rtol=rtol, atol=atol)


def assert_unchanged_by_duplication(
    function: Callable[..., Any],
    /,
    *arrays: NDArray[Any],
    times: int = 2,
    **answer: Unpack[Answer],
) -> None:
    """Require that an answer stays the same when all samples occur several times: it is a mean, a rate or a share.

    Parameters
    ----------
    function
        What is called with the arrays.
    *arrays
        Arrays with a sample in each row. They need not be equally long.
    times
        How often each sample occurs then.
    **answer
        ``call``, ``parts``, ``rtol`` and ``atol``, as of `assert_unchanged_by`.
    """
    changes = {
        f"with every sample {_often(times)}": lambda *given: tuple(np.concatenate([array] * times) for array in given)
    }
    assert_unchanged_by(function, *arrays, changes=changes, **answer)


def _often(times: int) -> str:
    """Write how often something occurs."""
    return "twice" if times == 2 else f"{times} times"  # noqa: PLR2004 - the number that has a word


def assert_unchanged_by_scaling(
    function: Callable[..., Any],
    /,
    *arrays: NDArray[Any],
    factor: float = 4.0,
    what: str = "every number",
    **answer: Unpack[Answer],
) -> None:
    """Require that an answer does not depend on the unit of the data.

    Parameters
    ----------
    function
        What is called with the arrays.
    *arrays
        Arrays, all multiplied by the factor.
    factor
        What they are multiplied by. A power of two changes no digit, so that equal numbers stay equal.
    what
        What is multiplied, such as ``"every score"``: for the message.
    **answer
        ``call``, ``parts``, ``rtol`` and ``atol``, as of `assert_unchanged_by`.
    """
    changes = {f"with {what} multiplied by {factor:g}": lambda *given: tuple(array * factor for array in given)}
    assert_unchanged_by(function, *arrays, changes=changes, **answer)


def _ranks(scores: NDArray[Any]) -> NDArray[np.float64]:
    """Number the distinct scores from 0."""
    return np.unique(scores, return_inverse=True)[1].reshape(scores.shape).astype(np.float64)


INCREASING: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "doubled": lambda scores: scores * 2,
    "replaced by their ranks": _ranks,
    "replaced by negative numbers in the same order": lambda scores: _ranks(scores) * 10 - 1000,
}
"""Changes of scores that keep their order, ties included, exactly."""


def assert_unchanged_by_increasing(
    function: Callable[[NDArray[Any]], Any],
    scores: NDArray[Any],
    /,
    *,
    what: str = "the scores",
    **answer: Unpack[Answer],
) -> None:
    """Require that an answer depends on the order of scores alone, not on their values: all of `INCREASING`.

    Parameters
    ----------
    function
        What is called with the scores.
    scores
        Any numbers.
    what
        What is changed: for the message.
    **answer
        ``call``, ``parts``, ``rtol`` and ``atol``, as of `assert_unchanged_by`.
    """
    changes = {
        f"with {what} {how}": lambda scores, change=change: (change(scores),) for how, change in INCREASING.items()
    }
    assert_unchanged_by(function, scores, changes=changes, **answer)


RELABELLINGS: dict[str, Callable[[NDArray[np.int64]], NDArray[np.int64]]] = {
    "larger by 5": lambda labels: labels + 5,
    "replaced by 3 minus twice itself": lambda labels: 3 - 2 * labels,
}
"""New names of classes: the second turns their order around, leaves gaps and goes below zero."""


def assert_unchanged_by_relabelling(
    function: Callable[..., Any],
    /,
    *labels: NDArray[Any],
    mapping: Mapping[int, int] | None = None,
    **answer: Unpack[Answer],
) -> None:
    """Require that an answer does not depend on what the classes are called.

    Parameters
    ----------
    function
        What is called with the labels.
    *labels
        Arrays of whole numbers, all renamed alike. They keep their dtype where it holds the new names, and are int64
        elsewhere.
    mapping
        From old labels to new ones; others keep theirs. Without it, all of `RELABELLINGS` are tried.
    **answer
        ``call``, ``parts``, ``rtol`` and ``atol``, as of `assert_unchanged_by`.
    """
    renamings = RELABELLINGS if mapping is None else {f"renamed by {dict(mapping)}": _renaming(labels, mapping)}
    changes = {
        f"with every label {how}": lambda *given, rename=rename: tuple(_renamed(array, rename) for array in given)
        for how, rename in renamings.items()
    }
    assert_unchanged_by(function, *labels, changes=changes, **answer)


def _renaming(labels: Arrays, mapping: Mapping[int, int]) -> Callable[[NDArray[np.int64]], NDArray[np.int64]]:
    """Make a function of a mapping, which must not merge classes."""
    old = {int(label) for array in labels for label in array}
    if len({mapping.get(label, label) for label in old}) != len(old):
        raise ValueError(f"mapping {dict(mapping)} gives two of the classes {sorted(old)} one name")
    return lambda array: np.array([mapping.get(int(label), int(label)) for label in array], dtype=np.int64)


def _renamed(array: NDArray[Any], rename: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> NDArray[Any]:
    """Give labels new names, in their own dtype if it holds them."""
    new = rename(array.astype(np.int64))
    return new.astype(array.dtype) if fits(new, array.dtype.name) else new
