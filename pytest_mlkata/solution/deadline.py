"""How long the judge waits for a reply: as long as a submission may take, whatever else the machine does."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from .clock import CpuClock

if TYPE_CHECKING:
    from .scratch import Scratch

WALL_FACTOR: Final = 5.0
_SHORT_CALL: Final = 0.02
"""Shorter calls are not worth a look at how long they were kept waiting."""
_MIN_SLICE: Final = 0.002
_MAX_SLICE: Final = 0.05


class LimitError(Exception):
    """A limit is passed; the text says which."""


class Budget:
    """The time by the clock that all calls to a submission have together.

    What a worker, or the judge, waits for a processor does not count: a busy machine is nobody's fault. How long that
    was is looked up only where it decides.

    Parameters
    ----------
    total
        The seconds that there are.
    """

    def __init__(self, total: float) -> None:
        self.total = total
        self._spent = 0.0
        self._waited = 0.0
        self._judge = CpuClock(os.getpid())
        self._before = self._judge.waited()
        self._ended = False

    def spend(self, seconds: float) -> None:
        """Take note of a call."""
        self._spent += seconds

    def ended(self, clock: CpuClock) -> None:
        """Take note of how long a worker that is given up had to wait."""
        self._waited += clock.waited()

    def is_spent(self, clock: CpuClock | None, further: float = 0.0) -> bool:
        """Tell whether nothing is left.

        Parameters
        ----------
        clock
            Of the present worker, if there is one.
        further
            The seconds of a call that has not ended.
        """
        over = self._spent + further - self.total
        if over >= 0 and not self._ended:
            now = clock.waited() if clock is not None else 0.0
            # Once for all: what the judge waits for between two calls must not give some of it back.
            self._ended = over >= self._waited + now + self._judge.waited() - self._before
        return self._ended


class Deadline:
    """Says how long to wait at most before looking at the clocks again; raises when time is up.

    Parameters
    ----------
    clock
        Of the worker.
    cpu
        The processor time of the call, in seconds.
    budget
        Of all calls.
    scratch
        The folder that the submission may write to, if there is one.
    """

    def __init__(self, clock: CpuClock, cpu: float, budget: Budget, scratch: Scratch | None) -> None:
        self._clock = clock
        self._scratch = scratch
        self._cpu = cpu
        self._budget = budget
        self._cpu_end = clock.seconds() + cpu
        self._wall_start = time.monotonic()
        self._waited: float | None = None
        self._look_next = _SHORT_CALL
        self.excused = 0.0

    def spent(self) -> float:
        """Return the wall time since the start, without that of the judge's own work."""
        return time.monotonic() - self._wall_start - self.excused

    def __call__(self) -> float:
        """Return the seconds until the next look.

        Raises
        ------
        LimitError
            Time is up, or too much was written.
        """
        cpu_left = self._cpu_end - self._clock.seconds()
        if cpu_left <= 0:
            raise LimitError(f"took more than {self._cpu:g} s (processor time)")
        wall = self.spent()
        if self._budget.is_spent(self._clock, wall):
            raise LimitError(f"used up the {self._budget.total:g} s that all calls have together")
        if self._waited is None and wall > _SHORT_CALL:
            self._waited = self._clock.waited()
        if wall >= self._cpu * WALL_FACTOR and self._is_idle(wall):
            raise LimitError(f"did not end within {self._cpu * WALL_FACTOR:g} s")
        if wall >= self._look_next:
            # Most calls are over sooner, and what they have left is looked at then.
            self.look_at_scratch()
            self._look_next = self.spent() + _SHORT_CALL
        return max(_MIN_SLICE, min(_MAX_SLICE, cpu_left))

    def _is_idle(self, wall: float) -> bool:
        """Tell whether it takes so long because it sleeps, and not because the machine is busy."""
        kept_waiting = self._clock.waited() - self._waited if self._waited is not None else 0.0
        return wall - kept_waiting >= self._cpu * WALL_FACTOR and not self._clock.is_running()

    def look_at_scratch(self) -> None:
        """Raise if more was written than there may be."""
        if self._scratch is not None and self._scratch.is_full():
            raise LimitError(f"wrote more than the {self._scratch.size // 2**20} MB that it may")
