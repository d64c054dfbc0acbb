"""What many installed katas cost: `python benchmarks/discovery.py [ROUNDS]`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from measuring import ALONE, KATA, PYTEST, ROOT, Case, minima, rounds_asked_for, seconds, title

NUMBERS: Final = (10, 100, 1000)
START: Final = "pytest that finds no test"


def make(folder: Path, number: int) -> Path:
    """Make a project with so many katas of its own."""
    shipped = ROOT / "katas" / KATA
    folder.mkdir()
    for i in range(number):
        kata = folder / "katas" / f"kata_{i}"
        shutil.copytree(shipped, kata, ignore=shutil.ignore_patterns("right", "wrong", "__pycache__"))
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return folder


def main(rounds: int) -> None:
    """Measure and print."""
    title("Katas that are installed (processor time)")
    listed = [str(Path(sys.executable).with_name("mlkata")), "list"]
    chosen = [*PYTEST, *ALONE, "--collect-only", "--kata", KATA]
    with tempfile.TemporaryDirectory() as folder:
        cases = {START: Case([*PYTEST, *ALONE, "-p", "no:mlkata"], make(Path(folder, "none"), 0), code=5)}
        for number in NUMBERS:
            project = make(Path(folder, str(number)), number)
            cases[f"mlkata list, {number} katas"] = Case(listed, project)
            cases[f"--kata NAME --collect-only, {number} katas"] = Case(chosen, project)
        for case in cases.values():
            case.run()
        best = minima(cases, rounds)
    seconds(best)
    few, many = NUMBERS[0], NUMBERS[-1]
    for what in ("mlkata list", "--kata NAME --collect-only"):
        more = best[f"{what}, {many} katas"] - best[f"{what}, {few} katas"]
        print(f"{what}: {more:.3f} s more for {many} katas than for {few}")
    beyond = best[f"mlkata list, {many} katas"] - best[START]
    print(f"mlkata list, {many} katas: {beyond:.3f} s beyond the start of pytest (aim: at most 0.1)")


if __name__ == "__main__":
    main(rounds_asked_for())
