"""What a grading may leave out, since one just before it has shown it: `mlkata watch` grades on every save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pytest

from pytest_mlkata.solution.fingerprint import fingerprints

_KNOWN_FIXTURES: Final = frozenset({"solution", "reference", "scratch"})


@dataclass(frozen=True)
class Memory:
    """Checks that hold, and of what: each has a fresh process and the same examples, so they hold as long as that does.

    Attributes
    ----------
    held
        The id of a check to the functions that it called, and their digests then.
    """

    held: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Remembering:
    """Tells which checks hold as before, and takes down which hold now.

    Parameters
    ----------
    memory
        Of the grading before.
    source
        What is graded now.
    """

    def __init__(self, memory: Memory, source: str) -> None:
        self._memory = memory
        self._now = fingerprints(source)
        self._held: dict[str, Mapping[str, str]] = {}

    def holds(self, check: str) -> bool:
        """Tell whether nothing has changed of what a check called when it held."""
        before = self._memory.held.get(check)
        if not before or any(self._now.get(name) != digest for name, digest in before.items()):
            return False
        self._held[check] = before
        return True

    def take(self, item: pytest.Function, check: str, called: Iterable[str]) -> None:
        """Take down that a check holds."""
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        # What a fixture of the kata's own has called was called before the check.
        is_plain = set(item._fixtureinfo.argnames) <= {*_KNOWN_FIXTURES, *parameters}  # noqa: SLF001  # see examiner
        if is_plain and all(name in self._now for name in called):
            self._held[check] = {name: self._now[name] for name in called}

    def memory(self) -> Memory:
        """Return what the next grading may leave out."""
        return Memory(self._held)
