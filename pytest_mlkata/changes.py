"""What was changed of a program that came with faults: pure functions over two texts."""

from __future__ import annotations

import ast
import difflib
from collections import Counter

from pytest_mlkata.model import Changes

_CONTEXT = 1
"""Lines around a change that are shown with it."""


def compare(before: str, after: str) -> Changes:
    """Compare a program with what became of it.

    Parameters
    ----------
    before, after
        Their sources.

    Returns
    -------
    Changes
        How many lines are kept: each line of the one that is a line of the other, too, wherever it stands, empty ones
        and white space at the end aside. And the difference, as ``diff -u`` shows it, without its head.
    """
    old, new = _lines(before), _lines(after)
    kept = Counter(filter(None, old)) & Counter(filter(None, new))
    diff = list(difflib.unified_diff(old, new, lineterm="", n=_CONTEXT))[2:]
    return Changes(kept.total(), sum(map(bool, old)), "\n".join(diff), is_none=_does_the_same(before, after))


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.splitlines()]


def _does_the_same(before: str, after: str) -> bool:
    """Tell whether nothing was changed but comments and layout."""
    try:
        return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
