"""A folder that a submission may write to, where its kata gives it one; what is in it is as untrusted as the code."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

_LEAST: Final = 4096
"""What a file counts for at least, or a million empty ones would be nothing."""


class Scratch:
    """The folder of one grading.

    Parameters
    ----------
    folder
        Where it is; made if need be.
    size
        Bytes that everything in it may have together.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.path = folder
        self.size = size
        folder.mkdir(parents=True, exist_ok=True)

    def is_full(self) -> bool:
        """Tell whether there is more in it than there may be."""
        return self._used(self.path, self.size) > self.size

    def clear(self) -> None:
        """Remove what is in it."""
        for entry in list(os.scandir(self.path)):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    Path(entry.path).unlink()

    def _used(self, folder: Path, most: int) -> int:
        used = 0
        # What it holds can change or go away meanwhile.
        with suppress(OSError):
            for entry in os.scandir(folder):
                if entry.is_dir(follow_symlinks=False):
                    used += _LEAST + self._used(Path(entry.path), most - used)
                else:
                    used += max(_LEAST, entry.stat(follow_symlinks=False).st_size)
                if used > most:
                    break
        return used
