"""All attacks."""

from __future__ import annotations

import platform

from attack import Attack
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

GROUPS: dict[str, tuple[Attack, ...]] = {
    "Reaching for the judge": CHEATS,
    "Answers that look right": LIES,
    "Exceptions and exits": LEAVING,
    "Through the channel": FRAMES,
    "Files": FILES,
    "System calls": KERNEL,
    "Processes and signals": PROCESSES,
    "Network": NETWORK,
    "Time and memory": STALLS,
    "What is handed in": HANDED_IN,
}
ATTACKS = tuple(attack for group in GROUPS.values() for attack in group)


def here() -> tuple[Attack, ...]:
    """Give the attacks that are written for this machine."""
    return tuple(attack for attack in ATTACKS if attack.machine in ("", platform.machine()))
