"""Counts false verdicts on efficiency under load: `python benchmarks/verdicts.py [CHECKS]`.

Two processes a core do nothing but work meanwhile. Every function has a verdict that is known: what is judged by time
may be called inconclusive instead, which is shown; what is counted may not, and its counts must be the same each time.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import numpy as np

from pytest_mlkata.checks import assert_fast, assert_growth, assert_vectorized
from pytest_mlkata.errors import CheckFailed, Inconclusive
from pytest_mlkata.model import Limits
from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.proxy import Solution

Args = tuple[np.ndarray, ...]
SOURCE = """
import numpy as np


def passes(x):
    for _ in range(20):
        total = np.sqrt(x).sum()
    return total


def half_as_much_again(x):
    for _ in range(30):
        total = np.sqrt(x).sum()
    return total


def four_times(x):
    for _ in range(80):
        total = np.sqrt(x).sum()
    return total


def twenty_five_times(x):
    for _ in range(500):
        total = np.sqrt(x).sum()
    return total


def ranks(x):
    order = np.argsort(x)
    found = np.empty(len(x))
    found[order] = np.arange(len(x))
    return found


def ranks_of_pairs(x):
    return (x[:, None] > x[None, :]).sum(axis=1)


def ranks_in_parts(x):
    return np.concatenate([(part[:, None] > x).sum(axis=1) for part in np.array_split(x, 8)])


def epochs(x):
    w = 0.0
    for _ in range(300):
        w = w - 0.01 * np.mean(w - x)
    return w


def minibatches(x):
    w = 0.0
    for _ in range(10):
        for part in np.array_split(x, 16):
            w = w - 0.01 * np.mean(w - part)
    return w


def loop(x):
    total = 0.0
    for value in x:
        total += value
    return total


def hidden_loop(x):
    return sum(map(float, x))
"""


def sample(n: int) -> Args:
    """The argument of every function."""
    return (np.random.default_rng(n).random(n),)


def verdict(check: Callable[[], None]) -> str:
    """What a check says."""
    try:
        check()
    except CheckFailed:
        return "fails"
    except Inconclusive:
        return "inconclusive"
    return "holds"


def timed(solution: Solution, yardstick: Solution) -> dict[str, tuple[str, Callable[[], None]]]:
    """Checks that are judged by time, and what they must say."""

    def fast(name: str) -> Callable[[], None]:
        return lambda: assert_fast(_Renamed(solution, name), yardstick, "passes", sample(20_000))

    def grows(name: str) -> Callable[[], None]:
        return lambda: assert_growth(_Renamed(solution, name), yardstick, "ranks", sample)

    return {
        "fast: as much": ("holds", fast("passes")),
        "fast: 1.5 times": ("holds", fast("half_as_much_again")),
        "fast: 4 times": ("holds", fast("four_times")),
        "fast: 25 times": ("fails", fast("twenty_five_times")),
        "growth: sorting": ("holds", grows("ranks")),
        "growth: without sorting": ("holds", grows("passes")),
        "growth: all pairs": ("fails", grows("ranks_of_pairs")),
        "growth: all pairs in parts": ("fails", grows("ranks_in_parts")),
    }


def counted(solution: Solution) -> dict[str, tuple[str, Callable[[], None]]]:
    """Checks that are judged by counting, and what they must say."""
    known = {"epochs": "holds", "minibatches": "holds", "ranks": "holds", "loop": "fails", "hidden_loop": "fails"}
    return {
        f"counted: {name}": (expected, lambda name=name: assert_vectorized(solution, name, sample))  # type: ignore[misc]
        for name, expected in known.items()
    }


class _Renamed:
    """A solution one of whose functions goes by the name of the one it is compared with."""

    def __init__(self, solution: Solution, name: str) -> None:
        self._solution = solution
        self._name = name

    def measure_cpu(self, _name: str, /, *args: object, **kwargs: object) -> float:
        """Time the function."""
        return self._solution.measure_cpu(self._name, *args, **kwargs)


@contextmanager
def load() -> Iterator[None]:
    """Keep every core busy, twice."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def run(checks: dict[str, tuple[str, Callable[[], None]]], times: int) -> dict[str, Counter[str]]:
    """Run the checks in turns, so many in all."""
    seen: dict[str, Counter[str]] = {name: Counter() for name in checks}
    for done, (name, (_, check)) in enumerate(itertools.islice(itertools.cycle(checks.items()), times)):
        print(f"\r{done} of {times}", end="", file=sys.stderr)
        seen[name][verdict(check)] += 1
    print(file=sys.stderr)
    return seen


def main(times: int) -> None:
    """Print the verdicts of so many checks by time, and as many by counting."""
    functions = tuple(line[4 : line.index("(")] for line in SOURCE.splitlines() if line.startswith("def "))
    with ExitStack() as exits:
        zygote = exits.enter_context(Zygote())
        limits = Limits(total_seconds=1e6)
        hosts = (Host(zygote, SOURCE, name="load", limits=limits) for _ in range(2))
        solution, yardstick = (Solution(host, functions) for host in hosts)
        exits.enter_context(load())
        for title, checks in (("by time", timed(solution, yardstick)), ("by counting", counted(solution))):
            seen = run(checks, times)
            false = sum(
                count
                for name, verdicts in seen.items()
                for said, count in verdicts.items()
                if said not in {checks[name][0], "inconclusive"}
            )
            for name, verdicts in seen.items():
                print(f"{name:28} must be: {checks[name][0]:6} was: {dict(verdicts)}")
            print(f"{title}: {false} false verdicts of {times}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
