"""What tests write into a kata's folder."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

SPAN = "def span(x):\n    return max(x) - min(x)\n"
"""The right answer to one function of the kata `ranks`."""


def put(folder: Path, name: str, text: str) -> Path:
    """Write a file of a kata, and return its path."""
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path
