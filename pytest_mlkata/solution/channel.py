"""The judge's end of the channel to one worker: sends and receives frames and never waits without looking at the clock.

While it waits it takes what the worker prints, or a worker with much to say would stand still.
"""

from __future__ import annotations

import contextlib
import os
import select
from typing import TYPE_CHECKING, Any, Final

from . import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from .launcher import Process
    from .output import Output

_CHUNK: Final = 2**20
_SMALL: Final = 65536


class ChannelClosedError(Exception):
    """The worker has ended, or does not listen any more."""


class Channel:
    """Sends requests to a worker and receives its replies.

    Parameters
    ----------
    process
        The worker; its descriptors belong to this object from here on.
    output
        Gets what the worker prints.
    """

    def __init__(self, process: Process, output: Output) -> None:
        self._process = process
        self._output = output
        self._ended: int | None = None
        with contextlib.suppress(OSError, AttributeError):
            # Says that the worker has ended even if it left someone behind who holds on to its pipes (Linux).
            self._ended = os.pidfd_open(process.pid)
        self._reading, self._writing = select.poll(), select.poll()
        self._reading.register(process.replies, select.POLLIN)
        self._writing.register(process.requests, select.POLLOUT)
        for poll in (self._reading, self._writing):
            poll.register(process.output, select.POLLIN)
            if self._ended is not None:
                poll.register(self._ended, select.POLLIN)

    def send(self, pieces: list[Any], tick: Callable[[], float]) -> None:
        """Send a frame.

        Parameters
        ----------
        pieces
            The frame.
        tick
            Called before each wait; returns how many seconds to wait at most, or raises when time is up.

        Raises
        ------
        ChannelClosedError
            The worker has ended.
        """
        if len(pieces) > 1 and sum(map(len, pieces)) < _SMALL:
            pieces = [b"".join(pieces)]
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                try:
                    rest = rest[os.write(self._process.requests, rest) :]
                except BlockingIOError:
                    self._wait(self._writing, tick)
                except BrokenPipeError:
                    raise ChannelClosedError from None

    def receive(self, tick: Callable[[], float]) -> bytes | memoryview:
        """Return the next frame.

        Raises
        ------
        ChannelClosedError
            The worker has ended.
        WireError
            The worker did not send a frame.
        """
        data = self._read(wire.PREFIX.size, tick)
        size = wire.frame_size(data, wire.REPLY)
        if len(data) > size:
            raise wire.WireError("the worker said something that it was not asked")
        if len(data) == size:
            return data
        frame = wire.make_buffer(size)
        frame[: len(data)] = data
        rest = frame[len(data) :]
        while rest:
            tick()  # A worker that sends byte by byte, each in time, would never make it wait.
            try:
                count = os.readv(self._process.replies, [rest])
            except BlockingIOError:
                self._wait(self._reading, tick)
                continue
            if not count:
                raise ChannelClosedError
            rest = rest[count:]
        return frame

    def _read(self, size: int, tick: Callable[[], float]) -> bytes:
        """Return at least so many bytes."""
        data = b""
        self._wait(self._reading, tick)
        while len(data) < size:
            try:
                more = os.read(self._process.replies, _SMALL)
            except BlockingIOError:
                self._wait(self._reading, tick)
                continue
            if not more:
                raise ChannelClosedError
            data += more
        return data

    def _wait(self, poll: select.poll, tick: Callable[[], float]) -> None:
        """Wait until something happens on the channel, or for a moment."""
        events = dict(poll.poll(tick() * 1000))
        if self._process.output in events:
            self.drain()
        if self._ended in events and not events.keys() & {self._process.replies, self._process.requests}:
            raise ChannelClosedError

    def drain(self) -> None:
        """Take what the worker has printed."""
        try:
            # Not until there is no more: a worker that never stops to print would keep the judge here.
            data = os.read(self._process.output, _CHUNK)
        except BlockingIOError:
            return
        if data:
            self._output.add(data)
        else:
            for poll in (self._reading, self._writing):
                with contextlib.suppress(KeyError):
                    poll.unregister(self._process.output)

    def close(self) -> None:
        """Close the judge's ends."""
        self.drain()
        for descriptor in (self._process.requests, self._process.replies, self._process.output, self._ended):
            if descriptor is not None:
                os.close(descriptor)
