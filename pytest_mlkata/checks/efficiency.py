"""Efficiency, judged without a stopwatch where that is possible.

Vectorization is counted: Python-level events per place of the program, at three sizes. Time is a ratio of CPU time to
the reference's, interleaved, until it is clearly under or over the limit; where the contract asks for an order of
growth, it is how much faster than the reference's it grows. What a call holds in memory is in `memory`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pytest_mlkata.checks.close import require
from pytest_mlkata.errors import CheckFailed, Inconclusive

ALLOWED_SLOPE = 0.2
"""Events per sample at one place from which on it is a loop over samples: chunks of up to 5 samples are caught."""

FIRST_ACCEPT, FIRST_REJECT, LAST = 3, 5, 9
"""Pairs of measurements before a verdict may be good, may be bad, must be given."""

MOST_NAMED = 4
"""Places of a loop that a message names."""

FEW = 5
"""From so many times on a ratio needs no digit after the point."""

MARGIN = 0.1
"""By so much must an exponent of time keep away from its limit to decide."""


class Counted(Protocol):
    """What `assert_vectorized` needs of a solution."""

    def count_events(self, name: str, /, *args: Any, **kwargs: Any) -> Mapping[str, int]:
        """Call a function and return how many Python-level events happened at each place."""


class Measured(Protocol):
    """What `assert_fast` needs of a solution."""

    def measure_cpu(self, name: str, /, *args: Any, **kwargs: Any) -> float:
        """Call a function and return the CPU seconds it took."""


def assert_vectorized(
    solution: Counted,
    name: str,
    make_args: Callable[[int], tuple[Any, ...]],
    *,
    sizes: tuple[int, int, int] = (128, 512, 2048),
    allowed: float = ALLOWED_SLOPE,
) -> None:
    """Require that Python-level work does not grow with the number of samples.

    Parameters
    ----------
    solution
        The solution.
    name
        The function to call.
    make_args
        From a number of samples to the arguments. Everything else must stay the same at every size: features,
        iterations, class balance.
    sizes
        Three numbers of samples, ascending.
    allowed
        Events per sample that are not yet a loop. A place is guilty only if it grows by that on both intervals.
    """
    solution.count_events(name, *make_args(sizes[0]))  # the first call may import or cache something
    counts = [solution.count_events(name, *make_args(size)) for size in sizes]
    guilty = _loops(counts, sizes, allowed)
    if guilty:
        # Lines of the solution rather than of a library that calls them: those are what can be changed.
        guilty = [each for each in guilty if each.where.startswith("line ")] or guilty
        worst = guilty[0]
        named = sorted((each.where for each in guilty if each.slope > worst.slope / 2), key=_by_number)
        raise CheckFailed(
            f"{name} loops over the samples at {_listed(named)}: "
            + ", ".join(f"{count} times for {size} samples" for count, size in zip(worst.seen, sizes, strict=True))
            + ". Replace the loop by operations on whole arrays"
        )


@dataclass(frozen=True)
class _Loop:
    """A place that is busier with more samples."""

    where: str
    slope: float
    """Events per sample."""
    seen: tuple[int, ...]


def _loops(counts: list[Mapping[str, int]], sizes: tuple[int, int, int], allowed: float) -> list[_Loop]:
    """Find the places that grow too fast with the samples on both intervals, the busiest first."""
    found = []
    for where in counts[-1]:
        seen = tuple(count.get(where, 0) for count in counts)
        slope = min((seen[i + 1] - seen[i]) / (sizes[i + 1] - sizes[i]) for i in range(len(sizes) - 1))
        if slope >= allowed:
            found.append(_Loop(where, slope, seen))
    return sorted(found, key=lambda loop: (-loop.slope, _by_number(loop.where)))


def _by_number(where: str) -> tuple[str | int, ...]:
    """Sort lines as people count them, so that a grade repeats word for word."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", where))


def _listed(places: list[str]) -> str:
    """Name the places: the loop, and a function that it calls, are equally busy, and nobody knows which is which."""
    more = f" and {len(places) - MOST_NAMED} more places" if len(places) > MOST_NAMED else ""
    return ", ".join(places[:MOST_NAMED]) + more


def assert_fast(
    solution: Measured,
    reference: Measured,
    name: str,
    args: tuple[Any, ...],
    *,
    limit: float = 10.0,
    against: tuple[str, tuple[Any, ...]] | None = None,
) -> None:
    """Require that a call takes at most `limit` times the CPU time of the reference.

    Raises `Inconclusive`, which costs nothing, where nine pairs of measurements stay between the limits.

    Parameters
    ----------
    solution, reference
        The solution and the reference: each is measured on the same arguments, in turns.
    name
        The function to call.
    args
        Its arguments: such that the reference takes some milliseconds.
    limit
        The ratio that is allowed.
    against
        Another function that the reference is measured with, and its arguments: any that ``reference.py`` has, such as
        the plain way that the solution must beat. If left out, it is the same call.
    """
    best = {"solution": float("inf"), "reference": float("inf")}
    rival, arguments = against or (name, args)
    calls: list[tuple[str, Measured, str, tuple[Any, ...]]]
    calls = [("reference", reference, rival, arguments), ("solution", solution, name, args)]
    for _, runner, function, given in calls:
        _seconds(runner, function, given)  # warm up: imports, caches, first touch of memory
    whose = "the reference on the same input" if against is None else f"`{rival}`"
    ratio = float("inf")
    for pairs in range(1, LAST + 1):
        for label, runner, function, given in calls:
            best[label] = min(best[label], _seconds(runner, function, given))
        calls.reverse()
        if math.inf in best.values():
            continue
        ratio = best["solution"] / best["reference"]
        if pairs >= FIRST_ACCEPT and ratio <= limit / 2:
            return
        too_slow = pairs >= FIRST_REJECT and ratio >= 1.25 * limit
        require(
            not too_slow,
            f"{name} takes {_times(ratio)} times the processor time of {whose} "
            f"({best['solution'] * 1e3:.1f} ms for {best['reference'] * 1e3:.1f} ms); {limit:g} times is allowed",
        )
    _require_measured(ratio, name)
    if ratio > limit / 1.5:
        raise Inconclusive(
            f"{name} takes about {ratio:.1f} times the processor time of {whose}; {limit:g} times is allowed"
        )


def _times(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= FEW else f"{ratio:.1f}"


def assert_growth(
    solution: Measured,
    reference: Measured,
    name: str,
    make_args: Callable[[int], tuple[Any, ...]],
    *,
    sizes: tuple[int, int] = (500, 8000),
    excess: float = 0.55,
) -> None:
    """Require that CPU time grows with the number of samples about as that of the reference does.

    If it grows as ``n**a`` and the reference's as ``n**b``, then ``a - b`` is near 0 for whatever is of the same order,
    and 0.7 to 1.3 for all pairs where the reference sorts. That overhead is part of every short call, and that large
    arrays are handled otherwise than small ones, has the same effect on both.

    Raises `Inconclusive`, which costs nothing, where nine rounds of measurements stay near the limit.

    Parameters
    ----------
    solution, reference
        The solution and the reference: each is measured on the same arguments, in turns.
    name
        The function to call.
    make_args
        From a number of samples to the arguments.
    sizes
        Two numbers of samples, ascending.
    excess
        So much larger than the reference's may the exponent be.
    """
    runners = (solution, reference)
    best = {(i, size): float("inf") for i in range(len(runners)) for size in sizes}
    arguments = {size: make_args(size) for size in sizes}
    for runner in runners:
        runner.measure_cpu(name, *arguments[sizes[0]])  # warm up
    power = float("inf")
    for rounds in range(1, LAST + 1):
        for (i, size), seconds in best.items():
            best[i, size] = min(seconds, _seconds(runners[i], name, arguments[size]))
        if math.inf in best.values():
            continue
        mine, theirs = (growth(best[i, sizes[0]], best[i, sizes[1]], sizes) for i in range(len(runners)))
        power = mine - theirs
        if rounds >= FIRST_ACCEPT and power <= excess - MARGIN:
            return
        times = [best[i, sizes[1]] / best[i, sizes[0]] for i in range(len(runners))]
        require(
            rounds < FIRST_REJECT or power < excess + MARGIN,
            f"{name} takes {times[0]:.0f} times as long for {sizes[1]} samples as for {sizes[0]}, the reference "
            f"{times[1]:.0f} times: with more samples it will be too slow",
        )
    _require_measured(power, name)
    raise Inconclusive(
        f"the time of {name} grows faster than the reference's by about n^{power:.2f}; n^{excess:g} is allowed"
    )


def _seconds(runner: Measured, name: str, args: tuple[Any, ...]) -> float:
    """Measure a call; infinity where the clock has not moved, as it does once in ten thousand times.

    What takes no time would be the best of all measurements, and nothing else would count.
    """
    seconds = runner.measure_cpu(name, *args)
    return seconds if seconds > 0 else math.inf


def _require_measured(found: float, name: str) -> None:
    if math.isinf(found):
        raise Inconclusive(f"the processor time of {name} cannot be told here: the clock does not move")


def growth(before: float, after: float, sizes: tuple[int, int]) -> float:
    """Return the exponent of the growth from the one size to the other."""
    return math.log(max(after, 1e-9) / max(before, 1e-9)) / math.log(sizes[1] / sizes[0])
