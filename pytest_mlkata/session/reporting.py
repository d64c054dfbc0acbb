"""Records what the checks of an inner run found, prints it and writes it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator
from typing import Any

import pytest

from pytest_mlkata.model import Report, Status
from pytest_mlkata.report import terminal
from pytest_mlkata.session import report_files
from pytest_mlkata.session.collection import Collection
from pytest_mlkata.session.recorder import ATTRIBUTE, Recorder, is_controller, is_worker, only_looks
from pytest_mlkata.session.request import RunRequest
from pytest_mlkata.solution.isolation import MEANING

_LETTERS: dict[str, tuple[str, str, str]] = {
    Status.INCONCLUSIVE: ("inconclusive", "i", "INCONCLUSIVE"),
    Status.NOT_STARTED: ("failed", "-", "NOT STARTED"),
    Status.BLOCKED: ("failed", "b", "BLOCKED"),
    Status.ERROR: ("failed", "E", "ERROR"),
    Status.BROKEN: ("error", "!", "BROKEN KATA"),
}
_OURS = ("hypothesis profile ", "configfile: ")
"""How lines of pytest's header begin that concern nobody who is graded."""


class Reporting:
    """The plugin object that records, prints and writes."""

    def __init__(self, config: pytest.Config, request: RunRequest, recorder: Recorder, collection: Collection) -> None:
        self._config = config
        self._request = request
        self._recorder = recorder
        self._collection = collection
        self._report: Report | None = None
        self._fault = ""
        """What went wrong with the run as a whole, such as a report that cannot be written."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a finished check."""
        self._recorder.take(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record a kata that could not be collected."""
        self._recorder.take(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Letters of our own for what is neither a plain pass nor a plain failure."""
        rider = getattr(report, ATTRIBUTE, None)
        return _LETTERS.get(rider["result"]["status"]) if rider and "result" in rider else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over the denominators of an xdist worker that is done."""
        self._recorder.absorb(getattr(node, "workeroutput", {}).get(ATTRIBUTE, {}))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the denominators home, or write the reports."""
        if is_worker(self._config):
            self._config.workeroutput[ATTRIBUTE] = self._recorder.export()  # type: ignore[attr-defined]  # xdist's
        elif is_controller(self._config) and (unknown := self._collection.unknown(self._recorder.known)):
            self._fault = unknown
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        elif not only_looks(self._config) and session.exitstatus != pytest.ExitCode.USAGE_ERROR:
            report = self._recorder.report()
            self._report = report
            self._fault = report_files.write(self._config, report)
            if self._fault:
                session.exitstatus = pytest.ExitCode.USAGE_ERROR
            self._config.hook.pytest_mlkata_report(report=report)

    def pytest_report_header(self) -> str:
        """Say how solutions are run."""
        count = len(self._request.gradings)
        katas = self._request.gradings[0].submission.kata if count == 1 else f"{count} katas"
        weaker = f" ({self._request.weaker})" if self._request.weaker else ""
        return f"mlkata: {katas}; {MEANING[self._request.isolation]}{weaker}"

    @pytest.hookimpl(wrapper=True, specname="pytest_report_header")
    def pytest_header_of_a_run(self) -> Generator[None, list[Any], list[Any]]:
        """Leave out what is the same in every grading run: the profile of Hypothesis, and our own ini file."""
        parts = yield
        return [[line for line in _lines(part) if not line.startswith(_OURS)] for part in parts]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the scorecards through pytest's own reporter, and what went wrong with the run."""
        terminalreporter.ensure_newline()
        if self._report is not None:
            for line in self._render(self._report, terminalreporter).splitlines():
                terminalreporter.write_line(harmless(line))
        if self._fault:
            terminalreporter.write_line(f"ERROR: {self._fault}", red=True)

    def _render(self, report: Report, reporter: pytest.TerminalReporter) -> str:
        return terminal.render(
            report,
            width=_width(),
            color=reporter.hasmarkup,
            ascii_only=not can_draw(reporter._tw._file),  # noqa: SLF001  # there is no public way to the file it writes to
            verbose=self._config.option.verbose > 0,
            root=self._config.rootpath,
        )


def _lines(part: str | list[str]) -> list[str]:
    return [part] if isinstance(part, str) else part


def harmless(line: str) -> str:
    """`line`, unless a solution made it look like a command to the CI service that shows it."""
    return re.sub(r"##(?=\w*\[)|^\s*:(?=:)", r"\g<0> ", line)


def _width() -> int:
    return shutil.get_terminal_size().columns


def can_draw(file: object) -> bool:
    """Whether the signs of a scorecard can be written to `file`."""
    encoding = getattr(file, "encoding", None) or os.device_encoding(1) or "ascii"
    try:
        "┌✓✗…█".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
