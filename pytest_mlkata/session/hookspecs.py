"""The hooks that this plugin adds to pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # every pytest run on the machine loads this module
    from pytest_mlkata.model import Report


@pytest.hookspec()
def pytest_mlkata_report(report: Report) -> None:
    """Called once at the end of a grading run, in the process that prints, with everything it found."""
