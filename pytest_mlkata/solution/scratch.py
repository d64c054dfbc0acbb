"""A folder that a submission may write to, where its kata gives it one; what is in it is as untrusted as the code."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_LEAST: Final = 4096
"""What a file counts for at least, or a million empty ones would be nothing."""
_MOST_LEVELS: Final = 32
"""Folders nested deeper count as too much: a path to them can be longer than any call to the system takes."""
_LONG: Final = 2000
"""Characters of a path; a name may have 255 more, and the kernel takes 4095."""


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
        """Tell whether there is more in it than there may be, or what nobody should have to look at."""
        used, folders = 0, [(str(self.path), 0)]
        while folders and used <= self.size:
            folder, level = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            folders.append((entry.path, level + 1))
                        used += _size(entry)
            except FileNotFoundError:
                # It can go away meanwhile.
                continue
            except OSError:
                # It is kept from reading.
                return True
            if level >= _MOST_LEVELS:
                return True
        return used > self.size

    def clear(self) -> None:
        """Remove what is in it."""
        folders = [str(self.path)]
        for folder in folders:
            for entry in _entries(folder):
                # A process that is about to end may still change it.
                with suppress(OSError):
                    if not entry.is_dir(follow_symlinks=False):
                        Path(entry.path).unlink()
                    elif len(entry.path) < _LONG:
                        folders.append(entry.path)
                    else:
                        folders.append(_lift(entry.path, f"{self.path}-{len(folders)}"))
        for folder in reversed(folders[1:]):
            with suppress(OSError):
                Path(folder).rmdir()

    def remove(self) -> None:
        """Remove it, with what is in it."""
        self.clear()
        with suppress(OSError):
            self.path.rmdir()


def _size(entry: os.DirEntry[str]) -> int:
    """Return what an entry counts for; one that is gone must not keep the others from being counted."""
    try:
        return max(_LEAST, entry.stat(follow_symlinks=False).st_size)
    except FileNotFoundError:
        return 0


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with suppress(OSError):
        Path(folder).chmod(0o700)
        with os.scandir(folder) as entries:
            return list(entries)
    return []


def _lift(folder: str, to: str) -> str:
    """Move a folder beside the scratch: what is nested in it may be deeper than a path can tell."""
    # It can be made so that nobody may move it.
    Path(folder).chmod(0o700)
    Path(folder).rename(to)
    return to
