"""The process that a submission runs in: everything between its start and its first request.

It is started with three descriptors: 0 brings requests, 1 takes replies, 2 takes what the submission prints. The first
two move out of the way, so that a submission that prints to descriptor 1 does not speak to the judge by accident.
The process ends by being killed, or when requests end; nothing that a submission registers runs then.

This module is loaded by the worker only: the standard library, NumPy and what is loaded beside it.
"""

from __future__ import annotations

import io
import linecache
import os
import sys
import threading
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TextIO

from . import wire
from .asking import outward
from .confine import FAULT_SIZE, READY, Confinement, NotConfinedError, confine
from .counting import SOLUTION, place
from .runner import Runner

if TYPE_CHECKING:
    from types import FrameType

CHUNK: Final = 65536
_MOST_WARNINGS: Final = 200
_MOST_CHARACTERS: Final = 1000


class _ChannelClosedError(Exception):
    """The judge is gone or no longer listens."""


class Channel:
    """The worker's end of the channel; everything blocks."""

    def __init__(self, requests: int, replies: int, printed: tuple[TextIO, ...] = ()) -> None:
        self._requests = requests
        self._replies = replies
        self._printed = printed
        self._number = 0
        self._busy = False

    def receive(self) -> bytes | memoryview:
        """Return the next frame."""
        data = os.read(self._requests, CHUNK)
        while len(data) < wire.PREFIX.size:
            more = os.read(self._requests, CHUNK)
            if not more:
                raise _ChannelClosedError
            data += more
        size = wire.frame_size(data, wire.REQUEST)
        if len(data) == size:
            return data
        frame = wire.make_buffer(size)
        frame[: len(data)] = data
        rest = frame[len(data) :]
        while rest:
            count = os.readv(self._requests, [rest])
            if not count:
                raise _ChannelClosedError
            rest = rest[count:]
        return frame

    def send(self, pieces: list[Any]) -> None:
        """Send a frame."""
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(self._replies, rest) :]

    def serve(self) -> None:
        """Answer requests until there are no more."""
        runner = Runner(self._pull, ask=self._ask)
        self._resolve = runner.resolve
        while True:
            frame = self.receive()
            self._busy = True
            reply = runner.answer(frame)
            self._busy = False
            self._flush()
            self.send(reply)

    def _flush(self) -> None:
        """Send what was printed on its way; the submission may have closed what it goes through.

        What it has put in its place is its own affair.
        """
        for stream in self._printed:
            try:  # noqa: SIM105 (in the way of every call)
                stream.flush()
            except (ValueError, OSError):
                pass

    def _pull(self, stream: int) -> tuple[bool, Any]:
        """Ask the judge for the next value of a stream."""
        self._require_call("a stream can only be read")
        self.send(wire.pack((0, "pull", stream), wire.REPLY))
        more, value = wire.unpack(self.receive(), wire.REQUEST, self._resolve)
        return bool(more), value

    def _ask(self, service: int, question: Any) -> Any:
        """Ask the judge something."""
        self._require_call("the solution can only be called")
        self.send(wire.pack((0, "ask", (service, question)), wire.REPLY, outward))
        return wire.unpack(self.receive(), wire.REQUEST, self._resolve)

    def _require_call(self, what: str) -> None:
        """Refuse what would come between two requests, or into another one."""
        if not self._busy or threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"{what} during the call, and not from another thread")


class Warnings:
    """Shows each warning once, at the line of the submission that it comes from."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def show(  # noqa: PLR0917 (as in the standard library)
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        """Take the place of `warnings.showwarning`."""
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
        while frame is not None and filename != SOLUTION:
            # NumPy warns of what it does itself; a learner wants to know which line made it do so.
            if frame.f_code.co_filename == SOLUTION:
                filename, lineno, line = SOLUTION, frame.f_lineno, None
            frame = frame.f_back
        source = (linecache.getline(filename, lineno) if line is None else line).strip()
        said = str(message)[:_MOST_CHARACTERS]
        text = f"{place(filename, lineno)}: {category.__name__}: {said}" + (f" (`{source}`)" if source else "")
        if len(self._seen) == _MOST_WARNINGS:
            text = "further warnings are left out"
        if text not in self._seen and len(self._seen) <= _MOST_WARNINGS:
            self._seen.add(text)
            with suppress(OSError, ValueError, AttributeError):  # the submission may have closed or replaced it
                print(text, file=sys.stderr if file is None else file)


def _text_stream(descriptor: int, buffering: int) -> io.TextIOWrapper:
    return open(descriptor, "w", buffering, encoding="utf-8", errors="backslashreplace", closefd=False)


def main(how: Confinement, ready: int, rules: int) -> None:
    """Serve the judge over the descriptors 0 and 1; never returns.

    Parameters
    ----------
    how
        What the submission is left.
    ready
        A descriptor that is told the number of this process, and why it cannot be confined if so; then it is closed.
    rules
        A descriptor of rules on files, see `confine`.
    """
    status = 70
    # Whatever happens in here, the process ends without the cleaning up that a submission could hook into.
    try:
        requests, replies = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        sys.stdout = sys.__stdout__ = _text_stream(1, buffering=-1)  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = _text_stream(2, buffering=1)  # type: ignore[misc]
        sys.argv = [""]
        warnings.showwarning = Warnings().show
        _confine(how, ready, rules)
        Channel(requests, replies, (sys.stdout, sys.stderr)).serve()
    except (_ChannelClosedError, BrokenPipeError):
        status = 0
    except BaseException:  # noqa: BLE001
        status = 71
    finally:
        os._exit(status)


def _confine(how: Confinement, ready: int, rules: int) -> None:
    fault = ""
    try:
        confine(how, rules)
    except NotConfinedError as error:
        fault = str(error)
    os.write(ready, READY.pack(os.getpid()) + fault.encode("utf-8", "replace")[:FAULT_SIZE])
    os.close(ready)
    if fault:
        os._exit(72)
