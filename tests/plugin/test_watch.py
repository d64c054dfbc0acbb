"""`mlkata watch` from outside: files are saved, scorecards come, and Ctrl-C ends it all."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scaling import Run, Solve, write

PATIENCE = 90.0
"""Seconds for what takes one or two where the machine has nothing else to do."""

STYLES = re.compile(r"\x1b\[[0-9;]*m")
CLEAR = "\x1b[H\x1b[2J"
Started = Callable[..., "Watching"]


class Watching:
    """The command while it runs."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], terminal: tuple[int, int] | None) -> None:
        self._output, stdout = os.pipe() if terminal is None else terminal
        self._seen, held = os.pipe()
        self.said = ""
        self._command = subprocess.Popen(
            [str(Path(sys.executable).with_name("mlkata")), "watch", "scaling", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stdout,
            env={**os.environ, "TERM": "xterm", "TMPDIR": str(folder / "temporary")},
            start_new_session=True,
            # Whatever it forks holds this end, too: at the other one is seen when all of them are gone.
            pass_fds=[held],
        )
        self.pid = self._command.pid
        os.close(stdout)
        os.close(held)

    def wait_for(self, text: str) -> str:
        """Read until it has said `text`; give what came, up to the end of that line, and forget it."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(f"{text}.*\n", STYLES.sub("", self.said))):
            left = deadline - time.monotonic()
            assert left > 0, f"no {text!r} in {self.said!r}"
            if select.select([self._output], [], [], left)[0]:
                new = os.read(self._output, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
                assert new, f"it ended and said {self.said!r}"
                self.said += new
        text = STYLES.sub("", self.said)
        self.said = text[found.end() :]
        return text[: found.end()]

    def press_ctrl_c(self) -> None:
        """Do what a terminal does then: every process of the group is told, not just the first."""
        os.killpg(self.pid, signal.SIGINT)

    def end(self) -> int:
        """Wait for the end of it and of all that it has started, and give its exit code."""
        code = self._command.wait(PATIENCE)
        assert select.select([self._seen], [], [], PATIENCE)[0], "a process is left"
        return code

    def close(self) -> None:
        if self._command.poll() is None:
            self._command.terminate()
            self._command.wait(PATIENCE)
        os.close(self._output)
        os.close(self._seen)


@pytest.fixture
def start(project: Path) -> Iterator[Started]:
    begun = []
    (project / "temporary").mkdir()

    def started(*arguments: str, terminal: tuple[int, int] | None = None) -> Watching:
        begun.append(Watching(project, arguments, terminal))
        return begun[-1]

    yield started
    for each in begun:
        each.close()


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, where the system tells."""
    below = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(each) for each in below.read_text().split()] if below.exists() else []
    return children + [each for child in children for each in descendants(child)]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_every_save_is_graded_as_a_run_of_its_own_would(
    start: Started, solve: Solve, run: Run, right: str, project: Path
) -> None:
    watching = start()
    watching.wait_for("0 / 8 points")  # nothing is there yet: that is the stub
    wrong = right.replace("2 *", "3 *")
    assert wrong != right
    solution = solve(wrong)
    card = watching.wait_for("next: ").rpartition("\n\nScaling")[2]
    alone = run()
    assert card.strip() in STYLES.sub("", alone.result.stdout.str())
    assert alone.points < (8, 8)
    solution.write_text("def double(:\n")
    watching.wait_for("SyntaxError")
    solve("while True:\n    pass\n")  # overtaken as soon as it is begun, or later
    time.sleep(0.5)
    new = write(project / "new.py", right)
    new.rename(solution)
    assert "while" not in watching.wait_for("✓ 8 / 8 points")
    solution.unlink()
    watching.wait_for("0 / 8 points")
    solve(right)
    watching.wait_for("✓ 8 / 8 points")
    started = descendants(watching.pid)
    watching.press_ctrl_c()
    assert watching.end() == 0
    assert "Traceback" not in watching.said
    deadline = time.monotonic() + PATIENCE
    while left := [pid for pid in started if is_there(pid)]:
        assert time.monotonic() < deadline, f"left: {left}"
        time.sleep(0.05)
    assert list((project / "temporary").iterdir()) == []
    assert {path.name for path in (project / "solutions").iterdir()} == {"scaling.py"}


def test_on_a_terminal_the_card_is_repainted_in_place(start: Started, solve: Solve, right: str, project: Path) -> None:
    controller, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    solve(right)
    watching = start("--kata-isolation=process", "--kata-seed=3", terminal=(controller, os.dup(terminal)))
    first = watching.wait_for("✓ 8 / 8 points")
    assert first.count(CLEAR) == 1
    check = project / "katas" / "scaling" / "hidden" / "test_edge_cases.py"
    check.write_text(check.read_text().replace("@points(1)", "@points(4)", 1))  # an author is at work
    assert CLEAR in watching.wait_for(r"✓ 11 / 11 points")
    (project / "katas" / "scaling" / "kata.toml").write_text("format = 1\nminuts = 3\n")
    assert CLEAR in watching.wait_for("not graded")
    os.kill(watching.pid, signal.SIGTERM)
    assert watching.end() == 128 + signal.SIGTERM
    assert termios.tcgetattr(terminal) == before
    os.close(terminal)


def test_what_was_named_and_is_not_there_is_waited_for(start: Started, right: str, project: Path) -> None:
    watching = start("--kata-solution", "mine.py")
    watching.wait_for("mine.py does not exist; .*; waiting for it")
    write(project / "mine.py", right)
    watching.wait_for("✓ 8 / 8 points")
    watching.press_ctrl_c()
    assert watching.end() == 0
