"""The report for programs: format 1, whose keys stay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_mlkata.report.base import visible

if TYPE_CHECKING:
    from pytest_mlkata.model import Changes, CheckResult, Mistake, Report, Scorecard, Versions
    from pytest_mlkata.own_tests import FailedTest, OwnTests

FORMAT = 1
"""Counted up when a key changes its meaning or goes; new keys may come at any time."""

name = "json"
suffix = ".json"


def render(report: Report) -> str:
    """Write the report as JSON: ASCII, keys in a fixed order, a newline at the end."""
    document = {
        "format": FORMAT,
        "versions": _versions(report.versions),
        "scorecards": [_scorecard(card) for card in report.scorecards],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _versions(versions: Versions) -> dict[str, str]:
    return {
        "pytest_mlkata": versions.pytest_mlkata,
        "python": versions.python,
        "numpy": versions.numpy,
        "hypothesis": versions.hypothesis,
    }


def _scorecard(card: Scorecard) -> dict[str, Any]:
    return {
        "kata": card.kata,
        "title": visible(card.title),
        "question": card.question,
        "round": visible(card.round),
        "solution": visible(card.solution),
        "seed": card.seed,
        "earned": card.earned,
        "possible": card.possible,
        "seconds": round(card.seconds, 3),
        "hints": None if card.hints is None else {"taken": card.hints.taken, "of": card.hints.of},
        "broken": visible(card.broken) or None,
        "needs": visible(card.needs) or None,
        "changes": None if card.changes is None else _changes(card.changes),
        "tests": None if card.tests is None else _tests(card.tests),
        "checks": [_check(result, counts=not card.broken) for result in card.results],
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {"kept": changes.kept, "of": changes.of, "diff": visible(changes.diff)}


def _mistake(mistake: Mistake) -> dict[str, str]:
    return {name: visible(getattr(mistake, name)) for name in ("id", "name", "explanation")}


def _tests(own: OwnTests) -> dict[str, Any]:
    return {
        "path": visible(own.path),
        "count": own.tests,
        "fault": visible(own.fault) or None,
        "false_alarms": [_failed(each) | {"solution": visible(each.solution)} for each in own.false_alarms],
        "rights": own.rights,
        "caught": own.caught,
        "mistakes": own.mistakes,
        "missed": [visible(name) for name in own.missed],
        "not_tried": own.not_tried,
        "failures": None if own.failures is None else [_failed(each) for each in own.failures],
        "coverage": own.coverage,
        "missing_lines": list(own.missing),
        "seconds": round(own.seconds, 3),
    }


def _failed(failed: FailedTest) -> dict[str, str]:
    return {"test": visible(failed.test), "message": visible(failed.message)}


def _check(result: CheckResult, *, counts: bool) -> dict[str, Any]:
    """Describe one result; in a kata at fault no check earns, so that the parts add up to the whole."""
    return {
        "id": visible(result.check.id),
        "category": result.check.category,
        "function": result.check.function,
        "property": visible(result.check.property),
        "status": result.status.value,
        "points": result.check.points,
        "earned": result.earned if counts else 0,
        "message": visible(result.message),
        "counterexample": visible(result.counterexample),
        "mistake": None if result.mistake is None else _mistake(result.mistake),
        "seconds": round(result.seconds, 3),
    }
