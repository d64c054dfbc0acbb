"""The filter of calls to the kernel: its numbers, its program as a kernel runs it, and what a kernel makes of it."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Final

import pytest
from children import in_child, tried

from pytest_mlkata.solution import seccomp
from pytest_mlkata.solution.seccomp import Instruction

PID: Final = 4321
MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386: Final = 0x40000003
ALLOWED: Final = 0x7FFF0000
KILLED: Final = 0x80000000
REFUSED: Final = 0x50000 | errno.EPERM
NO_ACCESS: Final = 0x50000 | errno.EACCES
NO_SUCH_CALL: Final = 0x50000 | errno.ENOSYS
HIGH: Final = 1 << 32
HEADERS: Final = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
# What a submission must never do, by the numbers of x86-64 and aarch64; -1 where there is no such call.
FORBIDDEN: Final = """
    fork 57 -1, vfork 58 -1, execve 59 221, execveat 322 281, unshare 272 97, setns 308 268, pivot_root 155 41,
    ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, kcmp 312 272, pidfd_open 434 434,
    pidfd_getfd 438 438, pidfd_send_signal 424 424, tkill 200 130, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240,
    socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, accept 43 202, sendto 44 206, sendmsg 46 211,
    recvmsg 47 212, truncate 76 45, creat 85 -1, openat2 437 437, link 86 -1, linkat 265 37, symlink 88 -1,
    symlinkat 266 36, mknod 133 -1, mknodat 259 33, chmod 90 -1, fchmod 91 52, fchmodat 268 53, chown 92 -1,
    fchown 93 55, fchownat 260 54, utimensat 280 88, setxattr 188 5, removexattr 197 14, mount 165 40, umount2 166 39,
    chroot 161 51, open_by_handle_at 304 265, name_to_handle_at 303 264, memfd_create 319 279, memfd_secret 447 447,
    shmget 29 194, shmat 30 196, msgget 68 186, semget 64 190, mq_open 240 180, io_uring_setup 425 425, bpf 321 280,
    keyctl 250 219, add_key 248 217, userfaultfd 323 282, perf_event_open 298 241, prctl 157 167, seccomp 317 277,
    setuid 105 146, setgid 106 144, setpgid 109 154, setsid 112 157, setpriority 141 140, setrlimit 160 164,
    sched_setaffinity 203 122, sched_setscheduler 144 119, capset 126 91, personality 135 92, acct 163 89,
    inotify_init1 294 26, fanotify_init 300 262, vmsplice 278 75, splice 275 76, sendfile 40 71, copy_file_range 326 285
"""


def outcome(program: list[Instruction], number: int, *arguments: int, architecture: int = MACHINES["x86_64"]) -> int:
    """Run a program as the kernel does, on what it is told of a call."""
    padded = [argument % 2**64 for argument in (*arguments, *[0] * 6)][:6]
    call = struct.pack("<IIQ6Q", number, architecture, 0, *padded)
    position = value = 0
    while True:
        code, yes, no, operand = program[position]
        position += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("<I", call, operand)
            case 0x54:
                value &= operand
            case 0x15:
                position += yes if value == operand else no
            case 0x35:
                position += yes if value >= operand else no
            case 0x45:
                position += yes if value & operand else no
            case 0x06:
                return operand
            case _:
                pytest.fail(f"an instruction {code:#x} that no filter has")


def numbers(machine: str, *, writing: bool = True) -> dict[str, int]:
    """The numbers of every call that is named anywhere."""
    column = list(MACHINES).index(machine)
    tables = [seccomp._ALLOWED, seccomp._SPECIAL, *([seccomp._WRITING] if writing else [])]
    return {name: number for table in tables for name, number in seccomp.table(table, column).items()}


EVERY_MACHINE = pytest.mark.parametrize("machine", MACHINES)
EVERY_PROGRAM = pytest.mark.parametrize(
    ("machine", "writing", "threads"),
    [(machine, writing, threads) for machine in MACHINES for writing in (False, True) for threads in (False, True)],
)


@EVERY_MACHINE
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = HEADERS[machine]
    if not header.is_file():
        pytest.skip(f"the kernel's headers are not installed: no {header}")
    text = header.read_text("ascii")
    found = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\s", text)}
    # The generic table has it under the name of a family.
    found.setdefault("newfstatat", found.get("fstatat", -1))
    column = list(MACHINES).index(machine)
    named = numbers(machine) | seccomp.table(FORBIDDEN, column)
    assert len(named) > 120
    # Headers may be older than a call.
    newer = {"memfd_secret"} - found.keys()
    assert {name: found.get(name) for name in named.keys() - newer} == {
        name: named[name] for name in named.keys() - newer
    }


@EVERY_MACHINE
def test_no_call_has_two_entries(machine: str) -> None:
    named = numbers(machine)
    column = list(MACHINES).index(machine)
    rows = [seccomp.table(each, column) for each in (seccomp._ALLOWED, seccomp._WRITING, seccomp._SPECIAL)]
    assert sum(map(len, rows)) == len(named) == len(set(named.values()))


@EVERY_PROGRAM
def test_a_program_is_one_that_a_kernel_takes(machine: str, *, writing: bool, threads: bool) -> None:
    program = seccomp.program(machine, PID, writing, threads)
    assert len(program) < 4096
    for position, (code, yes, no, _) in enumerate(program):
        assert 0 <= yes < 256
        assert 0 <= no < 256
        if code & 7 == 5:
            assert position + 1 + max(yes, no) < len(program)
    assert program[-1][0] == 0x06


@EVERY_PROGRAM
def test_what_is_on_no_list_is_refused(machine: str, *, writing: bool, threads: bool) -> None:
    program = seccomp.program(machine, PID, writing, threads)
    special = seccomp.table(seccomp._SPECIAL, list(MACHINES).index(machine))
    plain = set(numbers(machine, writing=writing).values()) - set(special.values())
    for number in set(range(501)) - set(special.values()):
        for arguments in ((), (0,) * 6, (PID,) * 6, (-1,) * 6):
            expected = ALLOWED if number in plain else REFUSED
            assert outcome(program, number, *arguments, architecture=MACHINES[machine]) == expected, number


@EVERY_PROGRAM
def test_the_calls_that_reach_others_are_refused(machine: str, *, writing: bool, threads: bool) -> None:
    program = seccomp.program(machine, PID, writing, threads)
    forbidden = seccomp.table(FORBIDDEN, list(MACHINES).index(machine))
    assert len(forbidden) > 70
    let_through = [
        name
        for name, number in forbidden.items()
        if outcome(program, number, PID, architecture=MACHINES[machine]) != REFUSED
    ]
    assert let_through == []


@EVERY_MACHINE
def test_writing_needs_a_folder(machine: str) -> None:
    column = list(MACHINES).index(machine)
    for writing, expected in ((False, REFUSED), (True, ALLOWED)):
        program = seccomp.program(machine, PID, writing, False)  # noqa: FBT003
        found = {
            outcome(program, number, architecture=MACHINES[machine])
            for number in seccomp.table(seccomp._WRITING, column).values()
        }
        assert found == {expected}


READ, WRITE, BOTH, NEITHER, CREATE, TRUNCATE, PATH = 0, 1, 2, 3, 0o100, 0o1000, 0o10000000
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS = 8, 10, 15, 1024, 1026, 1031, 1033
TIOCSTI, TIOCLINUX, FIONBIO, FIOASYNC, FIOSETOWN, SIOCSPGRP = 0x5412, 0x541C, 0x5421, 0x5452, 0x8901, 0x8902
THREAD = 0x3D0F00
SPECIAL = [
    ("kill", (PID, 9), ALLOWED),
    ("kill", (PID, 0), ALLOWED),
    ("kill", (0, 9), REFUSED),
    ("kill", (1, 9), REFUSED),
    ("kill", (-1, 9), REFUSED),
    ("kill", (-PID, 9), REFUSED),
    ("kill", (PID - 1, 0), REFUSED),
    ("tgkill", (PID, PID, 6), ALLOWED),
    ("tgkill", (PID, PID + 1, 6), ALLOWED),
    ("tgkill", (1, 1, 9), REFUSED),
    ("tgkill", (-1, PID, 9), REFUSED),
    *[("fcntl", (3, command), ALLOWED) for command in (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032)],
    *[
        ("fcntl", (3, command, PID), REFUSED)
        for command in (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS, 37, 2**31)
    ],
    *[("ioctl", (1, request), ALLOWED) for request in (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)],
    *[
        ("ioctl", (1, request), REFUSED)
        for request in (TIOCSTI, TIOCLINUX, FIONBIO, FIOASYNC, FIOSETOWN, SIOCSPGRP, 0, 0x5402, 0x5410)
    ],
    *[
        (call, (*before, flags), expected)
        for call, before in (("open", (1,)), ("openat", (-100, 1)))
        for flags, expected in (
            (READ, ALLOWED),
            (READ | CREATE, ALLOWED),
            (PATH, ALLOWED),
            (WRITE | CREATE | TRUNCATE, ALLOWED),
            (BOTH | TRUNCATE, ALLOWED),
            (READ | TRUNCATE, NO_ACCESS),
            (READ | TRUNCATE | CREATE, NO_ACCESS),
            (READ | TRUNCATE | PATH, NO_ACCESS),
            (NEITHER | TRUNCATE, NO_ACCESS),
            (NEITHER | TRUNCATE | CREATE | HIGH, NO_ACCESS),
        )
    ],
    ("prlimit64", (0, 7, 0, 1), ALLOWED),
    ("prlimit64", (PID, 7, 0, 1), REFUSED),
    ("prlimit64", (1, 7, 0, 1), REFUSED),
    ("prlimit64", (0, 7, 1, 0), REFUSED),
    ("prlimit64", (0, 7, HIGH, 0), REFUSED),
    ("clone", (THREAD,), REFUSED),
    ("clone", (17,), REFUSED),
    ("clone3", (1, 88), NO_SUCH_CALL),
]


@EVERY_MACHINE
@pytest.mark.parametrize(("name", "arguments", "expected"), SPECIAL)
def test_some_calls_are_for_some_arguments(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    special = seccomp.table(seccomp._SPECIAL, list(MACHINES).index(machine))
    if name == "open" and machine == "aarch64":
        assert name not in special
        return
    program = seccomp.program(machine, PID, writing=True, threads=False)
    assert outcome(program, special[name], *arguments, architecture=MACHINES[machine]) == expected


@EVERY_MACHINE
def test_threads_are_no_processes(machine: str) -> None:
    special = seccomp.table(seccomp._SPECIAL, list(MACHINES).index(machine))
    program = seccomp.program(machine, PID, writing=False, threads=True)
    for arguments, expected in (((THREAD,), ALLOWED), ((17,), REFUSED), ((0x11,), REFUSED), ((HIGH << 8,), REFUSED)):
        assert outcome(program, special["clone"], *arguments, architecture=MACHINES[machine]) == expected
    assert outcome(program, special["clone3"], architecture=MACHINES[machine]) == NO_SUCH_CALL


@EVERY_MACHINE
def test_another_door_to_the_kernel_is_deadly(machine: str) -> None:
    program = seccomp.program(machine, PID, writing=True, threads=True)
    for number in range(501):
        assert outcome(program, number | 0x40000000, architecture=MACHINES[machine]) == KILLED
        for architecture in {I386, 0, *MACHINES.values()} - {MACHINES[machine]}:
            assert outcome(program, number, architecture=architecture) == KILLED
    assert outcome(program, 2**32 - 1, architecture=MACHINES[machine]) == KILLED


# Those that do not return, or not soon, whatever they are told.
ENDLESS: Final = {"exit", "exit_group", "pause", "rt_sigreturn"}
# A kernel lets them pass whatever a filter says, and kills whoever is not at one of its probes.
PROBES: Final = {335, 336} if platform.machine() == "x86_64" else set()
REAL = pytest.mark.skipif(bool(seccomp.missing()) if sys.platform == "linux" else True, reason="needs seccomp")


@REAL
@pytest.mark.parametrize("writing", [False, True])
def test_the_kernel_holds_to_the_program(*, writing: bool) -> None:
    machine = platform.machine()
    skipped = {number for name, number in numbers(machine).items() if name in ENDLESS}
    special = set(seccomp.table(seccomp._SPECIAL, list(MACHINES).index(machine)).values())
    asked = sorted(set(range(501)) - skipped - special - PROBES)

    def refused() -> list[int]:
        libc = ctypes.CDLL(None, use_errno=True)
        seccomp.install(os.getpid(), writing=writing, threads=False)
        nothing = [ctypes.c_long(-1)] * 6
        return [
            number
            for number in asked
            if libc.syscall(ctypes.c_long(number), *nothing) == -1 and ctypes.get_errno() == errno.EPERM
        ]

    allowed = set(numbers(machine, writing=writing).values())
    assert in_child(refused) == [number for number in asked if number not in allowed]


@REAL
def test_what_python_asks_for_by_name_is_answered(tmp_path: Path) -> None:
    """A second witness for the numbers: here the C library has them."""
    path = tmp_path / "file"
    path.write_text("content")

    def use() -> str:
        seccomp.install(os.getpid(), writing=True, threads=False)
        with path.open("r+b", buffering=0) as file:
            assert (file.read(3), os.pread(file.fileno(), 3, 0), file.seek(0)) == (b"con", b"con", 0)
            assert os.pwrite(file.fileno(), b"C", 0) == 1
            file.truncate(5)
            os.fsync(file.fileno())
            os.close(os.dup(file.fileno()))
        assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208
        assert (path.stat().st_size, path.lstat().st_size) == (5, 5)
        assert os.access(path, os.R_OK)
        path.rename(tmp_path / "other").unlink()
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder").rmdir()
        reader, writer = os.pipe()
        os.writev(writer, [b"a", b"b"])
        assert os.readv(reader, [bytearray(2)]) == 2
        assert min(os.getpid(), os.getppid(), len(os.urandom(2)), os.cpu_count() or 0) > 0
        os.getsid(0)  # any answer will do: it is 0 where the session was begun outside of a container
        time.sleep(0)
        return f"{time.time() > 0} {len(os.sched_getaffinity(0)) > 0} {os.uname().sysname}"

    assert in_child(use) == "True True Linux"


@REAL
def test_what_python_must_not_do_raises_permission_error(tmp_path: Path) -> None:
    def use() -> dict[str, str]:
        seccomp.install(os.getpid(), writing=False, threads=False)
        return {
            "fork": tried(os.fork),
            "exec": tried(lambda: os.execv("/bin/true", ["true"])),
            "kill": tried(lambda: os.kill(os.getppid(), 0)),
            "kill_itself": tried(lambda: os.kill(os.getpid(), 0)),
            "chmod": tried(lambda: tmp_path.chmod(0o700)),
            "mkdir": tried((tmp_path / "new").mkdir),
            "truncate": tried(lambda: os.open(tmp_path, os.O_RDONLY | os.O_TRUNC)),
            "nice": tried(lambda: os.nice(1)),
        }

    refused = dict.fromkeys(("fork", "exec", "kill", "chmod", "mkdir", "truncate", "nice"), "PermissionError")
    assert in_child(use) == refused | {"kill_itself": "done"}


@REAL
@pytest.mark.parametrize("threads", [False, True])
def test_threads_start_if_they_may(*, threads: bool) -> None:
    def start() -> str:
        seccomp.install(os.getpid(), writing=False, threads=threads)
        done: list[int] = []
        thread = threading.Thread(target=done.append, args=(1,))
        thread.start()
        thread.join()
        return f"{done} {tried(os.fork)}"

    expected = "[1] PermissionError" if threads else "RuntimeError: can't start new thread"
    assert in_child(start) == expected


@REAL
@pytest.mark.skipif(platform.machine() != "x86_64", reason="a second door into the kernel that x86-64 has")
def test_a_call_through_the_second_door_kills() -> None:
    def knock() -> None:
        libc = ctypes.CDLL(None)
        seccomp.install(os.getpid(), writing=False, threads=False)
        libc.syscall(ctypes.c_long(0x40000000 | 39))

    assert in_child(knock) == "died of SIGSYS"


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        ("riscv64", "there is no list of calls for riscv64 processors"),
        ("", "there is no list of calls for this processors"),
    ],
)
def test_a_processor_without_a_list_is_named(monkeypatch: pytest.MonkeyPatch, machine: str, said: str) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert seccomp.missing() == said


def test_a_python_of_32_bits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(struct, "calcsize", lambda _: 4)
    assert seccomp.missing() == "there is no list of calls for a Python of 32 bits"
