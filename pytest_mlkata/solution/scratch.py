"""A folder that a submission may write to, where its kata gives it one; what is in it is as untrusted as the code."""

from __future__ import annotations

import itertools
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

_LEAST: Final = 4096
"""What a file counts for at least, or a million empty ones would be nothing."""
_MOST_LEVELS: Final = 32
"""Deeper folders count as too much: their paths can be longer than any call to the system takes."""


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
        """Tell whether there is more in it than there may be, or something that nobody can look at."""
        used = 0
        folders = [(str(self.path), 0)]
        while folders:
            folder, level = folders.pop()
            try:
                for entry in _entries(folder):
                    used += _size(entry)
                    if used > self.size or level >= _MOST_LEVELS:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        folders.append((entry.path, level + 1))
            except FileNotFoundError:
                # It may go away meanwhile.
                continue
            except OSError:
                return True
        return False

    def clear(self) -> None:
        """Remove what is in it."""
        empty(self.path)


def remove(folder: Path) -> None:
    """Remove a folder with what is in it, as `empty` does."""
    empty(folder)
    with suppress(OSError):
        folder.rmdir()


def empty(folder: Path) -> None:
    """Remove what is in a folder, however deep it is and whatever its rights are; what resists stays.

    Folders are moved up rather than gone down into: neither does the path become too long then, nor the stack.
    """
    names = itertools.count()
    resisting: set[str] = set()
    while left := [entry for entry in _entries(folder) if entry.name not in resisting]:
        for entry in left:
            try:
                if entry.is_dir(follow_symlinks=False):
                    _dissolve(folder, Path(entry.path), names)
                else:
                    Path(entry.path).unlink()
            except FileNotFoundError:
                continue
            except OSError:
                resisting.add(entry.name)


def _dissolve(top: Path, folder: Path, names: itertools.count[int]) -> None:
    """Move the folders in one folder of another up into that, and remove all else in it."""
    folder.chmod(stat.S_IRWXU)
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            # To be moved, it has to be writable.
            Path(entry.path).chmod(stat.S_IRWXU)
            Path(entry.path).rename(_new_name(top, names))
        else:
            Path(entry.path).unlink()
    folder.rmdir()


def _new_name(folder: Path, names: itertools.count[int]) -> Path:
    return next(path for number in names if not os.path.lexists(path := folder / f"moved-{number}"))


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return max(_LEAST, entry.stat(follow_symlinks=False).st_size)
    except FileNotFoundError:
        return 0
