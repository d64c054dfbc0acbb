"""Submissions that use up what the machine has, and runs that are broken off: what is lost, and that nothing is left.

Every fault is handed in for a small kata of its own, and one run for each isolation grades them all.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest
from resource_faults import FAULTS, HANGING, HONEST, MODES, Fault

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.solution.isolation import choose

pytestmark = [
    pytest.mark.attack,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]

ROOT: Final = Path(__file__).parents[2]
MANIFEST: Final = """
    format = 1
    title = "Title"
    question = 12
    round = "coding-algorithms"
    minutes = 5
    [limits]
    call_seconds = {call}
    total_seconds = {total}
    memory_mb = 512
    scratch_mb = {scratch}
"""
STUB: Final = '''
    """Scale numbers."""


    def double(x):
        """Twice every element of x (n,)."""
        raise NotImplementedError


    def mean(x, folder=""):
        """Return the mean of x (n,)."""
        raise NotImplementedError
'''
REFERENCE: Final = '''
    """The answer."""

    import numpy as np


    def double(x):
        return 2 * np.asarray(x)


    def mean(x, folder=""):
        return {answer}
'''
CHECKS: Final = '''
    import numpy as np

    from pytest_mlkata.checks import close, points


    @points(2)
    def test_double(solution):
        """double gives [2, 4] for [1, 2]"""
        close(solution.double(np.array([1.0, 2.0])), [2.0, 4.0], "double([1, 2])")


    @points(3)
    def test_mean({fixtures}):
        """mean gives 1.5 for [1, 2]"""
        close({called}, 1.5, "mean(x)")


    @points(2)
    def test_double_again(solution):
        """double gives [6] for [3]"""
        close(solution.double(np.array([3.0])), [6.0], "double([3])")
'''
CALLED: Final = {
    "plain": ("solution", "solution.mean(np.array([1.0, 2.0]))"),
    "scratch": ("solution, scratch", "solution.mean(np.array([1.0, 2.0]), str(scratch))"),
    "iterated": ("solution", "sum(solution.mean(np.array([1.0, 2.0])))"),
}
_PR_SET_CHILD_SUBREAPER: Final = 36
_KNOWN: Final = ("out.json", ".pytest_cache", "__pycache__")
"""What a run may leave: the report that was asked for, and caches."""


@dataclass(frozen=True)
class Graded:
    """What a run printed, wrote and left."""

    code: int
    printed: str
    seconds: float
    cards: dict[str, dict[str, Any]]
    processes: list[str]
    files: set[str]


@pytest.fixture(autouse=True)
def adopting() -> Iterator[None]:
    """Make this process the parent of whatever a run leaves behind."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C reach what a test starts: a shell that runs the tests in the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """An isolation that can be had here."""
    name: str = request.param
    try:
        choose(name)
    except MlkataError as error:
        pytest.skip(str(error))
    return name


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")


def hand_in(project: Path, fault: Fault) -> None:
    """Write a kata and a solution for it."""
    folder = project / "katas" / fault.name
    fixtures, called = CALLED[fault.kind]
    answer = "iter([np.mean(x)])" if fault.kind == "iterated" else "np.mean(x)"
    write(folder / "kata.toml", _manifest(fault))
    write(folder / "spec.md", "# Title\n")
    write(folder / "stub.py", STUB)
    write(folder / "hidden" / "reference.py", REFERENCE.format(answer=answer))
    write(folder / "hidden" / "test_correctness.py", CHECKS.format(fixtures=fixtures, called=called))
    write(project / "solutions" / f"{fault.name}.py", fault.source)


def _manifest(fault: Fault) -> str:
    filling = fault.kind == "scratch"
    call = fault.call or (10.0 if filling else 0.1)
    return MANIFEST.format(call=call, total=fault.total, scratch=5 if filling else 0)


def command(mode: str, names: str, *options: str) -> list[str]:
    plugins = [f"-pno:{name}" for name in ("randomly", "pytest_cov", *(() if "-n" in options else ("xdist",)))]
    return [sys.executable, "-m", "pytest", f"--kata={names}", f"--kata-isolation={mode}", *plugins, *options]


def environment(project: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTEST_ADDOPTS", "CI"}}
    (project / "tmp").mkdir(exist_ok=True)
    return {**kept, "TMPDIR": str(project / "tmp"), "XDG_CACHE_HOME": str(project.parent / "cache")}


def files_in(project: Path) -> set[str]:
    found: set[str] = set()
    # Unlike `Path.rglob` this says nothing of what is nested too deep to be looked at, and the topmost folder will do.
    for folder, folders, files in os.walk(project):
        paths = [Path(folder, name).relative_to(project) for name in (*folders, *files)]
        found |= {str(path) for path in paths if not set(path.parts) & set(_KNOWN)}
    return found


def descendants(pid: int) -> list[int]:
    """Return the processes below one that have not ended."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(word) for word in children.read_text().split()]
    return [each for each in found if _runs(each)] + [below for each in found for below in descendants(each)]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def left_behind(seconds: float = 5.0) -> list[str]:
    """Return the commands of the processes that do not end in so many seconds, after ending them."""
    deadline = time.monotonic() + seconds
    while (left := descendants(os.getpid())) and time.monotonic() < deadline:
        time.sleep(0.02)
    commands = []
    for pid in left:
        with suppress(OSError):
            commands.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
            os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return commands


def grade(mode: str, project: Path, faults: list[Fault]) -> Graded:
    write(project / "pytest.ini", "[pytest]\n")
    for fault in faults:
        hand_in(project, fault)
    variables = environment(project)
    before = files_in(project)
    started = time.monotonic()
    done = subprocess.run(
        command(mode, ",".join(fault.name for fault in faults), "-v", "--kata-json=out.json"),
        cwd=project,
        env=variables,
        capture_output=True,
        timeout=400,
        check=False,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    seconds = time.monotonic() - started
    data = json.loads((project / "out.json").read_text("utf-8"))
    cards = {card["kata"]: card for card in data["scorecards"]}
    return Graded(done.returncode, done.stdout + done.stderr, seconds, cards, left_behind(), files_in(project) - before)


def deviations(fault: Fault, card: dict[str, Any]) -> list[str]:
    """Say what came otherwise than it should."""
    checks = {check["id"].partition("::")[2]: check for check in card["checks"]}
    mean = checks["test_mean"]
    said = mean["message"].partition("\n")[0]
    wrong = []
    if mean["status"] not in {"failed", "error"} or not re.fullmatch(fault.said, said):
        wrong.append(f"test_mean is {mean['status']}: {said}")
    if checks["test_double"]["status"] != "passed" or card["earned"] != fault.earned or card["broken"] is not None:
        others = {name: check["message"] for name, check in checks.items() if check is not mean}
        wrong.append(f"it earns {card['earned']}, not {fault.earned}: {others}, {card['broken']}")
    return wrong


def test_what_a_submission_uses_up_costs_one_check(mode: str, tmp_path: Path) -> None:
    faults = [fault for fault in FAULTS if mode in fault.modes]
    graded = grade(mode, tmp_path / "project", [*faults, HONEST])
    wrong = {fault.name: said for fault in faults if (said := deviations(fault, graded.cards[fault.name]))}
    assert not wrong
    assert graded.cards["honest"]["earned"] == graded.cards["honest"]["possible"] == 7
    assert graded.code == 1
    assert "INTERNALERROR" not in graded.printed
    assert graded.processes == []
    assert graded.files == set()
    # Fifteen are enough where nothing else runs.
    assert graded.seconds < 300


@dataclass
class Running:
    """A run in the middle of a call that does not end."""

    process: subprocess.Popen[str]
    project: Path

    def finish(self) -> tuple[int, str]:
        """Wait for its end and give back its exit code and what it printed."""
        printed, _ = self.process.communicate(timeout=60)
        return self.process.returncode, printed

    def files(self) -> list[Path]:
        # pytest-xdist makes one of pytest's own folders, which stays a while.
        return [path for path in (self.project / "tmp").iterdir() if not path.name.startswith("pytest-of-")]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a run in a session of its own, and wait until the solution hangs."""
    started: list[Running] = []

    def begin(mode: str, *options: str) -> Running:
        project = tmp_path / "project"
        write(project / "pytest.ini", "[pytest]\n")
        hand_in(project, HANGING)
        process = subprocess.Popen(
            command(mode, HANGING.name, "--kata-json=out.json", *options),
            cwd=project,
            env=environment(project),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        started.append(Running(process, project))
        deadline = time.monotonic() + 120  # a busy machine takes its time
        while not _has_begun(project):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return started[-1]

    yield begin
    for running in started:
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)
        with running.process:
            pass
    left_behind(0.0)


def _has_begun(project: Path) -> bool:
    try:
        return any((project / "tmp").rglob("started"))
    except FileNotFoundError:
        # A folder that the judge has tried something in went away meanwhile.
        return False


@pytest.mark.parametrize(("whom", "options"), [("judge", ()), ("group", ()), ("group", ("-n", "2"))])
def test_an_interrupt_leaves_nothing(
    mode: str, whom: str, options: tuple[str, ...], start: Callable[..., Running]
) -> None:
    _interrupt(start(mode, *options), whom)


def test_an_interrupt_of_one_of_several_judges_leaves_nothing(start: Callable[..., Running]) -> None:
    # The others are given some seconds to end by themselves, whatever the isolation.
    _interrupt(start(choose(None)[0], "-n", "2"), "judge")


def _interrupt(run: Running, whom: str) -> None:
    assert len(descendants(os.getpid())) >= 3
    (os.kill if whom == "judge" else os.killpg)(run.process.pid, signal.SIGINT)
    code, printed = run.finish()
    assert code == pytest.ExitCode.INTERRUPTED, printed
    assert "KeyboardInterrupt" in printed
    assert "INTERNALERROR" not in printed
    assert left_behind() == []
    assert run.files() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_judge_leaves_no_process(mode: str, number: signal.Signals, start: Callable[..., Running]) -> None:
    run = start(mode)
    run.process.send_signal(number)
    assert run.finish()[0] == -number
    assert left_behind() == []


def test_a_killed_zygote_costs_one_check(mode: str, start: Callable[..., Running]) -> None:
    run = start(mode)
    (zygote,) = _zygotes_below(run.process.pid)
    os.kill(zygote, signal.SIGKILL)
    code, printed = run.finish()
    assert code == pytest.ExitCode.TESTS_FAILED, printed
    (card,) = json.loads((run.project / "out.json").read_text("utf-8"))["scorecards"]
    assert deviations(HANGING, card) == []
    if mode == "process":
        # What the submission has started has lost the one that would have ended it.
        assert len(left_behind(0.5)) <= 1
    else:
        assert left_behind() == []
    assert run.files() == []


def test_a_submission_that_hangs_everywhere_ends_soon(tmp_path: Path) -> None:
    kata = ROOT / "katas" / "logistic_regression"
    names = [function.name for function in read_stub(kata / "stub.py")]
    hanging = "".join(f"\n\ndef {name}(*args, **kwargs):\n    time.sleep(600)\n" for name in names)
    write(tmp_path / "pytest.ini", "[pytest]\n")
    write(tmp_path / "hanging.py", f"import time\n{hanging}")
    started = time.monotonic()
    done = subprocess.run(
        command(choose(None)[0], kata.name, "--kata-solution=hanging.py", "--kata-json=out.json"),
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        timeout=400,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    seconds = time.monotonic() - started
    (card,) = json.loads((tmp_path / "out.json").read_text("utf-8"))["scorecards"]
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert {check["status"] for check in card["checks"]} <= {"error", "blocked"}
    assert card["earned"] == 0
    # 44 where nothing else runs: 40 are those of all calls together.
    assert seconds < 300
    assert left_behind() == []


def _zygotes_below(pid: int) -> list[int]:
    """Return the zygotes of a judge: workers, which are forked from them, have the same command."""
    found = [each for each in descendants(pid) if _is_forked_or_zygote(each)]
    return [each for each in found if _parent(each) not in found]


def _is_forked_or_zygote(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return b"bwrap" not in command[0] and any(word.endswith(b"zygote.py") for word in command)


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
