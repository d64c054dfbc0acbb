"""Limits, the life of workers and of the zygote, and what replies mean."""

from __future__ import annotations

import builtins
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.errors import MlkataError, NotStarted, SubmissionRaised, SubmissionStopped, SubmissionUnloadable
from pytest_mlkata.kata.manifest import BANNED_IMPORTS
from pytest_mlkata.model import Limits
from pytest_mlkata.solution import confine, introduction, launcher
from pytest_mlkata.solution.channel import Channel
from pytest_mlkata.solution.clock import CpuClock
from pytest_mlkata.solution.confine import Confinement
from pytest_mlkata.solution.describe import Call, describe
from pytest_mlkata.solution.host import Host, _ending
from pytest_mlkata.solution.launcher import Zygote, loadable
from pytest_mlkata.solution.output import MAX_OUTPUT, Output, plain
from pytest_mlkata.solution.proxy import Solution
from pytest_mlkata.solution.scratch import Scratch
from pytest_mlkata.solution.verdict import MalformedReplyError, NoFurtherValue, verdict
from pytest_mlkata.solution.zygote import SCIPY

SOURCE = """
import os, time
state = []

def pid():
    state.append(1)
    return os.getpid(), len(state)

def nap(seconds):
    time.sleep(seconds)

def spin():
    while True:
        pass

def same(value):
    return value

def busy():
    return sum(range(1_000_000))
"""
NAMES = ("pid", "nap", "spin", "same", "busy")
CALL = Call("f", (1,))


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


def make(zygote: Zygote, source: str = SOURCE, **limits: Any) -> tuple[Host, Solution]:
    host = Host(zygote, source, name="example", limits=Limits(**limits))
    return host, Solution(host, NAMES)


def refuse(_how: object) -> None:
    pytest.fail("a worker was started")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int, seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_one_worker_until_reset(zygote: Zygote) -> None:
    host, solution = make(zygote)
    assert host.pid is None
    first, count = solution.pid()
    assert (host.pid, count) == (first, 1)
    assert solution.pid() == (first, 2)
    host.reset()
    assert host.pid is None
    second, count = solution.pid()
    assert second != first
    assert count == 1
    host.close()
    assert gone(first)
    assert gone(second)


def test_reset_keeps_a_worker_that_has_done_nothing(zygote: Zygote) -> None:
    host, solution = make(zygote)
    host._ready(CALL)
    pid = host.pid
    host.reset()
    assert solution.pid() == (pid, 1)
    host.close()


def test_two_hosts_of_one_zygote_know_nothing_of_each_other(zygote: Zygote) -> None:
    one, first = make(zygote)
    other, second = make(zygote)
    assert first.pid()[0] != second.pid()[0]
    assert second.pid()[1] == 2
    one.close()
    assert second.pid()[1] == 3
    other.close()


def test_the_limit_of_all_calls_together(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    host, solution = make(zygote, total_seconds=0.4)
    with pytest.raises(SubmissionStopped, match=r"used up the 0.4 s that all calls have together in nap\(5\)"):
        solution.nap(5)
    monkeypatch.setattr(zygote, "fork", refuse)
    for _ in range(2):
        host.reset()
        with pytest.raises(SubmissionStopped, match=r"together were used up before pid\(\)"):
            solution.pid()


@pytest.mark.parametrize("of_the_judge", [False, True])
def test_waiting_for_a_processor_does_not_count(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch, *, of_the_judge: bool
) -> None:
    waits = 0.0
    mine = os.getpid()
    monkeypatch.setattr(CpuClock, "waited", lambda clock: waits if (clock._pid == mine) is of_the_judge else 0.0)
    host, solution = make(zygote, total_seconds=0.4)
    waits = 60.0
    for _ in range(2):
        solution.nap(0.3)
        solution.nap(0.3)
    waits = 0.8
    with pytest.raises(SubmissionStopped, match=r"the 0.4 s that all calls have together were used up before pid\(\)"):
        solution.pid()
    host.close()


def test_what_all_calls_have_together_stays_used_up(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = 0.0
    monkeypatch.setattr(CpuClock, "waited", lambda _: waits)
    host, solution = make(zygote, total_seconds=0.2)
    with pytest.raises(SubmissionStopped, match=r"used up the 0.2 s that all calls have together in nap\(5\)"):
        solution.nap(5)
    waits = 60.0
    with pytest.raises(SubmissionStopped, match=r"together were used up before pid\(\)"):
        solution.pid()
    host.close()


def test_the_limit_of_a_call_is_cpu_time(zygote: Zygote) -> None:
    host, solution = make(zygote, call_seconds=0.2)
    solution.nap(0.4)
    with pytest.raises(SubmissionStopped, match=r"took more than 0.2 s \(processor time\)"):
        solution.spin()
    assert 0.2 <= host.cpu_seconds() < 2
    host.close()


def test_small_calls_do_not_add_up(zygote: Zygote) -> None:
    host, solution = make(zygote, call_seconds=0.1)
    while host.cpu_seconds() < 0.15:
        solution.busy()
    host.close()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("while True: pass", r"took more than 0.5 s \(processor time\) in import of the solution"),
        ("import os; os._exit(7)", "the process ended: exit status 7 in import of the solution"),
    ],
)
def test_a_load_that_stops_is_not_tried_again(
    zygote: Zygote, source: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, solution = make(zygote, source, call_seconds=0.1)
    with pytest.raises(SubmissionStopped, match=message):
        solution.pid()
    monkeypatch.setattr(zygote, "fork", refuse)
    host.reset()
    with pytest.raises(SubmissionStopped, match=message):
        solution.pid()


def test_an_interrupt_of_the_judge_kills_the_worker(zygote: Zygote) -> None:
    host, solution = make(zygote)
    pid, _ = solution.pid()
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        solution.nap(5)
    timer.join()
    assert gone(pid)
    assert solution.pid()[1] == 1
    host.close()


def test_an_interrupted_start_of_a_worker_leaves_nothing() -> None:
    with Zygote() as zygote:
        host, solution = make(zygote)
        zygote.fork()
        os.kill(zygote.pid, signal.SIGSTOP)
        timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            solution.pid()
        timer.join()
        os.kill(zygote.pid, signal.SIGCONT)
        assert solution.pid() == (host.pid, 1)
        host.close()


def test_closing_the_zygote_ends_everything() -> None:
    with Zygote() as zygote:
        pids = [zygote.pid]
        for _ in range(3):
            _, solution = make(zygote)
            pids.append(solution.pid()[0])
        assert all(map(is_alive, pids))
    assert not any(map(is_alive, pids))
    zygote.close()
    with pytest.raises(MlkataError, match="closed"):
        zygote.fork()


def test_a_zygote_that_was_never_asked_closes() -> None:
    zygote = Zygote()
    zygote.close()
    assert not is_alive(zygote.pid)


JUDGE = f"""
import sys
from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.proxy import Solution
zygote = Zygote()
solutions = [Solution(Host(zygote, {SOURCE!r}, name="example"), {NAMES!r}) for _ in range(2)]
print(zygote.pid, *(solution.pid()[0] for solution in solutions), flush=True)
solutions[0].spin() if sys.argv[1] == "busy" else sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["busy", "idle"])
def test_nothing_outlives_a_killed_judge(state: str) -> None:
    root = Path(launcher.__file__).parents[2]
    judge = subprocess.Popen(
        [sys.executable, "-c", JUDGE, state],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with judge:
        assert judge.stdout is not None
        pids = [int(word) for word in judge.stdout.readline().split()]
        assert len(pids) == 3
        assert all(map(is_alive, pids))
        judge.kill()
    assert all(map(gone, pids))


def test_a_python_that_does_not_start_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_SCRIPT", Path("/nonexistent/zygote.py"))
    zygote = Zygote()
    with pytest.raises(MlkataError, match=r"no process can be started to run a solution in.*can't open file"):
        zygote.fork()
    zygote.close()


def test_no_descriptor_is_left_open(zygote: Zygote) -> None:
    def open_descriptors() -> int:
        return sum(1 for _ in Path("/dev/fd").iterdir())

    host, solution = make(zygote)
    solution.pid()
    host.close()
    before = open_descriptors()
    for _ in range(5):
        solution.pid()
        host.reset()
    assert open_descriptors() == before


def test_the_launcher_needs_no_numpy() -> None:
    root = Path(launcher.__file__).parents[2]
    code = "import sys, pytest_mlkata.solution.launcher; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(root)})


def test_the_clock_of_a_process() -> None:
    clock = CpuClock(os.getpid())
    before, mine = clock.seconds(), time.process_time()
    sum(range(3_000_000))
    assert clock.seconds() - before == pytest.approx(time.process_time() - mine, abs=0.02)
    last = CpuClock(2**22 + 1)
    assert last.seconds() == 0


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (0, "exit status 0"),
        (-9, "killed by signal 9 (killed)"),
        (-11, "killed by signal 11 (segmentation fault)"),
        (-100, "killed by signal 100"),
    ],
)
def test_endings_in_words(status: int, text: str) -> None:
    assert _ending(status) == text


def test_calls_in_words() -> None:
    X = np.zeros((3, 2))
    assert str(Call("fit", (X, [1, 2]), {"lr": 0.1})) == "fit(float64 (3, 2), [1, 2], lr=0.1)"
    assert str(Call("f")) == "f()"
    assert len(str(Call("f", tuple("a" * 30 for _ in range(100))))) <= 300
    assert describe(list(range(1000))) == "list of length 1000"
    assert describe(["a" * 30, "b" * 30]) == "list of length 2"
    assert describe("a" * 100) == "str of length 100"
    assert describe(10**100) == "int"


def test_output_is_limited_and_plain() -> None:
    output = Output()
    output.add(b"a\x1b[1;31mb\x1b[0m\tc\r\n\x00\x07\x9b\xe2\x80\xaed")
    assert output.take() == "ab\tc\n\ufffdd"
    output.add(b"x" * (MAX_OUTPUT - 1))
    output.add(b"yz")
    assert output.take().startswith("x" * (MAX_OUTPUT - 1) + "y\n...")
    assert output.take() == ""
    assert plain("::error::\x1b]0;title\x07 é 数") == "::error::]0;title é 数"


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("missing", ("g", "h"), NotStarted),
        ("signature", "no", SubmissionRaised),
        ("raised", (("ValueError", "Exception"), "text", ()), SubmissionRaised),
        ("raised", (("NotImplementedError", "RuntimeError"), "", ()), NotStarted),
        ("unsendable", "large", SubmissionRaised),
        ("import_banned", ("x", 3), SubmissionUnloadable),
        ("counter removed", None, SubmissionStopped),
        ("end", None, NoFurtherValue),
    ],
)
def test_verdicts(kind: str, content: Any, expected: type[BaseException]) -> None:
    error = verdict(kind, content, CALL, "example")
    assert isinstance(error, expected)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("", None),
        ("value", 1),
        ("missing", 1),
        ("missing", "f"),
        ("raised", "text"),
        ("raised", ((), "text", ())),
        ("raised", ((1,), "text", ())),
        ("raised", (("A",), "text", (1,))),
        ("raised", (("A",), "text", ((1, 2, 3),))),
        ("import_banned", ("x", "y")),
        ("\x1b" * 1000, None),
    ],
)
def test_malformed_replies(kind: str, content: Any) -> None:
    with pytest.raises(MalformedReplyError):
        verdict(kind, content, CALL, "example")


@pytest.mark.parametrize(
    ("name", "defined", "said"),
    [
        ("roc_auc", ("roc_curve", "rocauc"), "; it defines `rocauc`"),
        ("roc_auc", ("ROC_AUC",), "; it defines `ROC_AUC`"),
        ("roc_auc", ("roc_curve", "auc"), ""),
        ("loss", ("bce_loss", "cost"), ""),
        ("predict", ("predict_proba",), ""),
        ("fit", (1, "fit" * 1000), ""),
        ("fitted", ("fit\x1b[31mted",), "; it defines `fitted`"),
    ],
)
def test_what_is_missing_may_be_misspelt(name: str, defined: tuple[Any, ...], said: str) -> None:
    error = verdict("missing", defined, Call(name), "x")
    assert str(error) == f"`{name}` is not defined in the solution{said}"


def test_each_warning_is_shown_once_and_at_a_line_of_the_solution(zygote: Zygote) -> None:
    source = """
import sys, warnings
import numpy as np

def same(value):
    for _ in range(3):
        with warnings.catch_warnings():
            np.mean([])
    return np.float64(1) / np.float64(0)

def nap(value):
    sys.stderr.close()
    return np.float64(1) / np.float64(0)
"""
    host, solution = make(zygote, source)
    assert solution.same(1) == float("inf")
    said = host.take_output().splitlines()
    # NumPy before 2.0 ends it with a full stop.
    assert re.fullmatch(r"line 8: RuntimeWarning: Mean of empty slice\.? \(`np\.mean\(\[\]\)`\)", said[0])
    assert said[-1].startswith("line 9: RuntimeWarning: divide by zero encountered in")
    assert len(said) == len(set(said)) == 3
    assert solution.nap(1) == float("inf")
    host.close()


def test_only_so_many_warnings_are_shown(zygote: Zygote) -> None:
    source = """
import gc, warnings

def same(value):
    for i in range(5000):
        warnings.warn(f"{i} " + "x" * 5000)
    return max(len(each) for each in gc.get_objects() if type(each) is set)
"""
    host, solution = make(zygote, source, call_seconds=20.0)
    assert solution.same(1) < 1000
    said = host.take_output().splitlines()
    assert said[0].startswith("line 6: UserWarning: 0 x")
    assert max(map(len, said)) < 1100
    host.close()


def test_what_stands_in_for_the_output_is_not_asked_to_flush(zygote: Zygote) -> None:
    source = """
import sys

class Loud:
    def flush(self):
        raise RuntimeError

def same(value):
    print("said")
    sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = Loud()
    return value
"""
    host, solution = make(zygote, source)
    assert solution.same(1) == 1
    assert host.take_output() == "said\n"
    host.close()


def test_every_builtin_exception_has_a_class() -> None:
    kinds = {
        name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert len(kinds) > 50
    for name in kinds.keys() - {"NotImplementedError"}:
        error = verdict("raised", ((name, "Exception"), "text", ()), CALL, "example")
        assert isinstance(error, SubmissionRaised)
        assert str(error).startswith(f"{name}: text")
        with pytest.raises(SubmissionRaised):
            raise error


def test_a_name_from_a_reply_is_only_looked_up_among_exceptions() -> None:
    for name in ("eval", "__import__", "SystemExit", "object", "SubmissionStopped"):
        assert type(verdict("raised", ((name, "Exception"), "", ()), CALL, "x")) is SubmissionRaised


class Babbler:
    """A worker that says what a test wants it to say."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def wrap(self, channel: Channel) -> None:
        replies, writer = os.pipe()
        os.write(writer, self._answer)
        os.set_blocking(replies, False)
        os.dup2(replies, channel._process.replies)
        os.set_blocking(channel._process.replies, False)
        os.close(replies)
        os.close(writer)


@pytest.mark.parametrize(
    "answer",
    [
        b"kata",
        b"no frame at all..",
        b"kata\x10\0\0\0\0\0\0\0\0\0\0\0[1,2,3]         ",
        b"kata\x10\0\0\0\0\0\0\0\0\0\0\0[1,2,3]   ",
        b'kata\x20\0\0\0\0\0\0\0\0\0\0\0["t",1,"pull",99]               ',
        b'kata\x20\0\0\0\0\0\0\0\0\0\0\0["t",99,"value",1]              ',
        b'kata\x20\0\0\0\0\0\0\0\0\0\0\0["t",2,"who",1]                 ',
        b'kata\x20\0\0\0\0\0\0\0\0\0\0\0["t",2,"value",1]              x',
        b'kata\x20\0\0\0\0\0\0\0\0\0\0\0["t",2,"value",1]               and more',
        b'kata\x30\0\0\0\0\0\0\0\0\0\0\0["t",2,"value",["r","stream",1,""]]             ',
    ],
)
def test_hostile_replies(zygote: Zygote, answer: bytes) -> None:
    host, solution = make(zygote)
    pid = host._ready(CALL).process.pid
    assert host._worker is not None
    Babbler(answer).wrap(host._worker.channel)
    with pytest.raises(SubmissionStopped, match=r"broke the channel|process ended") as caught:
        solution.same(1)
    assert "same(1)" in str(caught.value)
    assert gone(pid)
    assert solution.same(1) == 1
    host.close()


@pytest.mark.parametrize("part", SCIPY)
def test_scipy_is_loaded_once_for_all_workers(zygote: Zygote, part: str) -> None:
    source = f"import sys\nthere = 'scipy.{part}' in sys.modules\nimport scipy.{part}\ndef same(value): return there"
    host, solution = make(zygote, source)
    assert solution.same(0) is True
    host.close()


def test_a_part_of_scipy_that_is_banned_is_not_loaded_ahead() -> None:
    assert loadable(BANNED_IMPORTS) == SCIPY
    for banned in ("scipy", "scipy.linalg", "scipy.spatial.distance"):
        assert loadable(("torch", banned)) == ()
    source = "import sys\n# no scipy.linalg\nthere = 'scipy.linalg' in sys.modules\ndef same(value): return there"
    with Zygote(banned=("scipy.linalg",)) as zygote:
        host, solution = make(zygote, source)
        assert solution.same(0) is False
        host.close()


SCRATCH = """
import os, threading, time

def write(path, size):
    with open(path, "wb") as file:
        for _ in range(size):
            file.write(b"x" * 2**20)
    return size

def many(folder, number):
    for each in range(number):
        os.close(os.open(f"{folder}/{each}", os.O_WRONLY | os.O_CREAT))

def nest(folder, depth):
    os.chdir(folder)
    for _ in range(depth):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)

def listing(folder):
    return sorted(os.listdir(folder))

def thread():
    done = []
    thread = threading.Thread(target=done.append, args=(1,))
    thread.start()
    thread.join()
    return done

def take(megabytes):
    return len(bytearray(megabytes * 2**20))
"""
WRITERS = ("write", "many", "nest", "listing", "thread", "take")
MISSING = confine.missing()
CONFINES = pytest.mark.skipif(bool(MISSING), reason=f"cannot confine here: {MISSING}")
Write = Callable[..., Solution]


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    scratch = Scratch(tmp_path / "scratch", 4 * 2**20)
    yield scratch
    scratch.remove()


@pytest.fixture
def writing(zygote: Zygote, scratch: Scratch) -> Iterator[Write]:
    """Starts a submission that may write to the scratch."""
    hosts: list[Host] = []

    def start(*, confined: bool = True, file_size: int = 4 * 2**20) -> Solution:
        how = Confinement(confined=confined, scratch=str(scratch.path), scratch_size=file_size)
        hosts.append(Host(zygote, SCRATCH, name="example", how=how, scratch=scratch))
        return Solution(hosts[-1], WRITERS)

    yield start
    for host in hosts:
        host.close()


def test_what_a_worker_is_left_is_passed_on(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Confinement] = []
    real = zygote.fork

    def fork(how: Confinement) -> launcher.Process:
        asked.append(how)
        return real()

    monkeypatch.setattr(zygote, "fork", fork)
    how = Confinement(confined=True, memory=123, scratch="/there", scratch_size=7, threads=True)
    host = Host(zygote, SOURCE, name="example", how=how)
    assert Solution(host, NAMES).same(1) == 1
    host.close()
    assert asked == [how]


@CONFINES
def test_a_scratch_can_be_filled(writing: Write, scratch: Scratch) -> None:
    solution = writing()
    assert solution.write(f"{scratch.path}/a", 2) == 2
    assert solution.listing(str(scratch.path)) == ["a"]
    assert (scratch.path / "a").stat().st_size == 2 * 2**20


@pytest.mark.parametrize("confined", [pytest.param(True, marks=CONFINES), False])
def test_more_than_the_scratch_holds_stops_the_call(writing: Write, scratch: Scratch, *, confined: bool) -> None:
    solution = writing(confined=confined)
    assert solution.write(f"{scratch.path}/a", 3) == 3
    with pytest.raises(SubmissionStopped, match=r"^wrote more than the 4 MB that it may in write\(.+, 2\)$"):
        solution.write(f"{scratch.path}/b", 2)
    scratch.clear()
    assert solution.listing(str(scratch.path)) == []


@CONFINES
def test_a_file_that_is_too_large_is_the_submissions_own_error(writing: Write, scratch: Scratch) -> None:
    with pytest.raises(SubmissionRaised, match=r"OSError: \[Errno 27\] File too large"):
        writing(file_size=2**20).write(f"{scratch.path}/a", 2)


@CONFINES
@pytest.mark.parametrize(("name", "number"), [("many", 1025), ("nest", 40)])
def test_many_files_and_deep_folders_are_too_much(writing: Write, scratch: Scratch, name: str, number: int) -> None:
    with pytest.raises(SubmissionStopped, match="wrote more than the 4 MB that it may"):
        getattr(writing(), name)(str(scratch.path), number)


@CONFINES
def test_without_a_scratch_nothing_can_be_written(zygote: Zygote, tmp_path: Path) -> None:
    host = Host(zygote, SCRATCH, name="example", how=Confinement(confined=True))
    solution = Solution(host, WRITERS)
    for path in (tmp_path / "a", Path("/mlkata"), Path("/dev/shm/a")):
        with pytest.raises(SubmissionRaised, match="PermissionError"):
            solution.write(str(path), 0)
    with pytest.raises(SubmissionRaised, match="PermissionError"):
        solution.listing(str(tmp_path))
    host.close()
    assert list(tmp_path.iterdir()) == []


@CONFINES
@pytest.mark.parametrize("threads", [False, True])
def test_threads_are_for_katas_that_give_them(zygote: Zygote, *, threads: bool) -> None:
    host = Host(zygote, SCRATCH, name="example", how=Confinement(confined=True, threads=threads))
    solution = Solution(host, WRITERS)
    if threads:
        assert solution.thread() == [1]
    else:
        with pytest.raises(SubmissionRaised, match="RuntimeError: can't start new thread"):
            solution.thread()
    host.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")
@pytest.mark.parametrize("confined", [pytest.param(True, marks=CONFINES), False])
def test_memory_is_limited_in_every_process(zygote: Zygote, *, confined: bool) -> None:
    host = Host(zygote, SCRATCH, name="example", how=Confinement(confined=confined, memory=2**29))
    solution = Solution(host, WRITERS)
    assert solution.take(10) == 10 * 2**20
    with pytest.raises(SubmissionRaised, match="MemoryError"):
        solution.take(600)
    host.close()


def test_the_number_of_a_worker_is_known_however_quick_it_is(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first one has to wait for the zygote.
    zygote.kill(zygote.fork())
    real = introduction.introduced

    def late(ready: socket.socket) -> tuple[int, int]:
        time.sleep(0.1)
        return real(ready)

    monkeypatch.setattr(launcher, "introduced", late)
    host, solution = make(zygote)
    assert solution.pid()[0] == host.pid != 0
    host.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell how long a process was kept waiting")
def test_who_is_kept_from_the_processor_may_take_longer(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    host, solution = make(zygote, call_seconds=0.05)
    with pytest.raises(SubmissionStopped, match=r"did not end within 0\.25 s"):
        solution.nap(0.5)
    started = time.monotonic()
    # As if all that time others had the processor.
    monkeypatch.setattr(CpuClock, "waited", lambda _: time.monotonic() - started)
    solution.nap(0.5)
    host.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
def test_how_long_a_process_was_kept_waiting() -> None:
    assert CpuClock(os.getpid()).waited() >= 0
    assert CpuClock(2**22 + 1).waited() == 0


@pytest.mark.parametrize(
    ("mro", "text", "helped"),
    [
        (("PermissionError", "OSError"), "[Errno 13] Permission denied: 'out.txt'", True),
        (("RuntimeError", "Exception"), "can't start new thread", True),
        (("RuntimeError", "Exception"), "something else", False),
        (("ValueError", "Exception"), "can't", False),
    ],
)
def test_what_confinement_refuses_is_explained(mro: tuple[str, ...], text: str, helped: bool) -> None:  # noqa: FBT001
    error = verdict("raised", (mro, text, ((3, "f", "open('out.txt', 'w')"),)), CALL, "example")
    explained = " (a solution computes: it has no files, network, other processes or threads)"
    assert str(error) == f"{mro[0]}: {text}{explained if helped else ''} (line 3, in f: `open('out.txt', 'w')`)"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whether another process runs")
def test_who_gets_no_processor_is_not_taken_for_one_that_sleeps(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a machine that does not count what it takes away.
    monkeypatch.setattr(CpuClock, "seconds", lambda _: 0.0)
    monkeypatch.setattr(CpuClock, "waited", lambda _: 0.0)
    host, solution = make(zygote, call_seconds=0.1, total_seconds=1.5)
    with pytest.raises(SubmissionStopped, match=r"used up the 1\.5 s"):
        solution.spin()
    host.close()
    host, solution = make(zygote, call_seconds=0.1, total_seconds=30.0)
    with pytest.raises(SubmissionStopped, match=r"did not end within 0\.5 s"):
        solution.nap(20)
    host.close()


def test_whether_a_process_runs() -> None:
    assert CpuClock(os.getpid()).is_running() is (sys.platform == "linux")
    assert not CpuClock(2**22 + 1).is_running()
