"""Collects what the checks of a run found, wherever they ran, and folds it into scorecards.

With pytest-xdist the checks run in other processes; what they found rides on pytest's own reports as plain values.
Which part a process plays in that is told here, too.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from typing import Any

import pytest

from pytest_mlkata import __version__
from pytest_mlkata.changes import compare
from pytest_mlkata.errors import KataError, SubmissionUnloadable
from pytest_mlkata.kata.manifest import lacks, load_kata
from pytest_mlkata.model import (
    Changes,
    Check,
    CheckResult,
    Kata,
    Mistake,
    Report,
    Scorecard,
    Status,
    Versions,
)
from pytest_mlkata.own_tests import FailedTest, OwnTests
from pytest_mlkata.scoring import fold, is_wrong
from pytest_mlkata.session.request import OWN_TESTS, Grading, RunRequest
from pytest_mlkata.solution.vet import vet

ATTRIBUTE = "mlkata"
"""Where our values ride on a report."""

_CRASHED = "the process that judged this check ended; run it again without -n to see why"
_UNKNOWN = "the run ended before its checks were known; run it again without -n to see why"
_LOOKING = ("collectonly", "setuponly", "setupplan", "showfixtures", "show_fixtures_per_test", "cacheshow")
"""pytest's options to show something instead of running tests."""


def is_worker(config: pytest.Config) -> bool:
    """Whether this is a process of pytest-xdist: it runs checks, but does not report."""
    return hasattr(config, "workerinput")


def is_controller(config: pytest.Config) -> bool:
    """Whether the checks run in processes of pytest-xdist instead of this one."""
    return not is_worker(config) and config.pluginmanager.hasplugin("dsession")


def only_looks(config: pytest.Config) -> bool:
    """Whether no check is to run, so that there is nothing to report."""
    return any(getattr(config.option, name, False) for name in _LOOKING)


class Recorder:
    """What is known of every grading of a run so far."""

    def __init__(self, request: RunRequest) -> None:
        self._request = request
        self._declared: dict[str, tuple[Check, ...]] = {}
        self._found: dict[str, dict[str, CheckResult]] = {grading.name: {} for grading in request.gradings}
        self._broken: dict[str, str] = {}
        self._mistakes: dict[str, dict[str, Mistake]] = {}
        self._tests: dict[str, OwnTests] = {}
        self._crashed: list[str] = []

    def declared(self, grading: str, checks: Sequence[Check]) -> None:
        """Note the checks of a grading: the denominator."""
        self._declared[grading] = tuple(checks)

    @property
    def known(self) -> list[str]:
        """The node ids of every check that was declared, and of the learner's own tests."""
        checks = [f"{grading}/{check.id}" for grading, checks in self._declared.items() for check in checks]
        return checks + [f"{grading.name}/{OWN_TESTS}" for grading in self._request.gradings if grading.tests]

    def take(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Take over what rides on `report`; what belongs to no kata is passed over."""
        rider: dict[str, Any] | None = getattr(report, ATTRIBUTE, None)
        if rider is None:
            if report.failed:
                # pytest-xdist reports a check whose judge died, without our values.
                self._crashed.append(report.nodeid)
            return
        grading = rider["grading"]
        if "declared" in rider:
            self.declared(grading, [Check(**check) for check in rider["declared"]])
        if "broken" in rider:
            self._broken.setdefault(grading, rider["broken"])
        for function, mistake in rider.get("mistakes", {}).items():
            self._mistakes.setdefault(grading, {})[function] = Mistake(**mistake)
        if "tests" in rider:
            self._tests[grading] = own_tests_from(rider["tests"])
        if "result" in rider:
            self._add(grading, _result_from(rider["result"]))

    def _add(self, grading: str, result: CheckResult) -> None:
        # A failure in setup or teardown outweighs what the call found.
        known = self._found[grading].get(result.check.id)
        if known is None or result.status is Status.BROKEN:
            self._found[grading][result.check.id] = result

    def export(self) -> dict[str, Any]:
        """The denominators, as plain values: what a worker sends home when it ran nothing."""
        return {grading: [asdict(check) for check in checks] for grading, checks in self._declared.items()}

    def absorb(self, exported: dict[str, Any]) -> None:
        """Take over what `export` gave in another process."""
        for grading, checks in exported.items():
            self.declared(grading, [Check(**check) for check in checks])

    def report(self) -> Report:
        """Everything that was found, as the input of the report formats."""
        self._settle_crashes()
        return Report(
            scorecards=tuple(
                replace(self._scorecard(grading), hints=grading.hints, tests=self._tests.get(grading.name))
                for grading in self._request.gradings
            ),
            versions=Versions(
                pytest_mlkata=__version__,
                python=platform.python_version(),
                numpy=version("numpy"),
                hypothesis=version("hypothesis"),
            ),
            notes=self._request.notes,
        )

    def _settle_crashes(self) -> None:
        """Turn crashes into results, at the end: the first may have come before the denominators."""
        for nodeid in self._crashed:
            grading, _, check_id = nodeid.partition("/")
            check = next((check for check in self._declared.get(grading, ()) if check.id == check_id), None)
            if check is not None:
                self._add(grading, CheckResult(check, Status.ERROR, _CRASHED))

    def _found_with_mistakes(self, grading: str) -> dict[str, CheckResult]:
        mistakes = self._mistakes.get(grading, {})
        return {
            check: replace(result, mistake=mistakes.get(result.check.function)) if is_wrong(result) else result
            for check, result in self._found[grading].items()
        }

    def _scorecard(self, grading: Grading) -> Scorecard:
        broken = self._broken.get(grading.name, "")
        try:
            kata = load_kata(grading.folder)
        except KataError as error:
            return _scorecard_of_malformed(grading, self._request.seed, broken or str(error))
        if grading.name not in self._declared:
            broken = broken or _UNKNOWN
        card = fold(
            kata,
            grading.submission,
            self._request.seed,
            self._declared.get(grading.name, ()),
            self._found_with_mistakes(grading.name),
            broken,
            _changes(kata, grading),
        )
        return replace(card, needs=lacks(kata))


def _changes(kata: Kata, grading: Grading) -> Changes | None:
    """What was changed of a stub that is a program with faults."""
    if not kata.faults:
        return None
    try:
        return compare(vet(kata.stub, ()), vet(grading.submission.path, ()))
    except SubmissionUnloadable:
        return None  # which each of its checks says


def _scorecard_of_malformed(grading: Grading, seed: int, broken: str) -> Scorecard:
    return Scorecard(
        kata=grading.submission.kata,
        title=grading.submission.kata,
        question=None,
        round="",
        solution=str(grading.submission.path),
        is_stub=grading.submission.is_stub,
        seed=seed,
        results=(),
        label=grading.submission.label,
        broken=broken,
    )


def result_rider(result: CheckResult) -> dict[str, Any]:
    """`result` as plain values; text that is not valid Unicode is made so, since execnet refuses it."""
    plain = asdict(result)
    plain["status"] = str(result.status)
    for name in ("message", "counterexample", "output"):
        plain[name] = plain[name].encode("utf-8", "backslashreplace").decode("utf-8")
    return plain


def own_tests_from(plain: dict[str, Any]) -> OwnTests:
    """Return what was made plain values by `dataclasses.asdict`, tuples being lists perhaps."""
    failures = plain["failures"]
    return OwnTests(
        **{
            **plain,
            "false_alarms": tuple(FailedTest(**each) for each in plain["false_alarms"]),
            "failures": None if failures is None else tuple(FailedTest(**each) for each in failures),
            "missed": tuple(plain["missed"]),
            "missing": tuple(plain["missing"]),
        }
    )


def _result_from(plain: dict[str, Any]) -> CheckResult:
    return CheckResult(**{**plain, "check": Check(**plain["check"]), "status": Status(plain["status"])})
