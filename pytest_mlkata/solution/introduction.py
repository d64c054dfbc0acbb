"""How a worker that was forked for the judge says that it is there, and by which number it is known here."""

from __future__ import annotations

import socket
import struct
import sys
from typing import Final

from pytest_mlkata.errors import IsolationError

from .confine import FAULT_SIZE, READY

START_SECONDS: Final = 60.0
"""So long may a process take to start on a busy machine."""
_ELSE: Final = "--kata-isolation=process does without, for code of people you trust"
_CREDENTIALS: Final = struct.Struct("=3i")


def ready_sockets() -> tuple[socket.socket, socket.socket]:
    """Return where a worker is awaited, and where it says that it is there."""
    ready, theirs = socket.socketpair()
    if sys.platform == "linux":
        # The kernel adds who sends, by the number that it has here, to what is sent from now on.
        ready.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ready, theirs


def introduced(ready: socket.socket) -> tuple[int, int]:
    """Return the number of a worker here, and that by which its zygote knows it.

    Raises
    ------
    ConnectionError
        It does not say so.
    IsolationError
        It says that it could not be confined.
    """
    ready.settimeout(START_SECONDS)
    space = socket.CMSG_SPACE(_CREDENTIALS.size) if sys.platform == "linux" else 0
    data, extra, _, _ = ready.recvmsg(READY.size + FAULT_SIZE, space)
    if len(data) < READY.size:
        raise ConnectionError("it ended before it was ready")
    number = int(READY.unpack_from(data)[0])
    fault = data[READY.size :].decode("utf-8", "replace")
    if fault:
        raise IsolationError(f"a solution cannot be confined here: {fault}; {_ELSE}")
    pids = [_CREDENTIALS.unpack(content)[0] for _, kind, content in extra if kind == socket.SCM_CREDENTIALS]
    return (pids[0] if pids else number), number
