"""Runs a submission in a process of its own, and keeps the clock.

A call has a budget of CPU time, which is read from outside of the worker, and a wall time of five times as much, for a
submission that sleeps; what a busy machine makes it wait for a processor does not count (Linux). All calls together
have a wall time as well.
"""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any, Final

from pytest_mlkata.errors import UNLOADABLE, SubmissionStopped, SubmissionUnloadable
from pytest_mlkata.model import Limits

from . import wire
from .backend import CALLBACKS, Backend
from .channel import Channel, ChannelClosedError
from .clock import CpuClock
from .confine import Confinement
from .deadline import Budget, Deadline, LimitError
from .describe import Call
from .launcher import Zygote
from .output import Output
from .verdict import MalformedReplyError, unloadable, verdict

if TYPE_CHECKING:
    from .launcher import Process
    from .scratch import Scratch

__all__ = ["Host", "Zygote"]

LOAD_FACTOR: Final = 5.0
_DEATH_SECONDS: Final = 0.2


class _Worker:
    """A process with everything that belongs to it."""

    def __init__(self, zygote: Zygote, how: Confinement, output: Output) -> None:
        self.process: Process = zygote.fork(how)
        self.channel = Channel(self.process, output)
        self.clock = CpuClock(self.process.pid)
        self.used = False


class Host(Backend):
    """Runs a submission in a worker process.

    Parameters
    ----------
    zygote
        Where workers come from.
    source, name, banned, unguarded
        As of `Backend`.
    limits
        What the submission may use up.
    how
        What else its process is left.
    scratch
        The folder that it may write to.
    """

    def __init__(
        self,
        zygote: Zygote,
        source: str,
        *,
        name: str,
        banned: tuple[str, ...] = (),
        unguarded: tuple[str, ...] = (),
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        how: Confinement = Confinement(),  # noqa: B008 (frozen)
        scratch: Scratch | None = None,
    ) -> None:
        super().__init__(source, name=name, banned=banned, unguarded=unguarded)
        self._zygote = zygote
        self._limits = limits
        self._how = how
        self._scratch = scratch
        self._worker: _Worker | None = None
        self._output = Output()
        self._number = 0
        self._budget = Budget(limits.total_seconds)
        self._cpu_spent = 0.0
        self._unloadable: SubmissionStopped | None = None
        zygote.load_scipy(source)

    @property
    def pid(self) -> int | None:
        """The number of the worker, if there is one."""
        return self._worker.process.pid if self._worker else None

    def load(self) -> None:
        """Load the submission now, and not with the first call.

        Raises
        ------
        SubmissionStopped
            It cannot be loaded.
        """
        self._ready(Call("import of the solution"))

    def reset(self) -> None:
        """Have the next request meet a fresh worker."""
        if self._worker and self._worker.used:
            self._discard()

    def take_output(self) -> str:
        """Return what the submission has printed since the last time, fit for a report."""
        if self._worker:
            self._worker.channel.drain()
        return self._output.take()

    def cpu_seconds(self) -> float:
        """Return the CPU time that all workers have used so far."""
        return self._cpu_spent + (self._worker.clock.seconds() if self._worker else 0.0)

    def peak_memory(self) -> int:
        """Return the most bytes that the worker has ever held; 0 where the system does not tell."""
        return self._worker.clock.peak_memory() if self._worker else 0

    def close(self) -> None:
        """Kill the worker."""
        self._discard()

    def _discard(self) -> None:
        if self._worker:
            worker = self._detach()
            if self._scratch is None:
                self._zygote.kill(worker.process)
            else:
                # What comes next relies on that nobody writes there any more.
                self._zygote.wait(worker.process, 0.0)

    def _detach(self) -> _Worker:
        """Have done with the worker, whatever becomes of the process."""
        worker, self._worker = self._worker, None
        assert worker is not None
        self._cpu_spent += worker.clock.seconds()
        self._budget.ended(worker.clock)
        self._forget()
        worker.channel.close()
        return worker

    def _ask(self, operation: str, arguments: tuple[Any, ...], call: Call) -> tuple[str, Any]:
        worker = self._ready(call)
        worker.used = True
        return self._exchange(worker, operation, arguments, call, self._limits.call_seconds)

    def _ready(self, call: Call) -> _Worker:
        """Return a worker that has loaded the submission."""
        if self._unloadable is not None:
            raise type(self._unloadable)(*self._unloadable.args)
        if self._budget.is_spent(self._worker.clock if self._worker else None):
            raise SubmissionStopped(
                f"the {self._budget.total:g} s that all calls have together were used up before {call}"
            )
        if self._worker is None:
            self._worker = _Worker(self._zygote, self._how, self._output)
            try:
                self._load(self._worker)
            except SubmissionStopped as stop:
                self._unloadable = stop
                raise
        return self._worker

    def _load(self, worker: _Worker) -> None:
        call = Call("import of the solution")
        arguments = (self._source, self.name, self._banned)
        try:
            kind, content = self._exchange(worker, "load", arguments, call, self._limits.call_seconds * LOAD_FACTOR)
        except SubmissionStopped as stop:
            raise SubmissionUnloadable(f"{UNLOADABLE}: {stop}") from None
        if kind != "value":
            self._discard()
            raise unloadable(kind, content, call, self.name)

    def _exchange(
        self, worker: _Worker, operation: str, arguments: tuple[Any, ...], call: Call, cpu: float
    ) -> tuple[str, Any]:
        """Send a request and return the reply; end the worker if there is none."""
        self._number += 1
        frame = self._frame(self._number, operation, arguments)
        deadline = Deadline(worker.clock, cpu, self._budget, self._scratch)
        try:
            worker.channel.send(frame, deadline)
            reply = self._reply(worker, call, deadline)
            deadline.look_at_scratch()
        except LimitError as error:
            self._discard()
            raise SubmissionStopped(f"{error} in {call}") from None
        except ChannelClosedError:
            status = self._zygote.wait(self._detach().process, _DEATH_SECONDS)
            stop = SubmissionStopped(f"the process ended: {_ending(status)} in {call}")
            stop.signal = max(0, -status)
            raise stop from None
        except (wire.WireError, MalformedReplyError) as error:
            self._discard()
            error.__traceback__ = None  # It holds on to the frame, which may be large.
            raise SubmissionStopped(f"the solution broke the channel to the judge in {call}: {error}") from None
        except BaseException:
            # The judge was interrupted, or a stream raised: what the worker says next would belong to this request.
            self._discard()
            raise
        else:
            return reply
        finally:
            self._budget.spend(deadline.spent())

    def _reply(self, worker: _Worker, call: Call, deadline: Deadline) -> tuple[str, Any]:
        while True:
            number, kind, content = self._parse(worker.channel.receive(deadline))
            if kind not in CALLBACKS:
                break
            started = time.monotonic()
            chunk = self._called_back(kind, content)
            deadline.excused += time.monotonic() - started
            worker.channel.send(chunk, deadline)
        if number != self._number:
            raise wire.WireError("a reply belongs to no request")
        if kind != "value":
            verdict(kind, content, call, self.name)  # raises if there is no such reply
        return kind, content


def _ending(status: int) -> str:
    """Return how a process ended, in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        name = signal.Signals(-status)
        return f"killed by signal {-status} ({(signal.strsignal(name) or name.name).lower()})"
    except ValueError:
        return f"killed by signal {-status}"
