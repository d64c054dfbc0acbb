"""A page of styled lines that wrap at words: what the terminal's report needs of rich, which nothing else imports."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from pytest_mlkata.report.base import visible

NARROWEST = 38
"""Below this width lines are longer than the terminal: too many words would be cut to pieces."""
ROOMY = 64
"""From this width on, labels stand beside what they label instead of above it."""
_LABEL = 16
_BAR = 16
"""Cells of a bar; half of it where room is scarce."""
_APART = 2


@dataclass(frozen=True)
class Glyphs:
    """The few signs that are not letters."""

    holds: str
    fails: str
    unclear: str
    waits: str
    full: str
    empty: str
    edge: str
    dot: str
    more: str


_UNICODE = Glyphs(holds="✓", fails="✗", unclear="≈", waits="·", full="━", empty="─", edge="┃", dot="·", more="…")
_ASCII = Glyphs(holds="+", fails="x", unclear="~", waits="-", full="#", empty=".", edge="|", dot="-", more="...")


class Page:
    """Lines of text, wrapped to a width as they are put down.

    No string is ever read as markup, and all of them pass through `base.visible`.

    Parameters
    ----------
    width
        Cells of a line.
    color
        Whether styles are written, as the terminal's own sixteen colours.
    ascii_only
        Whether every character must be ASCII.
    """

    def __init__(self, width: int, *, color: bool, ascii_only: bool) -> None:
        self.width = max(width, NARROWEST)
        self.roomy = width >= ROOMY
        self.glyphs = _ASCII if ascii_only else _UNICODE
        self._ascii_only = ascii_only
        self._lines: list[Text] = []
        # Everything is said here, so that nothing is taken from the environment.
        self._console = Console(
            file=io.StringIO(),
            width=self.width,
            height=1000,
            color_system="standard" if color else None,
            force_terminal=color,
            force_jupyter=False,
            no_color=not color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def text(self, *parts: str | tuple[str, str]) -> Text:
        """Join strings, each alone or with its style."""
        styled = (part if isinstance(part, tuple) else (part, "") for part in parts)
        return Text.assemble(*((visible(string, ascii_only=self._ascii_only), style) for string, style in styled))

    def bar(self, part: int, whole: int) -> tuple[tuple[str, str], tuple[str, str]]:
        """Draw a share, as parts for `text`: full only when it is, empty only when it is."""
        size = _BAR if self.roomy else _BAR // 2
        filled = min(max(round(size * part / whole), 1), size - 1) if 0 < part < whole else size * (part > 0)
        return (self.glyphs.full * filled, "green"), (self.glyphs.empty * (size - filled), "dim")

    def put(self, *parts: str | tuple[str, str], first: Text | None = None, rest: Text | None = None) -> None:
        """Put down a paragraph.

        Parameters
        ----------
        *parts
            Its strings, as for `text`.
        first, rest
            What stands before its first line and before the others; `rest` is as many spaces where it is left out.
        """
        first = first or Text()
        rest = rest if rest is not None else Text(" " * first.cell_len)
        room = max(self.width - first.cell_len, NARROWEST // 2)
        for number, line in enumerate(self.text(*parts).wrap(self._console, room, overflow="fold")):
            self._lines.append(Text.assemble(rest if number else first, line))

    def command(self, label: str, command: str) -> None:
        """Put down a command in one line, however long: one that is cut in two is run as two."""
        self._lines.append(self.text((label, "dim"), (command, "bold")))

    def spread(self, left: Text, right: Text) -> None:
        """Put two pieces at both ends of a line, or on two lines where they are too long."""
        room = self.width - left.cell_len - right.cell_len
        if room >= _APART:
            self._lines.append(Text.assemble(left, " " * room, right))
        else:
            self._lines.extend(line for part in (left, right) for line in part.wrap(self._console, self.width))

    def row(self, title: Text, rest: Text) -> None:
        """Put down a line of a table, or two where one is too short for it."""
        rest.rstrip()
        line = Text.assemble(title, " " * _APART, rest)
        if line.cell_len <= self.width:
            self._lines.append(line)
        else:
            title.rstrip()
            self._lines.extend((*title.wrap(self._console, self.width), Text.assemble(" " * _APART, rest)))

    def detail(self, label: str, text: str, *, indent: int, style: str = "") -> None:
        """Put down a labelled text: side by side where there is room, else the label above it."""
        if self.roomy:
            self.put((text, style), first=self.text(" " * indent, (label.ljust(_LABEL), "dim")))
        else:
            self.put((f"{label}:", "dim"), first=Text(" " * indent))
            self.put((text, style), first=Text(" " * (indent + 2)))

    def gap(self) -> None:
        """Leave one line free, unless one is."""
        if self._lines and self._lines[-1]:
            self._lines.append(Text())

    def render(self) -> str:
        """Give the page as a string, each line ended and without spaces at its end."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        with self._console.capture() as capture:
            for line in self._lines:
                line.rstrip()
                self._console.print(line, no_wrap=True, overflow="ignore", crop=False)
        return capture.get()
