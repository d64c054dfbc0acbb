"""Every attack in every mode does what the table says it does: it is stopped, or it is known to land."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attack import MODES
from catalog import ATTACKS, here
from expected import LANDS, REASONS, expected, may_land
from harness import outcomes
from people import Person, me, ordinary
from run import ModeMissingError

MIN_ATTACKS = 70


def _cases() -> Iterator[object]:
    for mode in MODES:
        if os.geteuid() == 0 and mode in ("confined", "sandbox"):
            yield pytest.param(mode, "root", id=f"{mode}-root")
        yield pytest.param(mode, "ordinary", id=f"{mode}-ordinary")


def _person(name: str) -> Person:
    person = me() if name == "root" else ordinary()
    if person is None:
        pytest.skip("there is no Python here that another user than root can start")
    return person


@pytest.mark.attack
@pytest.mark.skipif(sys.platform != "linux", reason="the attacks are written for Linux")
@pytest.mark.parametrize(("mode", "name"), list(_cases()))
def test_attacks_do_what_the_table_says(mode: str, name: str) -> None:
    try:
        landed = outcomes(mode, _person(name))
    except ModeMissingError as error:
        pytest.skip(f"this machine has no mode {mode}: {error}")
    surprises = {
        attack: f"expected {_words(expected(attack, mode))}, got {_words(goals)}"
        for attack, goals in landed.items()
        if not expected(attack, mode) <= goals <= expected(attack, mode) | may_land(attack, mode)
    }
    assert not surprises
    assert landed.keys() >= {attack.name for attack in here()}


def _words(goals: object) -> str:
    assert isinstance(goals, set | frozenset)
    return ", ".join(sorted(goals)) or "stopped"


def test_there_are_many_attacks_and_each_has_a_name_of_its_own() -> None:
    names = [attack.name for attack in ATTACKS]
    assert len(names) == len(set(names)) >= MIN_ATTACKS


def test_the_table_knows_every_attack_it_names() -> None:
    names = {attack.name for attack in ATTACKS}
    named = {name for mode in LANDS.values() for listed in mode.values() for name in listed.split()}
    assert named <= names


def test_the_page_on_security_has_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "security.md"
    script = runpy.run_path(str(page.with_name("attacks_table.py")))
    text = page.read_text("utf-8")
    assert script["renewed"](text) == text, "run python docs/attacks_table.py"


def test_whatever_lands_in_confinement_has_a_reason() -> None:
    landing = {attack.name for attack in ATTACKS for mode in ("confined", "sandbox") if expected(attack.name, mode)}
    assert landing == REASONS.keys()
