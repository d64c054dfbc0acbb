"""All attacks."""

from __future__ import annotations

import platform
from dataclasses import replace

from attack import BY_HAND, MEAN, Attack
from cheats import CHEATS
from files import FILES
from frames import FRAMES
from handed_in import HANDED_IN
from kernel import KERNEL
from leaving import LEAVING
from lies import LIES
from network import NETWORK
from processes import PROCESSES
from stalls import STALLS


def _of_mean(attacks: tuple[Attack, ...]) -> tuple[Attack, ...]:
    """Have attacks on what a check sees face a generated check as well."""
    return tuple(replace(each, aims=MEAN) if each.aims == BY_HAND else each for each in attacks)


GROUPS: dict[str, tuple[Attack, ...]] = {
    "Reaching for the judge": _of_mean(CHEATS),
    "Answers that look right": _of_mean(LIES),
    "Exceptions and exits": _of_mean(LEAVING),
    "Through the channel": _of_mean(FRAMES),
    "Files": FILES,
    "System calls": KERNEL,
    "Processes and signals": PROCESSES,
    "Network": NETWORK,
    "Time and memory": STALLS,
    "What is handed in": _of_mean(HANDED_IN),
}
ATTACKS = tuple(attack for group in GROUPS.values() for attack in group)


def here() -> tuple[Attack, ...]:
    """Give the attacks that are written for this machine."""
    return tuple(attack for attack in ATTACKS if attack.machine in ("", platform.machine()))
