"""Has a learner's own tests graded within an inner run, and puts what came of it on pytest's reports."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import asdict

import pytest

from pytest_mlkata.errors import CheckFailed
from pytest_mlkata.own_tests import OwnTests
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.session.nodes import OwnTestsItem, kata_node
from pytest_mlkata.session.own_tests import Grader
from pytest_mlkata.session.recorder import ATTRIBUTE

FOUND = pytest.StashKey[OwnTests]()


class OwnTestsRun:
    """The plugin object that grades a learner's tests, and puts what came of it on pytest's reports."""

    def __init__(self, config: pytest.Config, engine: Callable[[], Engine]) -> None:
        self._config = config
        self._engine = engine

    def grade(self, item: OwnTestsItem) -> None:
        """Run the tests of an item; fails where they cannot be run, or raise a false alarm.

        Raises
        ------
        CheckFailed
            So it is.
        """
        node = kata_node(item)
        assert node.kata is not None
        assert node.grading.tests is not None
        grader = Grader(self._engine(), node.kata, node.grading.tests, checks=node.checks, show=self._show)
        own = grader.grade(node.grading.submission)
        item.stash[FOUND] = own
        if own.fault:
            raise CheckFailed(own.fault)
        if own.false_alarms:
            alarm = own.false_alarms[0]
            raise CheckFailed(f"false alarm: {alarm.test} fails on {alarm.solution}: {alarm.message}")

    def _show(self, text: str) -> None:
        """Repaint one line, where a person looks on."""
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        capture = self._config.pluginmanager.getplugin("capturemanager")
        if reporter is None or capture is None or not reporter.isatty:
            return
        with capture.global_and_fixture_disabled():
            reporter.rewrite(text, erase=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put what was found on the report of the call."""
        report = yield
        if call.when == "call" and FOUND in item.stash:
            setattr(report, ATTRIBUTE, {"grading": kata_node(item).grading.name, "tests": asdict(item.stash[FOUND])})
        return report
