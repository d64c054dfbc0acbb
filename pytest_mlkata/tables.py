"""Tables for a terminal of any width, and for a program that reads lines."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

_LEAST = 16
"""Cells that the last column of a table needs, or else it is no table."""


def print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, commands: bool = False) -> None:
    """Print columns as wide as they need to be; where the width is known the last one takes what is left, or own lines.

    A terminal has a width, and so has whatever sets COLUMNS.

    Parameters
    ----------
    head
        What the columns are called.
    rows
        Their cells.
    commands
        Whether the last column holds commands: these are not broken, for they are there to be copied.
    """
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head) - 1)]
    left = sum(widths) + 2 * len(widths)
    bounded = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    room = shutil.get_terminal_size().columns - left if bounded else sys.maxsize
    if room < max(_LEAST, max((len(row[-1]) for row in rows), default=0) if commands else 0):
        _print_stacked(head, rows, commands=commands)
        return
    lines = []
    for row in [head, *rows]:
        first, *rest = _wrapped(row[-1], room)
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        lines.append("\n".join(["  ".join([*cells, first]).rstrip(), *(" " * left + more for more in rest)]))
    click.echo("\n".join([click.style(lines[0], bold=True), *lines[1:]]))


def _print_stacked(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, commands: bool) -> None:
    """Print for each row its first cell, and below it the others with what they are."""
    width = shutil.get_terminal_size().columns
    for name, *cells in rows:
        click.secho(name, bold=True)
        for label, cell in zip(head[1:], cells, strict=True):
            broken = not (commands and label == head[-1])
            first, *rest = _wrapped(f"{label}: {cell}", max(width - 4, _LEAST)) if broken else (cell,)
            if cell:
                click.echo("\n".join([f"  {first}", *(f"    {more}" for more in rest)]))


def _wrapped(text: str, room: int) -> list[str]:
    if len(text) <= room:
        return [text]
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]


def relative(path: Path) -> str:
    """`path` as seen from here, where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
