"""What a submission can do to its worker, and what becomes of it. Each case is one failed call, and the next works."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.errors import SubmissionRaised, SubmissionStopped
from pytest_mlkata.model import Limits
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.launcher import Zygote
from pytest_mlkata.solution.proxy import Solution, Stream

SOURCE = r"""
import atexit, ctypes, os, signal, sys, threading, time
import numpy as np

class Skipped(BaseException):
    pass

class Hostile(Exception):
    def __str__(self):
        raise KeyboardInterrupt

class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit
    def __hash__(cls):
        raise SystemExit

class Worse(Exception, metaclass=Meta):
    __traceback__ = property(lambda self: 1 / 0)

def ok():
    return "ok"

def os_exit(): os._exit(3)
def os_exit_0(): os._exit(0)
def sys_exit(): sys.exit(0)
def interrupt(): raise KeyboardInterrupt
def skip(): raise Skipped("no test for me")
def hostile(): raise Hostile
def worse(): raise Worse
def generator_exit(): raise GeneratorExit

def loop():
    while True: pass

def sleep(): time.sleep(60)
def stop(): os.kill(os.getpid(), signal.SIGSTOP)

def ignore_and_loop():
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass

def recurse(): return recurse()

def recurse_deep():
    sys.setrecursionlimit(10**9)
    return (lambda f: f(f))(lambda f: [f(f)])

def segfault(): ctypes.string_at(0)
def close_all(): os.closerange(0, 100)
def close_output():
    os.close(1)
    os.close(2)
    return "still here"

def flood():
    for _ in range(10):
        print("x" * 1_000_000)
    return "done"

def flood_forever():
    while True: os.write(1, b"x" * 10000)

def say():
    print("to \x1b[31mstdout\x1b[0m\x07")
    print("to stderr", file=sys.stderr)
    os.write(1, b"raw \xff\n")
    os.system("echo from a child")

def surrogate(): return "a\ud800", {"\udfff": 1}
def surrogate_error(): raise ValueError("\ud800")
def control_error(): raise ValueError("\x1b[2J::error::\x00")
def surrogate_print(): print("\ud800")

def find_replies():
    for fd in range(3, 30):
        try:
            if os.readlink(f"/proc/self/fd/{fd}").startswith("pipe:"): yield fd
        except OSError: pass

def garbage(data=b"garbage" * 10):
    for fd in find_replies():
        try: os.write(fd, data)
        except OSError: pass
    return 1

def forge(): garbage(b"kata" + b"\x20\0\0\0" + b"\0" * 8 + b'["t",1,"value","forged"]        ')
def huge_frame(): garbage(b"kata" + b"\x10\0\0\0" + b"\xff" * 8 + b" " * 16)

def read_fd_0(): return os.read(0, 10)
def write_fd_1():
    os.write(1, b"kata" * 30)
    return "fine"

def huge(): return np.zeros(2**27)
def long_int(): return 10 ** 10000
def cyclic():
    a = []
    a.append(a)
    return a

def threads():
    def spin():
        while True: pass
    for _ in range(2): threading.Thread(target=spin).start()
    return "started"

def exit_later():
    def leave():
        time.sleep(0.02)
        os._exit(5)
    threading.Thread(target=leave).start()

def register(path):
    atexit.register(lambda: open(path, "w").close())
    return 1

def bomb():
    return len(bytearray(2**40))

def grandchild():
    # one that keeps the channel open and leaves the session
    if os.fork(): os._exit(4)
    os.setsid()
    time.sleep(60)

def leave_child():
    pid = os.fork()
    if not pid:
        os.setsid()
        time.sleep(60)
    return pid

def pull_in_thread(stream):
    caught = []
    def pull():
        try: next(stream)
        except BaseException as error: caught.append(str(error))
    thread = threading.Thread(target=pull)
    thread.start()
    thread.join()
    return caught

kept = []
def keep(stream): kept.append(stream)
def use(): return next(kept[0])

def environment(): return dict(os.environ), sys.path, os.getcwd(), sys.argv, os.getppid()
def descriptors(): return sorted(map(int, os.listdir("/proc/self/fd")))
def modules(): return [name for name in sys.modules if name.startswith(("pytest", "_pytest", "hypothesis"))]
def unhook():
    sys.settrace(None)
    if hasattr(sys, "monitoring"): sys.monitoring.set_events(4, 0)
def kill_zygote(): os.kill(os.getppid(), signal.SIGKILL)
def hashes(): return hash("text")
"""

NAMES = tuple(line.split("(")[0].removeprefix("def ") for line in SOURCE.splitlines() if line.startswith("def "))
LIMITS = Limits(call_seconds=0.3, total_seconds=30)
LINUX = Path("/proc/self/fd").exists()


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


@pytest.fixture
def host(zygote: Zygote) -> Iterator[Host]:
    made = Host(zygote, SOURCE, name="example", limits=LIMITS)
    yield made
    made.close()


@pytest.fixture
def solution(host: Host) -> Solution:
    return Solution(host, NAMES)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int) -> bool:
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("os_exit", r"the process ended: exit status 3 in os_exit\(\)"),
        ("os_exit_0", r"the process ended: exit status 0"),
        ("segfault", r"the process ended: killed by signal 11 \(segmentation fault\)"),
        ("loop", r"took more than 0.3 s \(processor time\) in loop\(\)"),
        ("ignore_and_loop", r"took more than 0.3 s"),
        ("flood_forever", r"took more than 0.3 s|did not end within 1.5 s"),
        ("sleep", r"did not end within 1.5 s in sleep\(\)"),
        ("stop", r"did not end within 1.5 s"),
        ("close_all", r"the process ended"),
        ("garbage", r"broke the channel"),
        ("huge_frame", r"broke the channel"),
        ("grandchild", r"exit status 4"),
        ("recurse_deep", r"the process ended|took more than"),
    ],
)
def test_stopped(host: Host, solution: Solution, name: str, message: str) -> None:
    assert solution.ok() == "ok"
    pid = host.pid
    assert pid is not None
    with pytest.raises(SubmissionStopped, match=message):
        getattr(solution, name)()
    assert gone(pid)
    assert solution.ok() == "ok"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sys_exit", "SystemExit: 0"),
        ("interrupt", "KeyboardInterrupt"),
        ("skip", "Skipped: no test for me"),
        ("generator_exit", "GeneratorExit"),
        ("hostile", r"Hostile: \(its message cannot be shown\)"),
        ("worse", "Worse"),
        ("recurse", "RecursionError"),
        ("huge", r"result of huge\(\) cannot be looked at: its arrays are larger than 32 MB"),
        ("long_int", "cannot be looked at: an integer has more than 4000 digits"),
        ("cyclic", "cannot be looked at: it is nested deeper"),
        ("bomb", "MemoryError"),
        ("surrogate_error", r"ValueError: \\ud800"),
        ("control_error", r"ValueError: ::error:: \("),
    ],
)
def test_raised(host: Host, solution: Solution, name: str, message: str) -> None:
    solution.ok()
    pid = host.pid
    with pytest.raises(SubmissionRaised, match=message):
        getattr(solution, name)()
    assert solution.ok() == "ok"
    assert host.pid == pid


def test_a_forged_reply_is_no_more_than_a_result(solution: Solution) -> None:
    with pytest.raises(SubmissionStopped, match="broke the channel"):
        solution.forge()


def test_lone_surrogates_are_spelled_out(solution: Solution, host: Host) -> None:
    assert solution.surrogate() == ("a\\ud800", {"\\udfff": 1})
    solution.surrogate_print()
    assert host.take_output() == "\\ud800\n"


def test_output_is_kept_without_control_characters(host: Host, solution: Solution) -> None:
    solution.say()
    output = host.take_output()
    assert "to stdout\n" in output
    assert "to stderr\n" in output
    assert "raw \ufffd\n" in output
    assert "from a child\n" in output
    assert host.take_output() == ""


def test_a_flood_of_output_is_cut(host: Host, solution: Solution) -> None:
    assert solution.flood() == "done"
    output = host.take_output()
    assert 65_000 < len(output) < 66_000
    assert output.endswith("left out)\n")
    assert solution.ok() == "ok"


def test_output_of_a_dead_worker_is_kept(host: Host) -> None:
    solution = Solution(Host(host._zygote, "print('begin', flush=True)\nimport os\nos._exit(0)", name="x"), ("f",))
    with pytest.raises(SubmissionStopped, match="exit status 0 in import of the solution"):
        solution.f()
    assert solution._backend.take_output() == "begin\n"


def test_closed_output_is_no_harm(host: Host, solution: Solution) -> None:
    assert solution.close_output() == "still here"
    assert solution.ok() == "ok"
    assert host.take_output() == ""


def test_standard_descriptors_are_not_the_channel(solution: Solution) -> None:
    assert solution.read_fd_0() == b""
    assert solution.write_fd_1() == "fine"


def test_background_threads_end_with_the_worker(host: Host, solution: Solution) -> None:
    assert solution.threads() == "started"
    pid = host.pid
    assert pid is not None
    assert solution.ok() == "ok"
    host.reset()
    assert gone(pid)


def test_a_death_between_calls_is_the_next_calls(solution: Solution) -> None:
    solution.exit_later()
    time.sleep(0.1)
    with pytest.raises(SubmissionStopped, match="exit status 5"):
        solution.ok()
    assert solution.ok() == "ok"


def test_nothing_runs_at_exit(host: Host, solution: Solution, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    solution.register(str(mark))
    pid = host.pid
    assert pid is not None
    host.close()
    assert gone(pid)
    assert not mark.exists()


def test_what_a_worker_leaves_behind_is_killed(host: Host, solution: Solution) -> None:
    child = solution.leave_child()
    assert is_alive(child)
    host.reset()
    solution.ok()
    host.reset()
    solution.ok()
    assert gone(child)


def test_streams_only_in_their_call_and_thread(host: Host, solution: Solution) -> None:
    assert solution.pull_in_thread(Stream([1])) == [
        "a stream can only be read during the call, and not from another thread"
    ]
    solution.keep(Stream([1, 2]))
    assert solution.use() == 1
    assert host.pid is not None


def test_the_time_of_a_stream_is_not_the_submissions(solution: Solution) -> None:
    def slow() -> Iterator[int]:
        time.sleep(1.7)
        yield 1

    solution.keep(Stream(slow()))
    assert solution.use() == 1


def test_clean_surroundings(solution: Solution) -> None:
    environment, path, folder, argv, _ = solution.environment()
    assert set(environment) <= {
        *("PATH", "LANG", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "OPENBLAS_CORETYPE"),
        *("PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"),
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    }
    assert folder == "/"
    assert argv == [""]
    assert "" not in path
    assert str(Path(__file__).parent) not in path
    assert solution.modules() == []
    if LINUX:
        # The channel, and the folder that is being listed.
        assert solution.descriptors() == [0, 1, 2, 3, 4, 5]


def test_hashes_are_the_same_in_every_worker(host: Host, solution: Solution) -> None:
    first = solution.hashes()
    host.reset()
    assert solution.hashes() == first
    with Zygote() as other:
        assert Solution(Host(other, SOURCE, name="example"), NAMES).hashes() == first


def test_a_removed_counter_stops(solution: Solution) -> None:
    with pytest.raises(SubmissionStopped, match="the solution removed the counter of its own work"):
        solution.count_events("unhook")
    assert solution.count_events("ok")


def test_a_killed_zygote_is_replaced(solution: Solution) -> None:
    with contextlib.suppress(SubmissionStopped):
        # The worker dies with the zygote, a moment later.
        solution.kill_zygote()
    with contextlib.suppress(SubmissionStopped):
        solution.sleep()
    assert solution.ok() == "ok"


@pytest.mark.parametrize("size", [10, 1000, 100_000, 1_000_000])
def test_arrays_of_all_sizes(zygote: Zygote, size: int) -> None:
    solution = Solution(Host(zygote, "def same(*x): return x", name="x"), ("same",))
    arrays: list[Any] = [np.arange(size), np.arange(float(size)).reshape(2, -1).T, np.arange(size)[::2]]
    back = solution.same(*arrays)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, back, strict=True))
    solution._backend.close()
