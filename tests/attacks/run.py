"""Runs attacks through `pytest --kata`, and says with what each has landed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arena import HONEST, Arena
from attack import Attack, Goal
from people import Person

DEADLINE = 14.0
"""The victim has 8 s for all of its calls; what takes so much longer has stalled the run."""
PEAK = 900
"""So many MB the judge may use at most: what a submission sends is limited, and copied a few times."""
FLOOD = 2_000_000
"""The report of one submission has fewer bytes than this."""
_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]|^\s*::|##\[|##vso", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What a run printed, wrote and left behind."""

    code: int | None
    seconds: float
    survivors: int
    peak: int
    screen: str
    cards: dict[str, dict[str, Any]]


class ModeMissingError(Exception):
    """The mode cannot be had on this machine; the text is what the plugin said."""


def grade(arena: Arena, mode: str, patience: float) -> Run:
    """Grade everything in the arena once."""
    names = [*(attack.name for attack in arena.attacks), HONEST]
    person = arena.person
    command = [
        *(person.python, "-m", "pytest", "--kata", ",".join(names), f"--kata-isolation={mode}", "-v", "--color=no"),
        *_named(arena),
        f"--kata-json={arena.json}",
        *(f"-pno:{plugin}" for plugin in ("randomly", "xdist", "pytest_cov", "cacheprovider")),
    ]
    result, screen = arena.folder / "result.json", arena.folder / "screen.txt"
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ},
        **person.variables(),
        "COLUMNS": "300",
        "LANG": "C.UTF-8",
        "XDG_CACHE_HOME": str(arena.folder / "cache"),
        "HOME": str(arena.folder),
        # What a judge that is killed leaves there goes with the arena.
        "TMPDIR": str(arena.folder),
        "ARENA_KEY": arena.key,
    }
    subprocess.run(
        [person.python, "-SE", str(_SUPERVISOR), *map(str, (result, patience, arena.secret, screen)), *command],
        cwd=arena.project,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
        **person.identity,
    )
    told = json.loads(result.read_text("ascii")) if result.exists() else {}
    printed = screen.read_text("utf-8", "replace")
    if told.get("code") == 4 and "isolation" in printed:
        raise ModeMissingError(printed.strip().splitlines()[-1])
    return Run(
        told.get("code"),
        told.get("seconds", 0.0),
        told.get("survivors", 0),
        told.get("peak", 0),
        printed,
        _cards(arena.json),
    )


def _named(arena: Arena) -> tuple[str, ...]:
    if any(attack.careless for attack in arena.attacks):
        return "--kata-solution", str(arena.handed_in)
    return (f"--kata-solution={arena.handed_in}",)


def _cards(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return {card["kata"]: card for card in json.loads(path.read_text("utf-8"))["scorecards"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def together(attacks: Iterable[Attack], mode: str, person: Person) -> dict[str, set[Goal]]:
    """Grade many attacks in one run, and say with what each has landed."""
    with Arena(tuple(attacks), person) as arena:
        run = grade(arena, mode, 600.0)
        landed = {attack.name: _landed(attack, arena, run) for attack in arena.attacks}
        if run.survivors or not _is_whole(run.cards.get(HONEST)):
            # Nobody knows whose doing it was.
            landed["(the run)"] = {Goal.SURVIVES} if run.survivors else {Goal.STOPS}
    return landed


def apart(attacks: Iterable[Attack], mode: str, person: Person, patience: dict[str, float]) -> dict[str, set[Goal]]:
    """Grade each attack in a run of its own."""

    def one(attack: Attack) -> tuple[str, set[Goal]]:
        with Arena((attack,), person) as arena:
            run = grade(arena, mode, patience.get(attack.name, 120.0))
            return attack.name, _landed(attack, arena, run) | _alone(run)

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, attacks))


def _landed(attack: Attack, arena: Arena, run: Run) -> set[Goal]:
    card = run.cards.get(attack.name)
    told = json.dumps(card, ensure_ascii=False) + _screen(attack, run)
    landed = arena.touched(attack)
    if card is not None:
        checks = {check["id"].rpartition("::")[2]: check for check in card["checks"]}
        if any(checks[aim]["earned"] for aim in attack.aims if aim in checks):
            landed.add(Goal.POINTS)
        others = set() if attack.at_import else {"test_double_by_hand", *checks} - set(attack.aims)
        if card["broken"] or any(checks.get(each, {}).get("status") != "passed" for each in others):
            landed.add(Goal.STOPS)
        if card["seconds"] > DEADLINE:
            landed.add(Goal.STALLS)
    elif run.code is not None:
        landed.add(Goal.STOPS)
    if arena.key in told:
        landed.add(Goal.READS)
    if "GOT-HOLD" in told:
        landed.add(Goal.KERNEL)
    if _STEERS.search(_screen(attack, run)) or len(told) > FLOOD:
        landed.add(Goal.STEERS)
    return landed


def _alone(run: Run) -> set[Goal]:
    """What only shows where nobody else could have done it."""
    landed = set()
    if run.code == 0:
        landed.add(Goal.POINTS)
    if run.survivors:
        landed.add(Goal.SURVIVES)
    if run.code is None or run.seconds > DEADLINE + 30:
        landed.add(Goal.STALLS)
    elif not _is_whole(run.cards.get(HONEST)) or run.peak > PEAK:
        landed.add(Goal.STOPS)
    return landed


def _is_whole(card: dict[str, Any] | None) -> bool:
    return card is not None and not card["broken"] and bool(card["earned"] == card["possible"] > 0)


def _screen(attack: Attack, run: Run) -> str:
    """The part of the screen that is about one kata."""
    if not run.cards or len(run.cards) == 2:  # it and the honest one
        return run.screen
    return run.screen.partition(f"\nTitle of {attack.name} ")[2].partition("\nTitle of ")[0]
