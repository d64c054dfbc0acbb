"""The files that a confined worker may still open, held to by the kernel's Landlock.

Landlock restricts a process for good and everything that comes of it; a file that no rule names cannot be opened,
listed, made, changed, moved or removed. That a file exists can still be seen.

This module is loaded by the worker: the standard library only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# The numbers are the same on every architecture; see linux/landlock.h for the rest.
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_BENEATH: Final = 1

_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_REMOVE_DIR: Final = 1 << 4
_REMOVE_FILE: Final = 1 << 5
_MAKE_DIR: Final = 1 << 7
_MAKE_REG: Final = 1 << 8
_REFER: Final = 1 << 13
"""To move or link a file into another folder, if the rules give no more there; the first version of Landlock has no
such right, and nothing can be moved out of its folder."""
_TRUNCATE: Final = 1 << 14
_RIGHTS_OF: Final = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights a version knows, the first ones of all; from the fifth on 16."""
_ALL_RIGHTS: Final = 16
_WITH_NETWORK: Final = 4
_WITH_SCOPES: Final = 6
_BOTH: Final = 3
"""TCP bind and connect; abstract sockets and signals out of the domain."""

_READ: Final = _READ_FILE | _READ_DIR
_OF_FILES: Final = _READ_FILE | _WRITE_FILE | _TRUNCATE
_WRITE: Final = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE


def version() -> int:
    """Return the version of the kernel's Landlock; 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))


def missing() -> str:
    """Return what this system lacks, or nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION) > 0:
        return ""
    if ctypes.get_errno() == errno.EOPNOTSUPP:
        return "the kernel's Landlock is switched off (boot with `lsm=landlock,…`)"
    return "the kernel has no Landlock (Linux 5.13 or newer has), or a container hides it"


def prepare(readable: Iterable[str], writable: Iterable[str]) -> int:
    """Make rules, as an open descriptor: a few milliseconds, which many processes can share.

    Parameters
    ----------
    readable, writable
        Files, and folders with everything below them. What does not exist is passed over.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    newest = version()
    handled = (1 << _RIGHTS_OF.get(newest, _ALL_RIGHTS)) - 1
    attributes = struct.pack("@Q", handled)
    if newest >= _WITH_NETWORK:
        attributes += struct.pack("@Q", _BOTH)
    if newest >= _WITH_SCOPES:
        attributes += struct.pack("@Q", _BOTH)
    rules = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    for paths, rights in ((readable, _READ), (writable, _WRITE)):
        for path in paths:
            _add(rules, path, rights & handled)
    return rules


def restrict(rules: int) -> None:
    """Keep this process from all files but those of `rules`; there is no way back.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    _call(_RESTRICT_SELF, rules, 0)


def _add(rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        _call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock: the kernel refuses")
    return result
