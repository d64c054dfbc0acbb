"""The calls to the kernel that a confined worker may still make: a list, as a filter that the kernel holds to.

Everything that is not on the list fails with "operation not permitted", which Python raises as a `PermissionError`
with the line of the submission. The lists were found by running NumPy's and SciPy's functions and are kept by tests;
what is left out on purpose is what reaches other processes (kill, ptrace, process_vm_readv, pidfd, prlimit of others,
signals through F_SETOWN), new ones (fork, exec, threads), the network (socket, in every family), files beyond the
reach of Landlock (truncate, chmod, utime, xattrs, mounts), memory that no limit counts (memfd, shared segments), and
interfaces of the kernel with a history (io_uring, bpf, keyctl, userfaultfd, perf).

This module is loaded by the worker: the standard library only.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import Final

# Name, number on x86-64, number on aarch64; -1 where an architecture has no such call.
_ALLOWED: Final = """
    read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, lseek 8 62, close 3 57,
    stat 4 -1, fstat 5 80, lstat 6 -1, newfstatat 262 79, statx 332 291, statfs 137 43, fstatfs 138 44,
    access 21 -1, faccessat 269 48, faccessat2 439 439, readlink 89 -1, readlinkat 267 78, getdents64 217 61,
    getcwd 79 17, chdir 80 49, fchdir 81 50, dup 32 23, dup2 33 -1, dup3 292 24, pipe 22 -1, pipe2 293 59,
    poll 7 -1, ppoll 271 73, select 23 -1, pselect6 270 72, flock 73 32, fadvise64 221 223, umask 95 166,
    mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, madvise 28 233, brk 12 214, mincore 27 232,
    rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, sigaltstack 131 132,
    rt_sigtimedwait 128 137, rt_sigsuspend 130 133, restart_syscall 219 128, pause 34 -1, membarrier 324 283,
    futex 202 98, set_robust_list 273 99, rseq 334 293, sched_yield 24 124, sched_getaffinity 204 123, getcpu 309 168,
    clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115, nanosleep 35 101, gettimeofday 96 169,
    time 201 -1, times 100 153, getrusage 98 165, sysinfo 99 179, uname 63 160, getrlimit 97 163,
    getpid 39 172, gettid 186 178, getppid 110 173, getpgid 121 155, getsid 124 156, getuid 102 174, geteuid 107 175,
    getgid 104 176, getegid 108 177, getgroups 115 158, getresuid 118 148, getresgid 120 150,
    getrandom 318 278, exit 60 93, exit_group 231 94
"""
# Only where there is a folder to write to; Landlock says which.
_WRITING: Final = """
    mkdir 83 -1, mkdirat 258 34, rmdir 84 -1, unlink 87 -1, unlinkat 263 35, rename 82 -1, renameat 264 38,
    renameat2 316 276, ftruncate 77 46, fsync 74 82, fdatasync 75 83, fallocate 285 47
"""
# Only with some arguments.
_SPECIAL: Final = """
    kill 62 129, tgkill 234 131, fcntl 72 25, ioctl 16 29, open 2 -1, openat 257 56, prlimit64 302 261,
    clone 56 220, clone3 435 435
"""
_ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""For each machine the column of the tables, and the name that the kernel has for it."""

_FCNTL_COMMANDS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC, F_GETPIPE_SZ."""
_IOCTL_REQUESTS: Final = (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX: what Python asks of a file that it opens."""
_OPEN_MODE_AND_TRUNCATE: Final = 0o1003
_READ_AND_TRUNCATE: Final = 0o1000
_NEITHER_AND_TRUNCATE: Final = 0o1003
_POINTER_SIZE: Final = 8
_CLONE_THREAD: Final = 0x10000
_X32_BIT: Final = 0x40000000

# The filter is a program of the kernel's: BPF, see linux/bpf_common.h and linux/seccomp.h.
_INSTRUCTION: Final = struct.Struct("<HBBI")
_LOAD: Final = 0x20
_AND: Final = 0x54
_JUMP_EQUAL: Final = 0x15
_JUMP_AT_LEAST: Final = 0x35
_JUMP_SET: Final = 0x45
_RETURN: Final = 0x06
_NUMBER_AT: Final = 0
_ARCHITECTURE_AT: Final = 4
_ARGUMENTS_AT: Final = 16
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_FAIL_WITH: Final = 0x00050000
_PR_GET_SECCOMP: Final = 21
_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2

Instruction = tuple[int, int, int, int]


def missing() -> str:
    """Return what this system lacks for a filter, or nothing."""
    if platform.machine() not in _ARCHITECTURES:
        return f"there is no list of calls for {platform.machine() or 'this'} processors"
    if struct.calcsize("P") != _POINTER_SIZE:
        return f"there is no list of calls for a Python of {8 * struct.calcsize('P')} bits"
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) < 0:
        return "the kernel has no seccomp"
    return ""


def install(pid: int, *, writing: bool, threads: bool) -> None:
    """Have the kernel hold this process to the list from here on; there is no way back.

    Parameters
    ----------
    pid
        The number of this process: the only one that it may signal.
    writing
        Whether there is a folder that it may write to.
    threads
        Whether it may start threads.

    Raises
    ------
    OSError
        The kernel refuses.
    """
    code = b"".join(_INSTRUCTION.pack(*each) for each in program(platform.machine(), pid, writing, threads))
    memory = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(code) // _INSTRUCTION.size, ctypes.addressof(memory)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_void_p(ctypes.addressof(head)), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp: the kernel takes no filter")


def program(machine: str, pid: int, writing: bool, threads: bool) -> list[Instruction]:  # noqa: FBT001
    """Return the filter for a machine, as instructions of code, two jumps and a number."""
    column, architecture = _ARCHITECTURES[machine]
    allowed = table(_ALLOWED, column) | (table(_WRITING, column) if writing else {})
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, architecture),
        # Calls through another architecture's door would be read with the wrong table.
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL),
    ]
    for number in allowed.values():
        lines += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for name, number in table(_SPECIAL, column).items():
        block = _special(name, pid, threads=threads)
        lines += [(_JUMP_EQUAL, 0, len(block), number), *block]
    return [*lines, _refuse(errno.EPERM)]


def table(text: str, column: int) -> dict[str, int]:
    """Return the numbers of one architecture by name."""
    rows = [row.split() for row in text.split(",")]
    return {name: int(numbers[column]) for name, *numbers in rows if int(numbers[column]) >= 0}


def _special(name: str, pid: int, *, threads: bool) -> list[Instruction]:
    no = _refuse(errno.EPERM)
    blocks = {
        "kill": _one_of(0, (pid,)),
        "tgkill": _one_of(0, (pid,)),
        "fcntl": _one_of(1, _FCNTL_COMMANDS),
        "ioctl": _one_of(1, _IOCTL_REQUESTS),
        "open": _no_hidden_truncation(1),
        "openat": _no_hidden_truncation(2),
        "prlimit64": _reading_own_limits(),
        "clone": [_low(0), (_JUMP_SET, 0, 1, _CLONE_THREAD), _allow(), no] if threads else [no],
        # Its flags are in memory, where no filter can look; the C library falls back to clone.
        "clone3": [_refuse(errno.ENOSYS)],
    }
    return blocks[name]


def _allow() -> Instruction:
    return _RETURN, 0, 0, _ALLOW


def _refuse(number: int) -> Instruction:
    return _RETURN, 0, 0, _FAIL_WITH | number


def _low(argument: int) -> Instruction:
    """Load the lower half of an argument: all there is of an int."""
    return _LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument


def _one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    tests = [line for value in values for line in ((_JUMP_EQUAL, 0, 1, value), _allow())]
    return [_low(argument), *tests, _refuse(errno.EPERM)]


def _no_hidden_truncation(argument: int) -> list[Instruction]:
    """Refuse to truncate what is not opened for writing, which Landlock before its third version does not look at.

    A file can also be opened for neither reading nor writing (Linux's mode 3), and truncated all the same.
    """
    return [
        _low(argument),
        (_AND, 0, 0, _OPEN_MODE_AND_TRUNCATE),
        (_JUMP_EQUAL, 1, 0, _READ_AND_TRUNCATE),
        (_JUMP_EQUAL, 0, 1, _NEITHER_AND_TRUNCATE),
        _refuse(errno.EACCES),
        _allow(),
    ]


def _reading_own_limits() -> list[Instruction]:
    """Allow to ask for the limits of this process (0), without new ones (both halves of a null pointer)."""
    halves = (_ARGUMENTS_AT, _ARGUMENTS_AT + 16, _ARGUMENTS_AT + 20)
    tests = [line for half in halves for line in ((_LOAD, 0, 0, half), (_JUMP_EQUAL, 1, 0, 0), _refuse(errno.EPERM))]
    return [*tests, _allow()]
