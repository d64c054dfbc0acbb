"""The check of every kata whose stub is a program with faults."""

from __future__ import annotations

from pytest_mlkata.checks import points, require
from pytest_mlkata.model import Changes

KEPT = 0.7
"""The share of the lines of the program that must be kept."""


@points(3)
def test_most_of_the_program_is_kept(changes: Changes) -> None:
    """At least 70 % of the lines of the program are kept

    A fault is a line or two. Whoever reviews your change wants to see what you found, and nothing else: keep names,
    layout and what works as they are.
    """
    require(
        changes.kept >= KEPT * changes.of,
        f"{changes.kept} of the {changes.of} lines of the program are kept, at least {KEPT:.0%} must be; "
        f"mend what is wrong, and leave the rest as it came",
    )
