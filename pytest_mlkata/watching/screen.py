"""Where scorecards are shown: repainted in place on a terminal, one after the other anywhere else."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.model import Report
from pytest_mlkata.report import terminal
from pytest_mlkata.session.reporting import can_draw, harmless

_CLEAR = "\x1b[H\x1b[2J"
"""To the corner, and away with what is seen; not with what was scrolled away, which is the person's."""
_CLEAR_LINE = "\r\x1b[K"


@dataclass(frozen=True)
class Screen:
    """Standard output.

    Attributes
    ----------
    in_place
        Whether it can be repainted.
    color
        Whether it shows colours.
    root
        The folder that the person is in.
    """

    in_place: bool
    color: bool
    root: Path

    @classmethod
    def here(cls, root: Path) -> Screen:
        """What standard output is."""
        in_place = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        return cls(in_place, in_place and not os.environ.get("NO_COLOR"), root)

    def card(self, report: Report, footer: str) -> None:
        """Show what a grading found."""
        text = terminal.render(
            report,
            width=shutil.get_terminal_size().columns,
            color=self.color,
            ascii_only=not can_draw(sys.stdout),
            root=self.root,
        )
        self._show("\n".join(harmless(line) for line in text.splitlines()), footer)

    def say(self, message: str, footer: str) -> None:
        """Show a sentence instead of a scorecard."""
        self._show(message, footer)

    def status(self, text: str) -> None:
        """Say in the last line what is going on, where there is a last line."""
        if self.in_place:
            room = shutil.get_terminal_size().columns - 1
            self._write(_CLEAR_LINE + text[:room])

    def leave(self) -> None:
        """Leave what is shown, and the next line to others."""
        if self.in_place:
            self._write("\n")

    def _show(self, text: str, footer: str) -> None:
        if self.in_place:
            self._write(f"{_CLEAR}{text}\n\n")
            self.status(footer)
        else:
            self._write(f"{text}\n\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
