"""What an author has to mend, as every part of the validator reports it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """Something that the author has to mend.

    Attributes
    ----------
    path
        The file or the folder.
    message
        What is wrong there, and the remedy.
    """

    path: Path
    message: str
