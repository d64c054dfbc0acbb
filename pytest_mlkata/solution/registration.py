"""Makes a submission known to the process that it runs in.

This module is loaded by the worker too: the standard library alone.
"""

from __future__ import annotations

import linecache
import sys
from typing import TYPE_CHECKING

from .banning import BanningFinder
from .counting import SOLUTION

if TYPE_CHECKING:
    import types


class Registration:
    """Lets dataclasses and pickling find the module, tracebacks its source, and refuses the banned imports.

    Parameters
    ----------
    module
        The module of the submission.
    lines
        Its source.
    banned
        Modules that it must not import.
    """

    def __init__(self, module: types.ModuleType, lines: list[str], banned: tuple[str, ...]) -> None:
        self._module = module
        self._lines = [f"{line}\n" for line in lines]
        self._finder = BanningFinder(banned)
        self._displaced: types.ModuleType | None = None

    def enter(self) -> None:
        """Make it known, unless it is."""
        if self._finder not in sys.meta_path:
            self._displaced = sys.modules.get(self._module.__name__)
            sys.modules[self._module.__name__] = self._module
            linecache.cache[SOLUTION] = (len(self._lines), None, self._lines, SOLUTION)
            sys.meta_path.insert(0, self._finder)

    def leave(self) -> None:
        """Undo `enter`, but leave the source for tracebacks that are yet to be shown."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
            if self._displaced is None:
                sys.modules.pop(self._module.__name__, None)
            else:
                sys.modules[self._module.__name__] = self._displaced
