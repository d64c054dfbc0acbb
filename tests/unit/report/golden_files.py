"""Comparing what is rendered with files that a person has read."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
UPDATE = "MLKATA_UPDATE_GOLDEN"


def assert_golden(name: str, text: str) -> None:
    """Compare with a file of golden/, or write it where the environment says so."""
    path = FOLDER / name
    if os.environ.get(UPDATE):
        path.write_text(text, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.exists() else f"(no file; set {UPDATE}=1 to write it)"
    assert text == expected, f"{path.name} has changed; if that is meant, set {UPDATE}=1, and read the difference"
