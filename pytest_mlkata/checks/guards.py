"""A guard that acts by itself: the same call gives the same answer again.

That a call leaves its arguments alone is looked at where the call is made (see `pytest_mlkata.solution.runner`). Both
concern every function, unless ``[guards]`` in ``kata.toml`` says otherwise.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from pytest_mlkata.checks.close import FEW_DIGITS, has_few_digits
from pytest_mlkata.checks.wording import shown
from pytest_mlkata.errors import CheckFailed, SubmissionRaised
from pytest_mlkata.solution.proxy import Handle, Solution, Stream

ALWAYS = 2
"""So many first calls of a function in a check are made twice."""
EVERY = 8
"""Of the calls after these, one in so many is made twice."""
MOST_PARTS = 20_000
"""An answer of more lists, numbers and arrays than this is not compared: that could take as long as it liked."""
_LARGEST = np.iinfo(np.int64).max


class Guarded(Solution):
    """A solution some of whose calls are made twice, in which they must give the same answer.

    Parameters
    ----------
    *args, **kwargs
        As of `Solution`.
    may_vary
        Functions that may answer otherwise the second time.
    """

    def __init__(self, *args: Any, may_vary: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._may_vary = may_vary
        self._calls: dict[str, int] = {}
        self._suspects: set[str] = set()

    def start_over(self) -> None:
        """Forget the calls so far: which ones are made twice must not depend on the checks before."""
        super().start_over()
        self._calls.clear()
        self._suspects.clear()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a function of the submission."""
        function = super().__getattr__(name)
        if name in self._may_vary:
            return function

        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            first = function(*args, **kwargs)
            if (
                self._is_sampled(name)
                and _is_plain((first, args, tuple(kwargs.values())))
                and _parts(first, MOST_PARTS) <= MOST_PARTS
            ):
                self._require_again(function, first, args, kwargs)
            return first

        return guarded

    def _is_sampled(self, name: str) -> bool:
        count = self._calls[name] = self._calls.get(name, 0) + 1
        # Hypothesis calls again to see whether a failure is real, and to make it smaller.
        return count <= ALWAYS or count % EVERY == 0 or name in self._suspects

    def _require_again(
        self, function: Callable[..., Any], first: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        name = function.__name__
        try:
            with _no_breakpoints():
                second = function(*args, **kwargs)
        except SubmissionRaised as error:
            self._suspects.add(name)
            raise CheckFailed(
                f"{name} answers at first, and when it is called again with the same arguments, it raises {error}"
            ) from None
        if not same_answer(first, second):
            self._suspects.add(name)
            raise CheckFailed(
                f"{name} gives {shown(first)}, and {shown(second)} when it is called again with the same arguments: "
                "a call must not depend on the calls before it"
            )


@contextmanager
def _no_breakpoints() -> Iterator[None]:
    """Pass breakpoints over: whoever put one into a solution that runs in this process has stopped there already."""
    kept, sys.breakpointhook = sys.breakpointhook, lambda *_args, **_kwargs: None
    try:
        yield
    finally:
        sys.breakpointhook = kept


def _is_plain(value: Any) -> bool:
    """Tell whether a value consists of values, so that a call on it can be repeated and compared."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return not isinstance(value, Handle | Stream)


def _parts(value: Any, most: int) -> int:
    """Count everything inside an answer, until it is more than `most`."""
    items = value.values() if isinstance(value, dict) else value
    if not isinstance(value, list | tuple | set | frozenset | dict):
        return 0
    count = len(items)
    for item in items:
        if count > most:
            break
        count += _parts(item, most - count)
    return count


def same_answer(first: Any, second: Any) -> bool:
    """Compare two answers of one function, whatever they are: numbers but for rounding; nan equals nan.

    Parameters
    ----------
    first, second
        The answers.

    Returns
    -------
    bool
        Whether they are the same.
    """
    if isinstance(first, list | tuple) or isinstance(second, list | tuple):
        mine, other = _items(first), _items(second)
        if mine is None or other is None or len(mine) != len(other):
            return False
        return all(map(same_answer, mine, other))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same_answer(first[key], second[key]) for key in first)
    if _is_numeric(first) and _is_numeric(second):
        # Not bit for bit: the same sum may round differently in memory that is aligned differently.
        few = has_few_digits(first) or has_few_digits(second)
        rtol, atol = (FEW_DIGITS, FEW_DIGITS) if few else (1e-6, 1e-9)
        return np.shape(first) == np.shape(second) and np.allclose(first, second, rtol=rtol, atol=atol, equal_nan=True)
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return isinstance(first, np.ndarray) and isinstance(second, np.ndarray) and np.array_equal(first, second)
    return bool(first == second)


def _items(value: Any) -> list[Any] | None:
    """Return the items of a list, a tuple or an array."""
    is_array = isinstance(value, np.ndarray) and value.ndim > 0
    return list(value) if isinstance(value, list | tuple) or is_array else None


def _is_numeric(value: Any) -> bool:
    """Tell whether NumPy can compare a value as numbers."""
    if isinstance(value, int):
        return abs(value) <= _LARGEST  # what is larger would be an object to NumPy
    return isinstance(value, float | complex) or (
        isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "buifc"
    )
