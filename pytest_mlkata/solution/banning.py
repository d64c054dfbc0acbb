"""Refuses imports that a kata bans, where the submission itself makes them.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .counting import SOLUTION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import FrameType, ModuleType


class BannedImportError(ImportError):
    """The submission imports what its kata bans."""


class BanningFinder:
    """A finder, asked before all others, that knows which modules a kata bans.

    A library may import them: only the nearest frame that does not belong to the import system counts.
    """

    def __init__(self, banned: tuple[str, ...]) -> None:
        self._banned = banned

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise `BannedImportError` if the submission asks for a banned module; find nothing."""
        del path, target
        if any(name == banned or name.startswith(f"{banned}.") for banned in self._banned):
            frame = _importer(sys._getframe(1))  # noqa: SLF001 (there is no public way to one's caller)
            if frame is not None and frame.f_code.co_filename == SOLUTION:
                raise BannedImportError(name)
        return None


def _importer(frame: FrameType | None) -> FrameType | None:
    """Return the frame with the import statement."""
    while frame is not None and _is_machinery(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _is_machinery(filename: str) -> bool:
    return filename.startswith("<frozen importlib") or filename.endswith(("importlib/__init__.py", "importlib/util.py"))
