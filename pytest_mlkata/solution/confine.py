"""Gives up, in a worker, what a submission must not have: once, before any of its code arrives.

What is left is to compute, to read the standard library and what the kata gives, and to answer. Each of the four
steps stops most attacks alone: limits, capabilities, Landlock for files, seccomp for calls to the kernel. If one fails
the worker says so and ends.

Libraries that do a part of it were looked at (landlockpy and py-landlock; pyseccomp, which binds libseccomp; sandlock)
and not taken: the worker has to stay readable in one sitting and imports the standard library and NumPy only, what is
needed of Landlock are three calls, libseccomp is not on every machine and pip cannot bring it, and sandlock asks for
Linux 6.7.

This module is loaded by the worker: the standard library only.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import struct
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import landlock, seccomp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

READY: Final = struct.Struct("<q")
"""What a worker says when it is confined: its number. Behind it comes why it is not, if so."""
FAULT_SIZE: Final = 500
"""The most bytes of that."""

_ALWAYS_WRITABLE: Final = (os.devnull,)
_DESCRIPTORS: Final = 64
_PR_SET_NO_NEW_PRIVS: Final = 38
_CAPSET: Final = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_VERSION: Final = 0x20080522
_CAP_DAC_READ_SEARCH: Final = 1 << 2


@dataclass(frozen=True)
class Confinement:
    """How a worker is to be confined: plain values, which the judge sends.

    Attributes
    ----------
    confined
        Whether more than limits is asked for.
    memory
        Bytes of address space.
    scratch
        A folder that the submission may write to; empty for none.
    scratch_size
        Bytes that a file in it may have.
    threads
        Whether the submission may start threads.
    """

    confined: bool = False
    memory: int = 2 * 2**30
    scratch: str = ""
    scratch_size: int = 0
    threads: bool = False
    file_bytes: int = 0
    """Where it is not 0, a file that would grow beyond so many bytes ends the process, in the middle of a write."""


class NotConfinedError(Exception):
    """A worker cannot be confined; the text says why."""


def missing() -> str:
    """Return what this system lacks to confine a worker, or nothing.

    A kernel may offer what a container then refuses, so a child of this process tries it.
    """
    if sys.platform != "linux":
        return f"only Linux can confine a process so, and this is {sys.platform}"
    return landlock.missing() or seccomp.missing() or _try_in_child()


def _try_in_child() -> str:
    answer, theirs = os.pipe()
    with warnings.catch_warnings():
        # Of threads that are not in the child: it needs none.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if not pid:
        try:
            # Without a limit on memory: what is loaded here may be past that of a worker already.
            how = Confinement(confined=True, memory=sys.maxsize)
            confine(how, rules_for(how, ()))
            os.write(theirs, b"confined")
        except (NotConfinedError, OSError) as error:
            os.write(theirs, str(error).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with open(answer, "rb") as file:  # noqa: PTH123
        said = file.read().decode("utf-8", "replace")
    os.waitpid(pid, 0)
    return "" if said == "confined" else said or "a confined process died"


def rules_for(how: Confinement, readable: Iterable[str]) -> int:
    """Return a descriptor for the rules on files that `confine` needs.

    Parameters
    ----------
    how
        What a worker is to be left.
    readable
        Files, and folders with everything below them, that it may read.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    return landlock.prepare(readable, (*_ALWAYS_WRITABLE, *filter(None, [how.scratch])))


def confine(how: Confinement, rules: int) -> None:
    """Give up everything that `how` does not leave.

    Parameters
    ----------
    how
        What to leave.
    rules
        The descriptor that `rules_for` returned, which is closed; any where nothing is confined.

    Raises
    ------
    NotConfinedError
        Something that was to be given up is still there.
    """
    try:
        _limit(how)
        if how.confined:
            _drop_privileges()
            landlock.restrict(rules)
            os.close(rules)
            seccomp.install(os.getpid(), writing=bool(how.scratch), threads=how.threads)
    except OSError as error:
        raise NotConfinedError(error.strerror or str(error)) from error
    if how.confined:
        _prove()


def _limit(how: Confinement) -> None:
    _set_limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        _set_limit(resource.RLIMIT_AS, how.memory)
    if how.confined:
        _set_limit(resource.RLIMIT_NOFILE, _DESCRIPTORS)
        _set_limit(resource.RLIMIT_FSIZE, how.scratch_size)
    if how.file_bytes:
        # Python ignores the signal, so that a write raises; at its default it kills.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        _set_limit(resource.RLIMIT_FSIZE, how.file_bytes)


def _set_limit(which: int, value: int) -> None:
    _, most = resource.getrlimit(which)
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(which, (value, value))


def _drop_privileges() -> None:
    """Give up all of root's rights but to read, whoever owns it, what the rules allow; and never get new ones."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs: the kernel refuses")
    head = struct.pack("=Ii", _CAPABILITIES_VERSION, 0)
    # Effective, permitted and inheritable, in two halves of which the second is empty.
    kept = struct.pack("=6I", _CAP_DAC_READ_SEARCH, _CAP_DAC_READ_SEARCH, 0, 0, 0, 0)
    none = struct.pack("=6I", 0, 0, 0, 0, 0, 0)
    number = _CAPSET[os.uname().machine]
    # Who is not root does not even have that one, nor may root in a namespace of its own.
    if libc.syscall(number, head, kept) and libc.syscall(number, head, none):
        raise OSError(ctypes.get_errno(), "capabilities: the kernel keeps them")


def _prove() -> None:
    """Try what must not be possible any more."""
    attempts: dict[str, Callable[[], object]] = {
        "list the root folder": lambda: os.listdir("/"),  # noqa: PTH208
        "open a socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close(),
        "signal another process": lambda: os.kill(os.getppid(), 0),
    }
    for what, attempt in attempts.items():
        try:
            attempt()
        except OSError:
            continue
        raise NotConfinedError(f"a confined process can still {what}")
