"""Does in a child of this process what there is no way back from, and tells what came of it."""

from __future__ import annotations

import json
import os
import signal
import warnings
from collections.abc import Callable
from typing import Any


def in_child(do: Callable[[], object]) -> Any:
    """Return what `do` returns in a child, an error as its class and text, or how the child died."""
    answer, theirs = os.pipe()
    with warnings.catch_warnings():
        # Of threads that are not in the child: it needs none.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if not pid:
        try:
            os.write(theirs, json.dumps(_outcome(do)).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(answer, "rb") as file:
        text = file.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return json.loads(text) if text else f"died of {signal.Signals(-status).name}" if status < 0 else "ended"


def tried(do: Callable[[], object]) -> str:
    """Return "done", or what kept it from being done."""
    try:
        do()
    except OSError as error:
        return type(error).__name__
    return "done"


def _outcome(do: Callable[[], object]) -> object:
    try:
        return do()
    except BaseException as error:  # noqa: BLE001 (a child has no other way to tell)
        return f"{type(error).__name__}: {error}"
