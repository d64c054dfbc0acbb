"""What an inner run prints and writes."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from pytest_mlkata.model import Report, Status
from pytest_mlkata.report import json_, terminal
from pytest_mlkata.session.request import RunRequest

_LETTERS: dict[str, tuple[str, str, str]] = {
    Status.INCONCLUSIVE: ("inconclusive", "i", "INCONCLUSIVE"),
    Status.NOT_STARTED: ("failed", "-", "NOT STARTED"),
    Status.BLOCKED: ("failed", "b", "BLOCKED"),
    Status.ERROR: ("failed", "E", "ERROR"),
    Status.BROKEN: ("error", "!", "BROKEN KATA"),
}
_ISOLATION = {
    "process": "solutions run in a process of their own",
    "none": "solutions run in this process: for your own code only",
}


def letters(status: str) -> tuple[str, str, str] | None:
    """How pytest shows a check of `status`: category, letter, word; None where its own will do."""
    return _LETTERS.get(status)


def write_files(config: pytest.Config, report: Report) -> str:
    """Write every report file that the command line asks for; what cannot be written is said in the answer."""
    path: Path | None = config.option.kata_json
    if path is not None:
        target = config.invocation_params.dir / path
        try:
            target.write_text(json_.render(report), encoding="utf-8")
        except OSError as error:
            return f"--kata-json: {target} cannot be written: {error.strerror}; name another file"
    return ""


class Terminal:
    """Prints the header and the scorecards of a run."""

    def __init__(self, config: pytest.Config, request: RunRequest) -> None:
        self._config = config
        self._request = request
        self.report: Report | None = None
        self.fault = ""
        """What went wrong with the run as a whole, such as a report that cannot be written."""

    def header(self) -> str:
        """One line on how solutions run."""
        count = len(self._request.gradings)
        katas = self._request.gradings[0].submission.kata if count == 1 else f"{count} katas"
        return f"mlkata: {katas}; {_ISOLATION[self._request.isolation]}"

    def summarize(self, reporter: pytest.TerminalReporter) -> None:
        """Print the scorecards through pytest's own reporter, and what went wrong with the run."""
        reporter.ensure_newline()
        if self.report is not None:
            for line in self._render(self.report, reporter).splitlines():
                reporter.write_line(_harmless(line))
        if self.fault:
            reporter.write_line(f"ERROR: {self.fault}", red=True)

    def _render(self, report: Report, reporter: pytest.TerminalReporter) -> str:
        return terminal.render(
            report,
            width=_width(),
            color=reporter.hasmarkup,
            ascii_only=not _can_draw(reporter),
            verbose=self._config.option.verbose > 0,
            root=self._config.rootpath,
        )


def _harmless(line: str) -> str:
    """`line`, unless a solution made it look like a command to the CI service that shows it."""
    return re.sub(r"##(?=\[)|^\s*:(?=:)", r"\g<0> ", line)


def _width() -> int:
    return shutil.get_terminal_size().columns


def _can_draw(reporter: pytest.TerminalReporter) -> bool:
    file = reporter._tw._file  # noqa: SLF001  # the file that pytest writes to; there is no public way to it
    encoding = getattr(file, "encoding", None) or os.device_encoding(1) or "ascii"
    try:
        "┌✓✗…█".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
