"""A whole grading against the same properties as plain tests: `python benchmarks/whole_runs.py [ROUNDS]`.

Cold means that the cache of examples is empty, as in the first run of a kata; warm, that a run like it went before.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import bare_project
from measuring import ALONE, KATA, PYTEST, ROOT, Case, minima, ratio, rounds_asked_for, seconds, title

SOLUTIONS = {
    "right": (ROOT / "examples" / "solutions" / f"{KATA}.py", 0),
    "wrong": (ROOT / "katas" / KATA / "hidden" / "wrong" / "sum_gradient.py", 1),
}
"""What is handed in, and the exit code that it gets."""


def kata_case(folder: Path, solution: Path, code: int, cache: Path, *, cold: bool) -> Case:
    """Return a grading of `solution`."""
    command = [*PYTEST, *ALONE, "--kata", KATA, "--kata-solution", str(solution)]

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    environment = {"XDG_CACHE_HOME": str(cache)}
    return Case(command, folder, environment, code, forget) if cold else Case(command, folder, environment, code)


def cases(folder: Path) -> dict[str, Case]:
    """Return everything that is compared, made in `folder`; what is to be warm has run once."""
    made = {}
    project = folder / "project"
    project.mkdir()
    (project / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, (solution, code) in SOLUTIONS.items():
        made[f"bare pytest, {name}"] = bare_project.case(bare_project.make(folder / f"bare-{name}", solution), code)
        for state in ("cold", "warm"):
            cache = folder / f"cache-{name}-{state}"
            made[f"--kata, {name}, {state}"] = kata_case(project, solution, code, cache, cold=state == "cold")
    for case in made.values():
        case.run()
    return made


def main(rounds: int) -> None:
    """Measure and print."""
    title("Whole runs (processor time of all processes)")
    with tempfile.TemporaryDirectory() as folder:
        best = minima(cases(Path(folder)), rounds)
    seconds(best)
    ratio(best, "--kata, right, cold", "bare pytest, right", "at most 1.15")
    ratio(best, "--kata, right, warm", "bare pytest, right", "at most 0.6")
    ratio(best, "--kata, wrong, cold", "bare pytest, wrong")
    ratio(best, "--kata, wrong, warm", "bare pytest, wrong")
    ratio(best, "--kata, wrong, cold", "--kata, right, cold", "at most 1.2")
    ratio(best, "--kata, wrong, warm", "--kata, right, warm", "at most 1.2")


if __name__ == "__main__":
    main(rounds_asked_for())
