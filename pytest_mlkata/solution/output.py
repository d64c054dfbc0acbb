"""What a submission prints, made fit for a report."""

from __future__ import annotations

import re
from typing import Final

MAX_OUTPUT: Final = 65536
# Escape sequences, control characters, and those that turn the direction of writing.
_CONTROL: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|[^\x20-\x7e\n\t\xa0-\U0010ffff]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_BREAKS: Final = str.maketrans("\n\t", "  ")


class Output:
    """What a submission prints: the first part of it."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._cut = False

    def add(self, data: bytes) -> None:
        """Take note of what was printed, as far as there is room."""
        room = MAX_OUTPUT - len(self._data)
        self._data += data[:room]
        self._cut |= len(data) > room

    def take(self) -> str:
        """Return what was printed since the last time, without characters that steer a terminal."""
        text = plain(self._data.decode("utf-8", "replace"))
        if self._cut:
            text += "\n... (the rest of the output is left out)\n"
        self._data.clear()
        self._cut = False
        return text


def plain(text: str) -> str:
    """Return the text without control characters, except tabs and ends of lines."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def line(text: str, most: int) -> str:
    """Return at most so many characters of the text, on one line and without control characters."""
    return plain(text[:most]).translate(_BREAKS)
