"""The judge's side of a zygote: starting it, and getting workers from it.

Imports neither NumPy nor anything that does, so that a run can start the zygote first and load the rest meanwhile.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pytest_mlkata.errors import MlkataError

from .zygote import COMMAND, REPLY

if TYPE_CHECKING:
    from types import TracebackType

_SCRIPT: Final = Path(__file__).with_name("zygote.py")
_START_SECONDS: Final = 60.0
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
    """A worker: its number, and the judge's ends of its three pipes."""

    pid: int
    requests: int
    replies: int
    output: int


class Zygote:
    """Starts workers within milliseconds.

    The process behind it is started at once, without waiting for it; it ends with `close`, or when this process does.
    """

    def __init__(self) -> None:
        self._closed = False
        self._has_scipy = False
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

    def fork(self) -> Process:
        """Start a worker.

        Raises
        ------
        MlkataError
            No worker can be started on this machine.
        """
        if self._closed:
            raise MlkataError("the zygote is closed: no further worker can be started")
        try:
            return self._fork()
        except OSError:
            # A submission may have killed it: its pid is no secret.
            self._stop()
            self._start()
        try:
            return self._fork()
        except OSError as error:
            raise MlkataError(
                f"no process can be started to run a solution in ({error or type(error).__name__}); "
                f"{sys.executable} said: {self._said() or 'nothing'}"
            ) from error

    def wait(self, process: Process, seconds: float) -> int:
        """Wait for a worker to end and kill it then.

        Returns
        -------
        int
            Its exit status, or minus the signal that ended it.
        """
        try:
            status = self._ask(b"W", process.pid, int(seconds * 1000))
        except OSError:
            # Without the zygote its workers die.
            status = int(signal.SIGKILL)
        return os.waitstatus_to_exitcode(status)

    def kill(self, process: Process) -> None:
        """Kill a worker without waiting for its end."""
        with contextlib.suppress(OSError):
            self._control.sendall(COMMAND.pack(b"K", process.pid, 0))

    def load_scipy(self) -> None:
        """Load SciPy's special functions for all further workers: each would take a fifth of a second to do so."""
        if not self._has_scipy:
            self._has_scipy = True
            with contextlib.suppress(OSError):
                self._control.sendall(COMMAND.pack(b"S", 0, 0))

    def close(self) -> None:
        """End all workers and the process itself."""
        if not self._closed:
            self._closed = True
            self._stop()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        self._has_scipy = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
        command = [sys.executable, "-P", "-s", str(_SCRIPT), str(theirs.fileno()), *_library_folders()]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own file)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=_environment(),
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

    def _fork(self) -> Process:
        pipes = [os.pipe() for _ in range(3)]
        (their_requests, requests), (replies, their_replies), (output, their_output) = pipes
        theirs = [their_requests, their_replies, their_output]
        ours = [requests, replies, output]
        try:
            pid = self._ask(b"F", 0, 0, theirs)
        except BaseException:
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        for descriptor in ours:
            os.set_blocking(descriptor, False)
        for descriptor in ours[:2]:
            # Fewer switches between the processes with large arrays; a user has a limited sum of this.
            with contextlib.suppress(OSError, AttributeError):
                fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        return Process(pid, *ours)

    def _ask(self, letter: bytes, number: int, extra: int, descriptors: list[int] | None = None) -> int:
        command = COMMAND.pack(letter, number, extra)
        try:
            if descriptors:
                socket.send_fds(self._control, [command], descriptors)
            else:
                self._control.sendall(command)
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


def _environment() -> dict[str, str]:
    """Return the environment of the workers: nothing of the judge's but where to find programs and libraries."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"PATH": os.defpath} | kept | _ENVIRONMENT


def _library_folders() -> list[str]:
    """Return where this process finds the libraries that submissions may use."""
    folders: list[str] = []
    for library in _LIBRARIES:
        spec = importlib.util.find_spec(library)
        if spec is not None and spec.origin is not None:
            folder = str(Path(spec.origin).resolve().parent.parent)
            if folder not in folders:
                folders.append(folder)
    return folders
