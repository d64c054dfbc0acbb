"""What a kata's folder is to a plain run."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


class KataFolder(pytest.Directory):
    """A kata's folder in a plain run, in which it has no tests."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Nothing."""
        return ()
