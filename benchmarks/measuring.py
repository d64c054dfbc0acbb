"""What every benchmark shares: commands, their processor time, minima over rounds in turns, and tables.

Seconds differ from machine to machine, and from minute to minute on a busy one; the ratio of minima of processor time
of whole process trees, taken in turns, hardly does.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
KATA: Final = "logistic_regression"
PYTEST: Final = (sys.executable, "-m", "pytest", "-q")
ALONE: Final = ("-p", "no:randomly", "-p", "no:pytest_cov", "-p", "no:xdist")
"""What else may be installed must not decide: randomly shuffles and imports NumPy."""


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Case:
    """A command that is measured.

    Attributes
    ----------
    command
        The command.
    folder
        Where it runs.
    environment
        What it gets beside our own environment.
    code
        The exit code that it must end with.
    prepare
        Is done before each run, and not measured.
    """

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    code: int = 0
    prepare: Callable[[], None] = nothing

    def run(self) -> None:
        """Run the command.

        Raises
        ------
        RuntimeError
            It ended otherwise than it must.
        """
        # A person's own settings must not decide, and with several BLAS threads it would be the scheduler.
        environment = {**os.environ, "PYTEST_ADDOPTS": "", "OPENBLAS_NUM_THREADS": "1", **self.environment}
        done = subprocess.run(
            self.command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != self.code:
            raise RuntimeError(f"{' '.join(self.command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    def cpu_seconds(self) -> float:
        """Run the command and return the processor time of all its processes."""
        self.prepare()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def minima(cases: Mapping[str, Case], rounds: int) -> dict[str, float]:
    """Measure every case in turns and return the least of each."""
    return least({name: case.cpu_seconds for name, case in cases.items()}, rounds)


def least(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Take every measure in turns and return the least of each."""
    best = dict.fromkeys(measures, float("inf"))
    for number in range(1, rounds + 1):
        for name, measure in measures.items():
            tell(f"round {number} of {rounds}: {name}")
            best[name] = min(best[name], measure())
    tell("")
    return best


def tell(what: str) -> None:
    """Show on standard error what is being done, in one line that the next replaces."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)
    elif what:
        print(what, file=sys.stderr, flush=True)


def title(text: str) -> None:
    """Print the head of a section."""
    print(f"\n{text}\n{'-' * len(text)}")


def ratio(best: Mapping[str, float], above: str, below: str, aim: str = "") -> None:
    """Print one ratio, with what it should be."""
    print(f"{f'{above} / {below}':64} {best[above] / best[below]:7.3f}{f'   (aim: {aim})' if aim else ''}")


def seconds(best: Mapping[str, float]) -> None:
    """Print what the ratios are made of."""
    for name, value in best.items():
        print(f"{name:64} {value:7.3f} s of processor time")


def rounds_asked_for(default: int = 5) -> int:
    """Return the number on the command line."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default
