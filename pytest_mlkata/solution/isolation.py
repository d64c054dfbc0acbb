"""Where submissions run: what there is to choose from, what can be had on this machine, and what it is worth."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pytest_mlkata.errors import IsolationError

from . import bubblewrap, confine
from .launcher import Zygote

MEANING: Final = {
    "none": "solutions run in this process: for your own code only",
    "process": "solutions run in a process of their own, with your rights",
    "confined": "solutions run confined: without files, network or processes",
    "sandbox": "solutions run confined and in bubblewrap",
}
"""For each isolation what the header of a run says."""

_NAMESPACES: Final = ("ipc", "mnt", "net", "pid", "user", "uts")
_INSTEAD: Final = "--kata-isolation=process does without, for code of people you trust"


def choose(asked: str | None) -> tuple[str, str]:
    """Return the isolation to use, and why it is a weaker one than usual if so.

    Parameters
    ----------
    asked
        One of `MEANING`, or None for the best that costs nothing: ``confined`` where the kernel offers it.

    Raises
    ------
    IsolationError
        What was asked for cannot be had here; the message says what is missing.
    """
    if asked is None:
        missing = confine.missing()
        return ("process", f"not confined: {missing}") if missing else ("confined", "")
    if asked in {"confined", "sandbox"} and (missing := confine.missing()):
        raise IsolationError(f"--kata-isolation={asked} cannot be had here: {missing}; {_INSTEAD}")
    if asked == "sandbox":
        _require_bubblewrap()
    return asked, ""


def _require_bubblewrap() -> None:
    """Put a worker into bubblewrap and look at it from outside."""
    fault = bubblewrap.missing()
    if not fault:
        try:
            with Zygote(boxed=True) as zygote:
                shared = _shared_namespaces(zygote.fork(confine.Confinement(confined=True)).pid)
            fault = f"it shares namespaces with this process ({', '.join(shared)})" if shared else ""
        except (IsolationError, OSError) as error:  # it may have ended before it was looked at
            fault = str(error)
    if fault:
        raise IsolationError(
            f"--kata-isolation=sandbox cannot be had here: {fault}; --kata-isolation=confined does without bubblewrap"
        )


def _shared_namespaces(pid: int) -> list[str]:
    return [kind for kind in _NAMESPACES if _namespace(pid, kind) == _namespace(os.getpid(), kind)]


def _namespace(pid: int, kind: str) -> str:
    return str(Path(f"/proc/{pid}/ns/{kind}").readlink())
