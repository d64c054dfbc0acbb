"""What proves a kata whose stub is a program with faults: each of them is there, and is seen by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.judging import LOST
from pytest_mlkata.authoring.specimens import Specimen
from pytest_mlkata.kata.manifest import MANIFEST
from pytest_mlkata.model import Kata, Scorecard
from pytest_mlkata.scoring import plural

_ONLY = "only_"


def is_fault(specimen: Specimen) -> bool:
    """Tell whether a wrong solution is the repaired program with one of the stub's faults left in it."""
    return specimen.kind == "wrong" and specimen.path.name.startswith(_ONLY)


def fault_findings(kata: Kata, stub: Scorecard, left: Mapping[Specimen, Scorecard]) -> tuple[Finding, ...]:
    """Return what is wrong with the faults of a stub.

    Parameters
    ----------
    kata
        The kata.
    stub
        The grade of its stub.
    left
        The grades of the programs with one fault left.
    """
    return tuple(_findings(kata, stub, left))


def _findings(kata: Kata, stub: Scorecard, left: Mapping[Specimen, Scorecard]) -> Iterator[Finding]:
    if len(left) != kata.faults:
        yield Finding(
            kata.hidden / "wrong",
            f"holds {plural(len(left), 'file')} {_ONLY}*.py, but {MANIFEST} says that the stub has "
            f"{plural(kata.faults, 'fault')}; for each keep the repaired program with that one left",
        )
    lost = {specimen.path: _lost(card) for specimen, card in left.items()}
    for path, checks in lost.items():
        if not checks & _lost(stub):
            yield Finding(path, f"fails no check that the stub fails, too; plant its fault in {kata.stub.name}")
        if not _alone(path, lost):
            yield Finding(
                path,
                "fails no check that the other faults pass when each is left alone; choose a fault of another kind, or "
                "add a check that sees this one only",
            )


def _lost(card: Scorecard) -> frozenset[str]:
    return frozenset(result.check.id for result in card.results if result.status in LOST)


def _alone(path: Path, lost: Mapping[Path, frozenset[str]]) -> frozenset[str]:
    """Return the checks that fail for one fault, and for none of the others."""
    return lost[path].difference(*(checks for other, checks in lost.items() if other != path))
