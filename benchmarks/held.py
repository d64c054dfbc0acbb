"""How much memory the judge and a worker take: `python benchmarks/held.py` (Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import ALONE, KATA, PYTEST, ROOT, title

from pytest_mlkata.solution.clock import CpuClock
from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.proxy import Solution

SOLUTION = ROOT / "examples" / "solutions" / f"{KATA}.py"


def judge(arguments: tuple[str, ...]) -> int:
    """The most bytes that a pytest run ever held, its children aside."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_plain.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        process = subprocess.Popen([*PYTEST, *ALONE, *arguments], cwd=folder, stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # it was waited for
    return usage.ru_maxrss * 1024


def worker() -> tuple[int, int]:
    """The most bytes that the process held which workers come from, and a worker after a call."""
    with Zygote() as zygote:
        host = Host(zygote, SOLUTION.read_text("utf-8"), name=KATA)
        X, y = np.random.default_rng(0).normal(size=(1000, 10)), np.arange(1000) % 2
        Solution(host, ("fit",)).fit(X, y)
        held = CpuClock(zygote.pid).peak_memory(), host.peak_memory()
        host.close()
    return held


def main() -> None:
    """Measure and print."""
    title("Memory (most of it that was ever held)")
    if sys.platform != "linux":
        print("measured on Linux only")
        return
    plain = judge(("-p", "no:mlkata"))
    grading = judge(("--kata", KATA, "--kata-solution", str(SOLUTION)))
    zygote, one = worker()
    for name, held in {
        "pytest with one empty test": plain,
        "judge": grading,
        "process that workers come from": zygote,
        "worker, most of it shared with that": one,
    }.items():
        print(f"{name:64} {held / 2**20:7.1f} MB")


if __name__ == "__main__":
    main()
