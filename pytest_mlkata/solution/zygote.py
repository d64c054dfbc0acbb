"""A process with Python and NumPy loaded, from which workers are forked; it runs no submission itself.

It is started by exec, so its memory holds nothing of the judge, and runs as a script: the modules beside this file
are loaded as a package of their own, without the package around them. Its socket brings one-letter commands with a
number: F forks a worker over four descriptors that come along (requests, replies, what it prints, and where it says
that it is ready) and is confined as so many bytes of JSON say, W waits for a worker to end (the number in
milliseconds) and kills it then, K kills a worker without a reply, S loads a part of SciPy. When the socket
closes, all workers are killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
import types
from typing import Any, Final

COMMAND: Final = struct.Struct("<cqq")
REPLY: Final = struct.Struct("<q")
SCIPY: Final = ("special", "linalg", "spatial", "sparse", "ndimage", "fft", "interpolate", "integrate", "signal")
"""The parts of SciPy that it may load: those that no kata bans by default."""
PACKAGE: Final = "_mlkata_worker"
MAX_DESCRIPTOR: Final = 4096
_READY_AT: Final = 3
_RULES_AT: Final = 4
_OUT_OF_THE_WAY: Final = 16
_IDLE_SECONDS: Final = 2.0
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36


def load_worker(
    libraries: dict[str, str], shared: list[str], loaded: list[str]
) -> tuple[types.ModuleType, tuple[str, ...]]:
    """Import the worker from the folder of this file, without the package that the folder belongs to.

    Parameters
    ----------
    libraries
        Where to find NumPy and what else is given, see `given`.
    shared
        Where shared libraries are, see `visible`.
    loaded
        Modules of the libraries to load for all workers; ``module:function:argument`` also has the function called,
        such that what it keeps in memory is there.

    Returns
    -------
    module, tuple
        The worker, and what it may read.
    """
    package = types.ModuleType(PACKAGE)
    package.__path__ = [os.path.dirname(os.path.abspath(__file__))]  # noqa: PTH100, PTH120
    sys.modules[PACKAGE] = package
    given = importlib.import_module(f"{PACKAGE}.given")
    given.give(libraries)
    worker = importlib.import_module(f"{PACKAGE}.worker")
    visible = importlib.import_module(f"{PACKAGE}.visible")
    readable = (*visible.readable(shared), *given.library_paths(libraries.values()))
    package.__path__ = []
    for name in loaded:
        module, *call = name.split(":")
        with contextlib.suppress(ImportError, AttributeError):
            found = importlib.import_module(module)
            if call:
                getattr(found, call[0])(*call[1:])
    return worker, readable


def settle() -> None:
    """Let workers neither look at what is loaded already nor copy its memory."""
    # Has the folders on the path looked through: a confined worker may not list them.
    importlib.machinery.PathFinder.find_spec("no_module_of_this_name")
    gc.collect()
    gc.freeze()


def _prctl(option: int, value: int) -> None:
    """Set a property of this process, where the system has it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


class Zygote:
    """Forks, waits for and kills workers."""

    def __init__(self, control: socket.socket, worker: types.ModuleType, readable: tuple[str, ...]) -> None:
        self._control = control
        self._worker = worker
        self._confine = sys.modules[f"{PACKAGE}.confine"]
        self._readable = readable
        self._made_rules: dict[str, int] = {}
        self._running: set[int] = set()
        self._doomed: set[int] = set()

    def serve(self) -> None:
        """Carry out commands until the judge is gone."""
        judge = os.getppid()
        while os.getppid() == judge:
            ready, _, _ = select.select([self._control], [], [], _IDLE_SECONDS)
            if ready and not self._step():
                break
            self._bury()
        self._end()

    def _step(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, COMMAND.size, 4)
        if len(data) < COMMAND.size:
            return False
        letter, pid, milliseconds = COMMAND.unpack(data)  # or, with some letters, other numbers
        if letter == b"F":
            self._fork(descriptors, json.loads(self._control.recv(milliseconds, socket.MSG_WAITALL)))
        elif letter == b"W":
            self._control.sendall(REPLY.pack(self._wait(pid, milliseconds / 1000)))
        elif letter == b"S":
            with contextlib.suppress(ImportError):
                importlib.import_module(f"scipy.{SCIPY[pid]}")
            settle()
        else:
            self._kill(pid)
            self._doomed.add(pid)
        return True

    def _fork(self, descriptors: list[int], fields: dict[str, Any]) -> None:
        """Fork a worker, which says itself that it is there; where it cannot, its descriptors close without a word."""
        zygote = os.getpid()
        how = self._confine.Confinement(**fields)
        with contextlib.suppress(OSError):
            descriptors = [*descriptors, *self._rules(how)]
            pid = os.fork()
            if not pid:
                self._become_worker(descriptors, zygote, how)
            self._running.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)

    def _rules(self, how: Any) -> list[int]:
        """Return a descriptor of rules on files: made once for all workers with one folder of their own, or without."""
        if not how.confined:
            return []
        if how.scratch not in self._made_rules:
            for scratch in [scratch for scratch in self._made_rules if scratch]:  # of a grading that is over
                os.close(self._made_rules.pop(scratch))
            self._made_rules[how.scratch] = self._confine.rules_for(how, self._readable)
        return [os.dup(self._made_rules[how.scratch])]

    def _become_worker(self, descriptors: list[int], zygote: int, how: Any) -> None:
        os.setsid()
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != zygote:
            os._exit(0)
        # Else the socket object would close whatever has its number later.
        os.close(self._control.detach())
        # Out of each other's way first.
        moved = [fcntl.fcntl(each, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for each in descriptors]
        for target, descriptor in enumerate(moved):
            os.dup2(descriptor, target)
        os.closerange(len(moved), MAX_DESCRIPTOR)
        self._worker.main(how, _READY_AT, _RULES_AT)

    def _wait(self, pid: int, seconds: float) -> int:
        """Return the status of a worker once it has ended, by itself or not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                break
            time.sleep(0.0005)
        else:
            self._kill(pid)
            _, status = os.waitpid(pid, 0)
        self._running.discard(pid)
        return status

    def _kill(self, pid: int) -> None:
        """Kill a worker and its process group. Its number cannot be another's: it has not been waited for."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)

    def _bury(self) -> None:
        """Wait for what was killed, and kill what workers have left behind."""
        for pid in list(self._doomed):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._doomed.discard(pid)
                self._running.discard(pid)
        for pid in _children() - self._running:
            self._kill(pid)
            os.waitpid(pid, 0)

    def _end(self) -> None:
        for pid in self._running:
            self._kill(pid)
            os.waitpid(pid, 0)
        self._running.clear()
        self._doomed.clear()
        while _children():
            self._bury()


def _children() -> set[int]:
    """Return the processes whose parent this is, which orphans of its children become too (Linux)."""
    pid = os.getpid()
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123
            return {int(number) for number in file.read().split()}
    except OSError:
        return set()


def main() -> None:
    """Run as a script: the number of the socket, then the arguments of `load_worker` as JSON."""
    control = socket.socket(fileno=int(sys.argv[1]))
    worker, readable = load_worker(*json.loads(sys.argv[2]))
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    settle()
    Zygote(control, worker, readable).serve()


if __name__ == "__main__":
    main()
