"""Compares whole runs, as ratios taken in one interleaved run: `python benchmarks/grading.py [ROUNDS]`.

Seconds differ from machine to machine, and from minute to minute on a busy one; the ratio of minima of processor time
of whole process trees, taken in turns, hardly does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples" / "solutions"
KATA = ("--kata", "logistic_regression", "--kata-solution", str(EXAMPLES))
PLAIN = "def test_nothing():\n    pass\n"
CASES = {
    "pytest without the plugin": ("-p", "no:mlkata"),
    "pytest with the plugin, unused": (),
    "--kata, none": (*KATA, "--kata-isolation=none"),
    "--kata, process": KATA,
}
RATIOS = (
    ("pytest with the plugin, unused", "pytest without the plugin"),
    ("--kata, process", "--kata, none"),
    ("--kata, process", "pytest without the plugin"),
)


def cpu_seconds(arguments: tuple[str, ...], folder: str) -> float:
    """The processor time of a whole pytest run, its child processes included."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=folder, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(rounds: int) -> None:
    """Measure every case in turns and print the ratios of the minima."""
    best = dict.fromkeys(CASES, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_plain.py").write_text(PLAIN, encoding="utf-8")
        for _ in range(rounds):
            for name, arguments in CASES.items():
                best[name] = min(best[name], cpu_seconds(arguments, folder))
    for name, seconds in best.items():
        print(f"{name:32} {seconds:6.2f} s of processor time")
    for above, below in RATIOS:
        print(f"{above} / {below}: {best[above] / best[below]:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
