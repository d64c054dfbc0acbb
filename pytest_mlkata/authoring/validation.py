"""What was proved of a kata, and what is told of it beside."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.judging import Judgement
from pytest_mlkata.authoring.mutation import REQUIRED, Mutation
from pytest_mlkata.branches import Branches
from pytest_mlkata.model import Check, Kata


@dataclass(frozen=True)
class Proof:
    """One row of what is proved."""

    name: str
    result: str
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.findings


@dataclass(frozen=True)
class Validation:
    """The result of validating one kata."""

    kata: Kata
    isolation: str
    seed: int
    proofs: tuple[Proof, ...]
    judgements: tuple[Judgement, ...]
    coverage: Branches | None
    """What the checks run of the reference; None where that was not looked at."""
    mutation: Mutation | None
    """What became of mutants of the reference; None where there are none."""
    remarks: tuple[Finding, ...]
    """What the author may want to look at; nothing has to be mended."""

    @property
    def holds(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.findings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What has to be mended; what several proofs come to is said once."""
        return tuple(dict.fromkeys(finding for proof in self.proofs for finding in proof.findings))

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of the kata, as far as they are known."""
        card = next((each.scorecard for each in self.judgements if each.scorecard.results), None)
        return tuple(result.check for result in card.results) if card is not None else ()


def unseen(kata: Kata, mutation: Mutation | None) -> list[Finding]:
    """Return the mutants that no check sees, where enough others are seen; else each is a finding.

    Parameters
    ----------
    kata
        The kata.
    mutation
        What became of mutants of its reference, if there are any.
    """
    if mutation is None or mutation.share < REQUIRED:
        return []
    return [
        Finding(
            kata.reference,
            f"line {fate.mutant.line}: no check sees the change {fate.mutant.change}; let a check see it, or record "
            f"{fate.mutant.id!r} in hidden/equivalent.toml with the reason why none can",
        )
        for fate in mutation.fates
        if not (fate.killed_by or fate.equivalent)
    ]
