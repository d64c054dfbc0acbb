"""What is special about running in the judge's process."""

from __future__ import annotations

import bdb
import os
import random
import re
import signal
import sys
import traceback
import types

import numpy as np
import pytest

from pytest_mlkata.errors import NotStarted, SubmissionRaised, SubmissionStopped
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.proxy import Solution

SOURCE = """
import bdb
import dataclasses
import os
import signal
import sys

import pytest

@dataclasses.dataclass
class Pair:
    a: int

def inner(a):
    return 1 / a

def outer(a):
    return inner(a)

def todo():
    raise NotImplementedError

def quit_debugger():
    raise bdb.BdbQuit

def leave():
    pytest.exit("enough")

def skip():
    pytest.skip("no")

def interrupt():
    raise KeyboardInterrupt

def interrupted():
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        pass

def say():
    print("said")

def name():
    return __name__, sys.modules[__name__].__dict__ is globals()

def reply():
    class Error(Exception):
        def __str__(self):
            raise SystemExit
    raise Error

def slow():
    return sum(range(100_000))
"""
NAMES = tuple(re.findall(r"^(?:def|class) (\w+)", SOURCE, re.MULTILINE))


@pytest.fixture
def backend() -> InProcess:
    return InProcess(SOURCE, name="example")


@pytest.fixture
def solution(backend: InProcess) -> Solution:
    return Solution(backend, NAMES)


def test_the_traceback_ends_in_the_submission(solution: Solution) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        solution.outer(0)
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert [(frame.name, frame.line) for frame in frames[-2:]] == [
        ("outer", "return inner(a)"),
        ("inner", "return 1 / a"),
    ]
    assert caught.tb is not None
    with pytest.raises(NotStarted) as stopped:
        solution.todo()
    assert traceback.extract_tb(stopped.value.__traceback__)[-1].name == "todo"


def test_the_debugger_can_leave(solution: Solution) -> None:
    with pytest.raises(bdb.BdbQuit):
        solution.quit_debugger()
    # What pytest's debugger raises has a frame of it; this is the solution's own doing, as it is in a process.
    with pytest.raises(SubmissionRaised, match="Exit: enough"):
        solution.leave()


def test_skip_and_interrupt_are_failures(solution: Solution) -> None:
    with pytest.raises(SubmissionRaised, match="Skipped: no"):
        solution.skip()
    with pytest.raises(SubmissionRaised, match="KeyboardInterrupt"):
        solution.interrupt()


def test_a_real_interrupt_ends_the_run(solution: Solution) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        solution.interrupted()
    assert signal.getsignal(signal.SIGINT) is before
    assert solution.name() == ("example", True)


def test_output_is_left_to_pytest(backend: InProcess, solution: Solution, capsys: pytest.CaptureFixture[str]) -> None:
    solution.say()
    assert capsys.readouterr().out == "said\n"
    assert backend.take_output() == ""


def test_a_hostile_message_is_survived(solution: Solution) -> None:
    with pytest.raises(SubmissionRaised, match=r"Error: \(its message cannot be shown\)"):
        solution.reply()


def test_the_judges_modules_are_left_alone(backend: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = types.ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", mine)
    finders = list(sys.meta_path)
    assert Solution(backend, NAMES).name() == ("example", True)
    assert sys.modules["example"] is mine
    assert sys.meta_path == finders


def test_a_kata_does_not_displace_the_standard_library() -> None:
    assert Solution(InProcess(SOURCE, name="statistics"), NAMES).name() == ("kata_statistics", True)


def test_the_judges_generators_are_left_alone(solution: Solution) -> None:
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    expected = random.random(), np.random.rand()  # noqa: NPY002
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    solution.slow()
    assert (random.random(), np.random.rand()) == expected  # noqa: NPY002


def test_cpu_seconds_of_the_submission_only(backend: InProcess, solution: Solution) -> None:
    solution.slow()
    first = backend.cpu_seconds()
    assert first > 0
    sum(range(1_000_000))
    assert backend.cpu_seconds() == first
    assert os.getpid()


def test_close_and_reset_can_be_repeated(backend: InProcess, solution: Solution) -> None:
    backend.close()
    backend.reset()
    solution.slow()
    backend.close()
    backend.close()
    assert solution.name()[1] is True


def test_an_unloadable_submission_stays_unloadable() -> None:
    solution = Solution(InProcess("raise LookupError('x')", name="example"), ("f",))
    messages = []
    for _ in range(2):
        with pytest.raises(SubmissionStopped) as caught:
            solution.f()
        messages.append(str(caught.value))
    assert len(set(messages)) == 1
