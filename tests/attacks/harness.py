"""Runs all attacks in a mode: together where none disturbs the others, else each in a run of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from attack import Attack, Goal
from catalog import here
from expected import expected, may_land
from people import Person
from run import apart, together

_GREEDY = frozenset({Goal.POINTS, Goal.STOPS, Goal.STALLS, Goal.SURVIVES, Goal.STEERS})
"""What would change the result of others in the same run, or could not be told from their doing."""
_BATCHES = {"none": 4, "process": 2, "confined": 2, "sandbox": 2}
_TWO = 2


def outcomes(mode: str, person: Person) -> dict[str, set[Goal]]:
    """Say for each attack with what it lands.

    Raises
    ------
    ModeMissingError
        This machine cannot run solutions in this mode.
    """
    attacks = here()
    lonely = tuple(each for each in attacks if each.alone or not _is_tame(each, mode))
    tame = tuple(each for each in attacks if each not in lonely)
    batches = [tame[start :: _BATCHES[mode]] for start in range(_BATCHES[mode])]
    with _with_cache(person) as ready:
        landed: dict[str, set[Goal]] = {}
        with ThreadPoolExecutor(_TWO) as pool:
            for found in pool.map(lambda batch: together(batch, mode, ready), batches):
                landed |= {name: goals | landed.get(name, set()) for name, goals in found.items()}
        patience = {each.name: 4.0 for each in lonely if Goal.STALLS in _any(each, mode)}
        return landed | apart(lonely, mode, ready, patience)


def _is_tame(attack: Attack, mode: str) -> bool:
    return not _any(attack, mode) & _GREEDY


def _any(attack: Attack, mode: str) -> frozenset[Goal]:
    return expected(attack.name, mode) | may_land(attack.name, mode)


@contextmanager
def _with_cache(person: Person) -> Iterator[Person]:
    folder = Path(tempfile.mkdtemp(prefix="mlkata-cache-"))
    person.give(folder)
    try:
        yield replace(person, cache=folder)
    finally:
        shutil.rmtree(folder)
