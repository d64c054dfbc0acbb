"""Ends or pauses a call in the middle: what a machine that loses power, or a reader beside it, would find."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_mlkata.errors import SubmissionStopped

from .backend import Backend
from .describe import Call
from .handle import refuse
from .values import Stream

_PARTS = 2
"""Of the answer to a call in steps: how many there were, and its result."""


class _HaltedError(Exception):
    """The place is reached at which a call is to be ended."""


def in_steps(backend: Backend, places: Sequence[int], look: Callable[[], object], call: Call) -> tuple[int, Any]:
    """Make a call, and look before each of some lines of the submission that it runs.

    Parameters
    ----------
    backend
        What runs the submission: in a process of its own, or what is beside it stands still, too.
    places
        Before which lines, counted from 1 as they run.
    look
        What to do there, while the call waits.
    call
        The call.

    Returns
    -------
    int, object
        How many lines have run, and the result.
    """

    def looking() -> Iterator[None]:
        while True:
            look()
            yield None

    operands = (tuple(places), Stream(looking()), call.name, call.args, call.kwargs)
    answer = backend.request("step", *operands, call=call)
    if type(answer) is not tuple or len(answer) != _PARTS or type(answer[0]) is not int:
        refuse(answer, call, "the count of its steps")
    return answer[0], answer[1]


def is_halted(backend: Backend, step: int, call: Call) -> bool:
    """Make a call, and have its process killed before a line that it runs; tell whether it came so far."""

    def halt() -> None:
        raise _HaltedError

    try:
        in_steps(backend, (step,), halt, call)
    except _HaltedError:
        return True
    return False


def is_cut_off(backend: Backend, call: Call) -> bool:
    """Make a call in a process that dies with the first file that grows too large; tell whether one did."""
    try:
        backend.request("call freely", call.name, call.args, call.kwargs, call=call)
    except SubmissionStopped as stop:
        if stop.signal == signal.SIGXFSZ:
            return True
        raise
    return False
