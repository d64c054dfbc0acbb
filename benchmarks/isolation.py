"""What each isolation costs, as ratios to none, taken in turns in one run: `python benchmarks/isolation.py [ROUNDS]`.

Wall times, since most of the cost is waiting for another process; minima over the rounds. What this machine cannot
isolate so is left out and said.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.confine import Confinement
from pytest_mlkata.solution.describe import Call
from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.isolation import MEANING, choose

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "solutions"
SOURCE = "import numpy as np\n\ndef double(x):\n    return 2 * np.asarray(x)\n"
CALL = Call("double")
CALLS = 500
SMALL = np.arange(3.0)
LARGE = np.zeros(10 * 2**20 // 8)
ROWS = ("cold start to the first answer", "fresh worker to the first answer", "call", "call with 10 MB", "whole run")


class Subject:
    """One isolation, with what it needs to answer."""

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._exits = ExitStack()
        self.backend = self._start()

    def _start(self) -> Backend:
        if self._mode == "none":
            return InProcess(SOURCE, name="doubling")
        zygote = self._exits.enter_context(Zygote(boxed=self._mode == "sandbox"))
        how = Confinement(confined=self._mode != "process")
        return Host(zygote, SOURCE, name="doubling", how=how)

    def call(self, x: object) -> None:
        """Make one call."""
        self.backend.request("call", "double", (x,), {}, call=CALL)

    def close(self) -> None:
        """End what was started."""
        self.backend.close()
        self._exits.close()


def seconds(work: Callable[[], object]) -> float:
    """The wall time of some work."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(mode: str, folder: str) -> dict[str, float]:
    """Everything once."""
    started = time.perf_counter()
    subject = Subject(mode)
    subject.call(SMALL)
    times = {ROWS[0]: time.perf_counter() - started}

    def start_over() -> None:
        subject.backend.reset()
        subject.call(SMALL)

    def call_often() -> None:
        for _ in range(CALLS):
            subject.call(SMALL)

    times[ROWS[1]] = min(seconds(start_over) for _ in range(5))
    times[ROWS[2]] = seconds(call_often) / CALLS
    times[ROWS[3]] = min(seconds(lambda: subject.call(LARGE)) for _ in range(5))
    subject.close()
    times[ROWS[4]] = seconds(lambda: grade(mode, folder))
    return times


def grade(mode: str, folder: str) -> None:
    """Grade the shipped example."""
    names = ("--kata", "logistic_regression", "--kata-solution", str(EXAMPLES))
    command = [sys.executable, "-m", "pytest", "-q", *names, f"--kata-isolation={mode}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def available() -> list[str]:
    """The isolations of this machine."""
    modes = []
    for mode in MEANING:
        try:
            choose(mode)
            modes.append(mode)
        except MlkataError as error:
            print(error)
    return modes


def main(rounds: int) -> None:
    """Measure in turns and print the minima, and their ratios to none."""
    modes = available()
    best: dict[str, dict[str, float]] = {mode: dict.fromkeys(ROWS, float("inf")) for mode in modes}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for mode in modes:
                for row, value in measure(mode, folder).items():
                    best[mode][row] = min(best[mode][row], value)
    print(f"{'':34}" + "".join(f"{mode:>22}" for mode in modes))
    for row in ROWS:
        base = best["none"][row]
        cells = (f"{1e3 * best[mode][row]:.3f} ms {best[mode][row] / base:8.2f} x" for mode in modes)
        print(f"{row:34}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
