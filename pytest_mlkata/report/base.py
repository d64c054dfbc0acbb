"""What a format of the report is, and what all of them need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pytest_mlkata.model import Report

# Everything that acts on a terminal or a reader instead of being read: control characters but tab and newline,
# marks that turn the direction of writing, line separators, and halves of surrogate pairs.
_ACTING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LAST_BYTE = 0xFF
_IN_ASCII = str.maketrans(
    {
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "≈": "~",
        "×": "x",  # noqa: RUF001
        "·": "*",
        "−": "-",  # noqa: RUF001
        "–": "-",  # noqa: RUF001
        "—": "-",
        "…": "...",
        "→": "->",
        "‘": "'",  # noqa: RUF001
        "’": "'",  # noqa: RUF001
        "“": '"',
        "”": '"',
    }
)


class Format(Protocol):
    """A module that writes a report down."""

    @property
    def name(self) -> str:
        """What the format is called."""

    @property
    def suffix(self) -> str:
        """The usual ending of its files."""

    def render(self, report: Report) -> str:
        """Write the report in this format."""


def visible(text: str, *, ascii_only: bool = False) -> str:
    r"""Make text that a submission may have had a hand in safe to show.

    Characters that would act instead of being seen are written out as escapes, such as ``\x1b``.

    Parameters
    ----------
    text
        Any string, lone surrogates included.
    ascii_only
        Write out everything that is not ASCII too; the commonest signs as what people type for them.

    Returns
    -------
    str
        Text of printable characters, tabs and newlines that can be encoded as UTF-8, or as ASCII if asked for.
    """
    safe = _ACTING.sub(_escape, text.replace("\r\n", "\n").replace("\r", "\n"))
    return safe.translate(_IN_ASCII).encode("ascii", "backslashreplace").decode("ascii") if ascii_only else safe


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code <= _LAST_BYTE else f"\\u{code:04x}"
