"""Collects the katas of an inner run, and the checks that were asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from pytest_mlkata.kata.mistakes import is_named
from pytest_mlkata.model import EFFICIENCY_CATEGORIES
from pytest_mlkata.session.nodes import CHECK, CheckFile, KataNode, KataRoot, OwnTestsItem
from pytest_mlkata.session.recorder import ATTRIBUTE, Recorder, is_worker
from pytest_mlkata.session.request import RunRequest


class Collection:
    """The plugin object that collects."""

    def __init__(
        self,
        config: pytest.Config,
        request: RunRequest,
        recorder: Recorder,
        open_bench: Callable[[KataNode], None],
        grade_tests: Callable[[OwnTestsItem], None],
    ) -> None:
        self._config = config
        self._request = request
        self._recorder = recorder
        self._open_bench = open_bench
        self._grade_tests = grade_tests
        self._filters = [each.rstrip("/") for each in config.option.file_or_dir]
        # Whatever the arguments were: the katas are collected from the root.
        config.args = [str(config.rootpath)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect the katas, and nothing else, at the root."""
        if not isinstance(parent, pytest.Session):
            return None
        root: KataRoot = KataRoot.from_parent(parent, path=path)
        root.request = self._request
        root.open_bench = self._open_bench
        root.grade_tests = self._grade_tests
        return root

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Say which kata is at fault where a file of it cannot be collected."""
        report = yield
        node = collector.getparent(KataNode)
        if node is None:
            return report
        if isinstance(collector, KataNode) and report.passed:
            self._recorder.declared(node.grading.name, node.checks)
        if report.failed or report.skipped:
            self._mark_broken(report, node.grading.name, collector)
        return report

    def _mark_broken(self, report: pytest.CollectReport, grading: str, collector: pytest.Collector) -> None:
        text = str(report.longrepr)
        if report.skipped:
            text = f"{collector.path}: skips itself; a check file must run"
            report.outcome, report.longrepr = "failed", text
        elif not self._request.reveal:
            report.longrepr = text = text.splitlines()[-1] if isinstance(collector, CheckFile) else text
        setattr(report, ATTRIBUTE, {"grading": grading, "broken": text})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Positional arguments and gradings choose among the checks, and a grading says whose come first."""
        items[:] = _in_order(items)
        _keep(config, items, [item for item in items if _is_wanted(item)])
        if not self._filters:
            return
        unknown = self.unknown([item.nodeid for item in items])
        if unknown and not is_worker(self._config):  # the controller says it for all of its workers
            raise pytest.UsageError(unknown)
        if unknown:
            items.clear()
        _keep(config, items, [item for item in items if any(_fits(item.nodeid, each) for each in self._filters)])

    def unknown(self, known: list[str]) -> str:
        """What to say of a positional argument that fits none of the `known` ids."""
        for each in self._filters:
            if not any(_fits(nodeid, each) for nodeid in known):
                return (
                    f"{each!r} names no check of the kata; beside --kata an argument is the id of a check, "
                    f"such as {known[0] if known else 'KATA/test_correctness.py'}"
                )
        return ""


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    """Leave only some of the items, and tell pytest of the others."""
    if len(kept) < len(items):
        chosen = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = kept


def _is_wanted(item: pytest.Item) -> bool:
    """Tell whether the grading asks for this check."""
    node = item.getparent(KataNode)
    wanted = node.grading.only if node is not None else ()
    return not wanted or (CHECK in item.stash and is_named(item.stash[CHECK].id, wanted))


def _in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put the checks of a grading together, and those of some functions before the others where it asks for that.

    A plugin may have mixed them (pytest-randomly does): the solution of each would be started again and again, and what
    is said of a grading as a whole would be said of a part.
    """
    gradings: dict[KataNode | None, list[pytest.Item]] = {}
    for item in items:
        gradings.setdefault(item.getparent(KataNode), []).append(item)
    for node, together in gradings.items():
        if node is not None and node.grading.first:
            together.sort(key=functools.partial(_turn, first=node.grading.first))
    return [item for together in gradings.values() for item in together]


def _turn(item: pytest.Item, first: tuple[str, ...]) -> tuple[bool, int]:
    check = item.stash[CHECK]
    rank = first.index(check.function) if check.function in first else len(first)
    return check.category in EFFICIENCY_CATEGORIES, rank


def _fits(nodeid: str, wanted: str) -> bool:
    rest = nodeid.removeprefix(wanted)
    return nodeid == wanted or (rest != nodeid and rest.startswith(("/", "::", "[")))
