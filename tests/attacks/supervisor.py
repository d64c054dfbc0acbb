"""Runs a command for a while, and tells what it left behind: a script, in a process that starts quickly.

Whatever the command starts becomes a child of this process when its parent ends, so nothing can hide by forking twice.

python supervisor.py RESULT SECONDS SECRET OUTPUT COMMAND…
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE = 1.0
"""So long may what was killed take to be gone."""


def children() -> list[int]:
    pid = os.getpid()
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def left_behind() -> int:
    end = time.monotonic() + GRACE
    reap()
    while children() and time.monotonic() < end:
        time.sleep(0.02)
        reap()
    return len(children())


def main() -> None:
    result, seconds, secret, output, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    # A descriptor that is open by oversight: programs should not let it through, and the attack looks for it.
    descriptor = os.open(secret, os.O_RDONLY)
    os.set_inheritable(descriptor, True)  # noqa: FBT003 (takes no names)
    # A shell that runs the tests in the background has them ignore Ctrl-C, and so would the command.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    started = time.monotonic()
    with Path(output).open("wb") as screen:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen, close_fds=False, start_new_session=True
        )
    try:
        code: int | None = process.wait(float(seconds))
    except subprocess.TimeoutExpired:
        code = None
        process.kill()
        process.wait()
    spent = time.monotonic() - started
    survivors = left_behind() if code is not None else 0
    end = time.monotonic() + 5
    while children() and time.monotonic() < end:
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        reap()
        time.sleep(0.01)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    told = {"code": code, "seconds": spent, "survivors": survivors, "peak": peak}
    Path(result).write_text(json.dumps(told), encoding="ascii")


main()
