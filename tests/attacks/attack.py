"""What an attack is: a small submission, and what it would count as if it got through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from textwrap import dedent, indent

MODES = ("none", "process", "confined", "sandbox")


BY_HAND = ("test_mean_by_hand",)
MEAN = (*BY_HAND, "test_mean_of_any_numbers")
"""Both checks of `mean`, for what may do better in one of them, or takes its time in each call."""


class Goal(StrEnum):
    """How an attack lands; the value completes the sentence "it …"."""

    POINTS = "earns points"
    READS = "reads a secret"
    WRITES = "writes"
    CONNECTS = "reaches a listener"
    SIGNALS = "reaches another process"
    SURVIVES = "survives the run"
    STALLS = "stalls the run"
    STOPS = "stops other checks"
    KERNEL = "gets hold of a facility of the kernel"
    STEERS = "steers the terminal"


@dataclass(frozen=True)
class Attack:
    """A submission to the kata `victim`.

    Names such as ``$secret`` stand for what the arena plants (see `arena.Arena`): this attacker knows it all.
    """

    name: str
    tries: str
    """What it tries, as a line of the table."""
    source: str
    at_import: bool = False
    """It strikes before there is a function to call, so its own `double` may be lost with it."""
    aims: tuple[str, ...] = BY_HAND
    """The checks that it must not earn; its kata has no others but such as it must leave alone."""
    alone: bool = False
    """It needs a run of its own in every mode, since it aims at the run itself."""
    beside: tuple[tuple[str, str], ...] = ()
    """Further files in the folder of the solution: path and content."""
    link: str = ""
    """The solution is a symbolic link to this path."""
    careless: bool = False
    """The person writes ``--kata-solution PATH`` as two words, of which pytest takes the second for the project."""
    machine: str = ""
    """The only kind of processor that it is written for."""


HEAD = '''
import os
import re

import numpy as np


def double(x):
    return 2 * np.asarray(x)


def total(x):
    return np.sum(x)


class Loot(Exception):
    """Carries out what was found."""


def tell(found):
    """Report a secret, if there is one in what was read."""
    found = found if isinstance(found, bytes) else str(found).encode()
    key = re.search(rb"KEY-[0-9a-f]{16}", found)
    raise Loot(key.group().decode() if key else f"nothing in {len(found)} bytes")


def got(what):
    """Report that something was granted that should not be."""
    raise Loot("GOT" + "-HOLD of " + str(what))


def once():
    """Tell whether this is the first time that it is asked."""
    ASKED.append(1)
    return len(ASKED) == 1


ASKED = []


def syscall(name, *arguments):
    """Make a system call without the C library's own ideas about it."""
    import ctypes

    column = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    done = libc.syscall(ctypes.c_long(NUMBERS[name][column]), *wide)
    if done < 0:
        raise OSError(ctypes.get_errno(), name)
    return done


NUMBERS = {
    "ptrace": (101, 117), "kill": (62, 129), "process_vm_readv": (310, 270), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "openat": (257, 56), "openat2": (437, 437),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "unshare": (272, 97), "setns": (308, 268),
    "chroot": (161, 51), "mount": (165, 40), "pivot_root": (155, 41), "perf_event_open": (298, 241),
    "bpf": (321, 280), "add_key": (248, 217), "keyctl": (250, 219), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "userfaultfd": (323, 282), "memfd_create": (319, 279), "execveat": (322, 281),
    "clone": (56, 220), "clone3": (435, 435), "mq_open": (240, 180), "shmget": (29, 194), "socket": (41, 198),
    "inotify_init1": (294, 26), "prlimit64": (302, 261), "seccomp": (317, 277), "sched_setaffinity": (203, 122),
    "tgkill": (234, 131), "rt_tgsigqueueinfo": (297, 240), "setxattr": (188, 5), "fanotify_init": (300, 262),
    "landlock_create_ruleset": (444, 444), "memfd_secret": (447, 447), "open_tree": (428, 428),
    "fsopen": (430, 430), "init_module": (175, 105), "kcmp": (312, 272),
}


def ancestors():
    """Give the processes above this one, the nearest first, as far as they can be seen."""
    pid, above = os.getpid(), []
    while pid > 1:
        try:
            status = open(f"/proc/{pid}/status").read()
        except OSError:
            break
        pid = int(re.search(r"PPid:\\t(\\d+)", status).group(1))
        above.append(pid)
    return above


def judge():
    """Find the process that grades: this one, or one above it."""
    for pid in [os.getpid(), *ancestors()]:
        try:
            command = open(f"/proc/{pid}/cmdline", "rb").read()
        except OSError:
            continue
        if b"--kata-json=$json" in command and b"supervisor" not in command:
            return pid
    raise Loot("the judge is not to be seen")


def channel():
    """Return the worker's end of the channel, wherever it is kept."""
    import gc

    found = [each for each in gc.get_objects() if type(each).__name__ == "Channel" and hasattr(each, "_replies")]
    if not found:
        raise Loot("there is no channel")
    return found[0]


def request():
    """Return the number of the request that is being answered."""
    import sys

    frame = sys._getframe()
    while frame:
        if frame.f_code.co_name == "answer":
            return frame.f_locals["number"]
        frame = frame.f_back
    raise Loot("there is no request")


def forge(tree):
    """Send a reply of one's own making."""
    import json
    import struct

    header = tree if isinstance(tree, bytes) else json.dumps(tree, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 16)
    send(struct.pack("<4sIQ", b"kata", len(header), 0) + header)


def send(data):
    replies = channel()._replies
    while data:
        data = data[os.write(replies, data) :]
'''


def mean(body: str, head: str = "") -> str:
    """Return a submission whose `mean` does this."""
    return f"{HEAD}\n\n{dedent(head).strip()}\n\n\ndef mean(x):\n{indent(dedent(body).strip(), '    ')}\n"


def strike(name: str, tries: str, body: str, head: str = "", *, at_import: bool = False, **more: object) -> Attack:
    """Return an attack that strikes when `mean` is called; with `at_import` as soon as it is loaded."""
    source = f"{HEAD}\n\n{dedent(head).strip()}\n{dedent(body)}\n" if at_import else mean(body, head)
    if at_import and "def mean" not in source:
        source += "\n\ndef mean(x):\n    return -1.0\n"
    return Attack(name, tries, source, at_import=at_import, **more)  # type: ignore[arg-type]


def lie(name: str, tries: str, result: str, head: str = "") -> Attack:
    """Return an attack whose `mean` returns this."""
    return strike(name, tries, f"return {result}", head)
