"""The judge's side of a zygote: starting it, and getting workers from it.

Imports neither NumPy nor anything that does, so that a run can start the zygote first and load the rest meanwhile.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pytest_mlkata.errors import IsolationError

from . import bubblewrap, visible
from .confine import Confinement
from .introduction import START_SECONDS, introduced, ready_sockets
from .zygote import COMMAND, REPLY, SCIPY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

_SCRIPT: Final = Path(__file__).with_name("zygote.py")
_END_SECONDS: Final = 5.0
_PIPE_SIZE: Final = 2**20
_LIBRARIES: Final = ("numpy", "scipy")
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "SYSTEMROOT")
_ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # A BLAS with threads of its own is slower on small arrays, and much slower on a busy machine.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


@dataclass(frozen=True)
class Process:
    """A worker: its number here and among the processes of its zygote, and the judge's ends of its three pipes."""

    pid: int
    number: int
    requests: int
    replies: int
    output: int


def loadable(banned: Iterable[str]) -> tuple[str, ...]:
    """Return the parts of SciPy that may be loaded ahead where some modules are banned.

    An import of what is loaded already is not seen, and a ban could be got round. Since the parts load each other, it
    is all of them or none. Some bring along what is banned (`scipy.interpolate` needs `scipy.optimize`), as they do
    where a submission imports them itself.
    """
    parts = [f"scipy.{part}." for part in SCIPY]
    touched = any(f"{each}.".startswith(part) or part.startswith(f"{each}.") for each in banned for part in parts)
    return () if touched else SCIPY


class Zygote:
    """Starts workers within milliseconds.

    The process behind it is started at once, without waiting for it; it ends with `close`, or when this process does.

    Parameters
    ----------
    libraries
        Modules that its workers may import beside the standard library, NumPy and SciPy.
    loaded
        Those of them, or parts of them, that all workers need: they are loaded once.
    banned
        Modules that no worker is to find loaded.
    boxed
        Whether it and its workers are to run in bubblewrap.
    writable
        A folder that is to be seen in there, too.
    hash_seed
        Decides which hashes strings have, and so the order of a set.
    """

    def __init__(
        self,
        libraries: Iterable[str] = (),
        *,
        loaded: Iterable[str] = (),
        banned: Iterable[str] = (),
        boxed: bool = False,
        writable: str = "",
        hash_seed: int = 0,
    ) -> None:
        self._libraries = _places(dict.fromkeys((*_LIBRARIES, *libraries)))
        self._loaded = tuple(loaded)
        self._boxed = boxed
        self._writable = writable
        self._hash_seed = hash_seed
        self._closed = False
        self._scipy = loadable(banned)
        self._asked_for: set[str] = set()
        self._start()

    def __enter__(self) -> Self:
        """Return the zygote itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_connected(self) -> bool:
        """Whether it still takes commands: it does not once a reply was not waited for."""
        return self._control.fileno() >= 0

    def fork(self, how: Confinement = Confinement()) -> Process:  # noqa: B008 (frozen)
        """Start a worker, and confine it.

        Raises
        ------
        IsolationError
            No worker can be started on this machine, or none can be confined.
        """
        if self._closed:
            raise IsolationError("the zygote is closed: no further worker can be started")
        try:
            return self._fork(how)
        except OSError:
            # A submission may have killed it: its pid is no secret.
            self._stop()
            self._start()
        try:
            return self._fork(how)
        except OSError as error:
            said = self._said()
            if self._boxed and said.startswith("bwrap: "):
                raise IsolationError(bubblewrap.fault(said)) from error
            raise IsolationError(
                f"no process can be started to run a solution in ({error or type(error).__name__}); "
                f"{sys.executable} said: {said or 'nothing'}"
            ) from error

    def wait(self, process: Process, seconds: float) -> int:
        """Wait for a worker to end and kill it then.

        Returns
        -------
        int
            Its exit status, or minus the signal that ended it.
        """
        try:
            status = self._ask(b"W", process.number, int(seconds * 1000))
        except OSError:
            # Without the zygote its workers die.
            status = int(signal.SIGKILL)
        return os.waitstatus_to_exitcode(status)

    def kill(self, process: Process) -> None:
        """Kill a worker without waiting for its end."""
        with contextlib.suppress(OSError):
            self._control.sendall(COMMAND.pack(b"K", process.number, 0))

    def load_scipy(self, source: str) -> None:
        """Load the parts of SciPy that a source names for all further workers: each would take long to do so."""
        if "scipy" not in source:
            return
        for part in self._scipy:
            if part not in self._asked_for and re.search(rf"\b{part}\b", source):
                self._asked_for.add(part)
                with contextlib.suppress(OSError):
                    self._control.sendall(COMMAND.pack(b"S", SCIPY.index(part), 0))

    def close(self) -> None:
        """End all workers and the process itself."""
        if not self._closed:
            self._closed = True
            self._stop()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        self._asked_for.clear()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
        environment = _environment(self._hash_seed)
        shared = visible.library_folders() if sys.platform == "linux" else ()
        # Without the packages of this Python: those that are given are named.
        said = json.dumps([self._libraries, shared, self._loaded])
        arguments = ["-P", "-S", str(_SCRIPT), str(theirs.fileno()), said]
        with theirs, contextlib.ExitStack() as files:
            passed = [theirs.fileno()]
            command = [sys.executable, *arguments]
            if self._boxed:
                options = bubblewrap.options(environment, self._libraries.values(), self._writable)
                passed.append(files.enter_context(options).fileno())
                command = bubblewrap.command(passed[-1], arguments)
            self._process = subprocess.Popen(  # noqa: S603 (our own file)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=passed,
                env=environment,
                cwd="/",
                start_new_session=True,
            )

    def _stop(self) -> None:
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _fork(self, how: Confinement) -> Process:
        pipes = [os.pipe() for _ in range(3)]
        (their_requests, requests), (replies, their_replies), (output, their_output) = pipes
        ready, their_ready = ready_sockets()
        theirs = [their_requests, their_replies, their_output, their_ready.detach()]
        ours = [requests, replies, output]
        with ready:
            try:
                self._order(how, theirs)
                _close(theirs)
                theirs = []
                pid, number = introduced(ready)
            except BaseException:
                _close(ours)
                raise
            finally:
                _close(theirs)
        for descriptor in ours:
            os.set_blocking(descriptor, False)
        for descriptor in ours[:2]:
            # Fewer switches between the processes with large arrays; a user has a limited sum of this.
            with contextlib.suppress(OSError, AttributeError):
                fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        return Process(pid, number, *ours)

    def _order(self, how: Confinement, descriptors: list[int]) -> None:
        """Have a worker forked."""
        text = json.dumps(asdict(how)).encode("ascii")
        try:
            socket.send_fds(self._control, [COMMAND.pack(b"F", 0, len(text)) + text], descriptors)
        except BaseException:
            self._control.close()
            raise

    def _ask(self, letter: bytes, number: int, extra: int) -> int:
        try:
            self._control.sendall(COMMAND.pack(letter, number, extra))
            reply = self._control.recv(REPLY.size)
        except BaseException:
            # A reply that comes after an interrupt or too late must not be taken for that of the next command.
            self._control.close()
            raise
        if len(reply) < REPLY.size:
            raise ConnectionError("it ended")
        return int(REPLY.unpack(reply)[0])

    def _said(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace").strip()[-1000:]


def _environment(hash_seed: int) -> dict[str, str]:
    """Return the environment of the workers: nothing of the judge's but where to find programs and libraries."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"PATH": os.defpath} | kept | _ENVIRONMENT | {"PYTHONHASHSEED": str(hash_seed)}


def _places(libraries: Iterable[str]) -> dict[str, str]:
    """Return the file of each of these modules, as far as this process finds it."""
    specs = {name: importlib.util.find_spec(name) for name in libraries}
    return {name: str(Path(spec.origin).resolve()) for name, spec in specs.items() if spec and spec.origin}


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
