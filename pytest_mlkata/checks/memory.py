"""How much a call holds in memory, which is counted in bytes: the same each time, on every machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from pytest_mlkata.checks.efficiency import growth
from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.solution.proxy import Held

SMALL = 2**20
"""Bytes that no growth makes too many."""

MOST_HELD = 4
"""Values of a stream that may be in use at a time."""

STEADY = 0.5
"""An exponent of memory that is not yet growth with a stream."""


class Weighed(Protocol):
    """What `assert_memory` and `assert_streamed` need of a solution."""

    def measure_memory(self, name: str, /, *args: Any, **kwargs: Any) -> Held:
        """Call a function and return what it held at most at a time."""

    def heaviest_line(self, name: str, /, *args: Any, **kwargs: Any) -> int:
        """Call a function and return the line on which it held most; 0 if that is unknown."""


def assert_memory(
    solution: Weighed,
    name: str,
    make_args: Callable[[int], tuple[Any, ...]],
    *,
    sizes: tuple[int, int] = (1024, 4096),
    exponent: float = 1.5,
) -> None:
    """Require that memory grows no faster than the number of samples to the power of `exponent`.

    Bytes are counted, so the verdict is the same each time: a table of all pairs grows as ``n**1.9`` to ``n**2``, what
    works sample by sample as ``n**1.1`` at most.

    Parameters
    ----------
    solution
        The solution.
    name
        The function to call.
    make_args
        From a number of samples to the arguments.
    sizes
        Two numbers of samples, ascending.
    exponent
        The power that is not yet allowed.
    """
    small, large = (make_args(size) for size in sizes)
    solution.measure_memory(name, *small)  # warm up: imports and caches take memory once
    held = [solution.measure_memory(name, *args).bytes for args in (small, large)]
    power = growth(held[0], held[1], sizes)
    if held[1] > SMALL and power >= exponent:
        raise CheckFailed(
            f"{name} holds {_megabytes(held[0])} MB for {sizes[0]} samples and {_megabytes(held[1])} MB for {sizes[1]}"
            f"{_most_of_it(solution, name, large)}; it must not hold a table of all pairs of samples"
        )


def assert_streamed(
    solution: Weighed,
    name: str,
    make_args: Callable[[int], tuple[Any, ...]],
    *,
    sizes: tuple[int, int] = (8, 64),
    most: int = MOST_HELD,
) -> None:
    """Require that a stream is worked through value by value: it may be longer than memory.

    Counted are the values of which an array is still in use when the next one comes, and the bytes that are held.

    Parameters
    ----------
    solution
        The solution.
    name
        The function to call.
    make_args
        From a number of values to the arguments, a `Stream` of so many values among them. Everything else, the size
        of a value too, must stay the same. Values should be of some 100 kB, so that bytes tell, too.
    sizes
        Two numbers of values, ascending.
    most
        So many values may be in use at a time: this one, one that is being put together, and so on.
    """
    solution.measure_memory(name, *make_args(sizes[0]))  # warm up
    few, many = (solution.measure_memory(name, *make_args(size)) for size in sizes)
    if many.values > most:
        raise CheckFailed(
            f"{name} holds {many.values} of the {sizes[1]} parts of the stream at a time"
            f"{_most_of_it(solution, name, make_args(sizes[1]))}; it must work through them one by one, and keep "
            f"nothing of a part but what it needs"
        )
    if many.bytes > SMALL and growth(few.bytes, many.bytes, sizes) >= STEADY:
        raise CheckFailed(
            f"{name} holds {_megabytes(few.bytes)} MB for a stream of {sizes[0]} parts and {_megabytes(many.bytes)} MB "
            f"for one of {sizes[1]}{_most_of_it(solution, name, make_args(sizes[1]))}; what it holds must not grow "
            f"with the stream"
        )


def _most_of_it(solution: Weighed, name: str, args: tuple[Any, ...]) -> str:
    """Say on which line most is held: only where a check fails, since it takes longer than to count bytes."""
    try:
        line = solution.heaviest_line(name, *args)
    except (CheckFailed, SubmissionRaised, SubmissionStopped):
        return ""
    return f", most of it at line {line}" if line else ""


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g}"
