"""What a scorecard says of the changes to a program that came with faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pytest_mlkata.model import Changes
    from pytest_mlkata.report.page import Page

TITLE: Final = "your changes"
MOST: Final = 40
"""Lines of the difference: who repairs a few faults has no more."""
_STYLES: Final = {"+": "green", "-": "red", "@": "dim"}


def heading(changes: Changes) -> str:
    """Count what is kept."""
    if changes.is_none:
        return "none yet"
    return f"{changes.kept} of the {changes.of} lines of the program are kept"


def paint(page: Page, changes: Changes, *, indent: int, verbose: bool) -> None:
    """Put the section on a page."""
    page.gap()
    page.put((TITLE, "bold"), (f"  {heading(changes)}", "dim"), first=page.text(" " * indent))
    lines = changes.diff.splitlines()
    margin = page.text(" " * (indent + 2))
    for line in lines if verbose else lines[:MOST]:
        page.put((line, _STYLES.get(line[:1], "")), first=margin)
    if len(lines) > MOST and not verbose:
        page.put((f"{len(lines) - MOST} further lines (-v shows all of them)", "dim"), first=margin)
