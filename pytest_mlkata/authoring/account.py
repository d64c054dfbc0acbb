"""What was proved of katas, for programs: format 1, whose keys stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.judging import Judgement
from pytest_mlkata.authoring.mutation import Fate, Mutation
from pytest_mlkata.authoring.validation import Validation
from pytest_mlkata.branches import Branches
from pytest_mlkata.report.base import visible

FORMAT = 1
"""Counted up when a key changes its meaning or goes; new keys may come at any time."""


def render(validations: Sequence[Validation], malformed: Mapping[str, str]) -> str:
    """Write everything as JSON: ASCII, keys in a fixed order, a newline at the end.

    Parameters
    ----------
    validations
        The katas that were proved.
    malformed
        Those that could not be read, and why.
    """
    document = {
        "format": FORMAT,
        "holds": not malformed and all(each.holds for each in validations),
        "katas": [_validation(each) for each in validations],
        "malformed": {name: visible(said) for name, said in malformed.items()},
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _validation(validation: Validation) -> dict[str, Any]:
    return {
        "kata": validation.kata.name,
        "isolation": validation.isolation,
        "seed": validation.seed,
        "holds": validation.holds,
        "proofs": [
            {"name": each.name, "holds": each.holds, "result": each.result, "seconds": round(each.seconds, 3)}
            for each in validation.proofs
        ],
        "findings": [_finding(validation, each) for each in validation.findings],
        "remarks": [_finding(validation, each) for each in validation.remarks],
        "solutions": [_judgement(validation, each) for each in validation.judgements],
        "coverage": None if validation.coverage is None else _coverage(validation.coverage),
        "mutants": None if validation.mutation is None else _mutation(validation.mutation),
    }


def _finding(validation: Validation, finding: Finding) -> dict[str, str]:
    return {"path": _within(validation, finding), "message": visible(finding.message)}


def _within(validation: Validation, finding: Finding) -> str:
    """The path as seen from the kata's folder."""
    folder = validation.kata.folder
    return str(finding.path.relative_to(folder) if finding.path.is_relative_to(folder) else finding.path)


def _judgement(validation: Validation, judgement: Judgement) -> dict[str, Any]:
    specimen = judgement.specimen
    return {
        "label": specimen.label,
        "kind": specimen.kind,
        "path": str(specimen.path.relative_to(validation.kata.folder)),
        "name": visible(specimen.name),
        "caught_by": list(specimen.caught_by),
        "extra": list(judgement.extra) if specimen.kind == "wrong" else [],
        "mistakes": [each.id for each in judgement.mistakes],
        "holds": not judgement.findings,
        "checks": {result.check.id: result.status.value for result in judgement.scorecard.results},
        "runs": [
            {
                "isolation": run.isolation,
                "seed": run.seed,
                "earned": run.scorecard.earned,
                "possible": run.scorecard.possible,
            }
            for run in judgement.runs
        ],
        "repeated": len(judgement.repeated),
    }


def _coverage(branches: Branches) -> dict[str, Any]:
    return {
        "share": round(branches.share, 4),
        "statements": list(branches.statements),
        "missing_lines": list(branches.missing_lines),
        "missing_branches": [list(each) for each in branches.missing_branches],
        "branches": branches.total_branches,
    }


def _mutation(mutation: Mutation) -> dict[str, Any]:
    return {
        "killed": mutation.killed,
        "counted": mutation.counted,
        "share": round(mutation.share, 4),
        "fates": [_fate(each) for each in mutation.fates],
    }


def _fate(fate: Fate) -> dict[str, Any]:
    return {
        "id": visible(fate.mutant.id),
        "line": fate.mutant.line,
        "change": visible(fate.mutant.change),
        "killed_by": fate.killed_by or None,
        "equivalent": visible(fate.equivalent) or None,
    }
