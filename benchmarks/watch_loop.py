"""From a save to the scorecard: `python benchmarks/watch_loop.py [ROUNDS]` (Linux).

Compared are the processor time of `mlkata watch` with all its processes, between a save and the scorecard, and that of
the same properties as plain tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import bare_project
from measuring import KATA, ROOT, least, ratio, rounds_asked_for, seconds, tell, title

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_UTIME: Final = 11
"""The first of four times in the fields of /proc/PID/stat behind the name: its own, and those of its ended children."""
BARE: Final = "bare pytest, right"
SAVES: Final = {
    "a change in predict_proba": "predict_proba",
    "a change in fit": "fit",
    "a change for all functions": "",
}
_CARD: Final = re.compile(r"\d+ / \d+ points$")
"""In the first line of a scorecard."""


class Loop:
    """The command, and the file that it watches."""

    def __init__(self, folder: Path) -> None:
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        self._solution = folder / "solutions" / f"{KATA}.py"
        self._solution.parent.mkdir()
        self._text = (ROOT / "examples" / "solutions" / f"{KATA}.py").read_text("utf-8")
        self._changes = dict.fromkeys(SAVES.values(), 0)
        self._write()
        command = [str(Path(sys.executable).with_name("mlkata")), "watch", KATA]
        self._process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        self._wait_for_card()

    def save(self, function: str = "") -> float:
        """Save a change, in one function or everywhere, and return the processor time until the scorecard is there."""
        before = _tree_seconds(self._process.pid)
        self._changes[function] += 1
        self._write()
        self._wait_for_card()
        return _tree_seconds(self._process.pid) - before

    def _write(self) -> None:
        text = f"{self._text}\n\nATTEMPT = {self._changes['']}\n"
        for name in filter(None, self._changes):
            text = re.sub(rf"(def {name}\(.*\):\n)", rf"\1    attempt = {self._changes[name]}\n", text)
        self._solution.write_text(text, encoding="utf-8")

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def _wait_for_card(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if _CARD.search(line):
                return
        raise RuntimeError("mlkata watch has ended")


def _tree_seconds(pid: int) -> float:
    """The processor time of a process, of those below it, and of those that have ended there."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    own = sum(map(int, fields[_UTIME : _UTIME + 4])) / _TICKS
    return own + sum(_tree_seconds(int(child)) for child in children)


def main(rounds: int) -> None:
    """Measure and print."""
    title("mlkata watch (processor time of all processes, from save to scorecard)")
    if sys.platform != "linux":
        print("measured on Linux only")
        return
    with tempfile.TemporaryDirectory() as folder:
        tell("starting mlkata watch")
        project = Path(folder, "project")
        project.mkdir()
        loop = Loop(project)
        bare = bare_project.case(
            bare_project.make(Path(folder, "bare"), ROOT / "examples" / "solutions" / f"{KATA}.py"), 0
        )
        try:
            cases: dict[str, Callable[[], float]] = {BARE: bare.cpu_seconds}
            cases |= {name: partial(loop.save, what) for name, what in SAVES.items()}
            best = least(cases, rounds)
        finally:
            loop.close()
    seconds(best)
    for name in SAVES:
        ratio(best, name, BARE, "at most 0.2")


if __name__ == "__main__":
    main(rounds_asked_for())
