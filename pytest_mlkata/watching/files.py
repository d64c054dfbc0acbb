"""What is on the disk: the solution and the kata as they are now, and a process that says when to look again."""

from __future__ import annotations

import importlib.util
import os
import signal
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from pytest_mlkata.errors import MlkataError

_BYTECODE = "__pycache__"
_STEP = 50
"""Milliseconds without a change after which a save is over; editors write, rename and set rights in a row."""
_LONGEST = 1000
"""Milliseconds of changes without a pause after which to look all the same."""

Stamp = tuple[str, int, int, int]
"""A file and what changes with every save: its time, its size, and its number where another took its place."""


@dataclass(frozen=True)
class Sight:
    """What there was at one moment."""

    solution: Stamp | None
    kata: tuple[Stamp, ...]


@dataclass(frozen=True)
class Watched:
    """What is looked at.

    Attributes
    ----------
    solution
        The file that is to be graded; it need not exist.
    kata
        The folder of the kata.
    """

    solution: Path
    kata: Path

    def look(self) -> Sight:
        """Return what there is now."""
        found = (_stamp(Path(folder, name)) for folder, _, names in self._walk() for name in names)
        return Sight(_stamp(self.solution), tuple(sorted(stamp for stamp in found if stamp)))

    def folders(self) -> tuple[Path, ...]:
        """Return the folders in which something can happen; one that is missing can come into being in another."""
        home = next(folder for folder in self.solution.absolute().parents if folder.is_dir())
        return (home, *(Path(folder) for folder, _, _ in self._walk()))

    def _walk(self) -> Iterator[tuple[str, list[str], list[str]]]:
        for folder, below, names in os.walk(self.kata):
            below[:] = sorted(name for name in below if name != _BYTECODE)
            yield folder, below, names


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    if stat.S_ISDIR(found.st_mode):  # it changes with every file in it
        return str(path), 0, 0, found.st_ino
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


def require_watchfiles() -> None:
    """Refuse to begin without the package that sees changes.

    Raises
    ------
    MlkataError
        It is not installed; the message says how to get it.
    """
    if importlib.util.find_spec("watchfiles") is None:
        raise MlkataError("mlkata watch needs the package watchfiles: pip install 'pytest-mlkata[watch]'")


class Notifier:
    """A process that sees changes in folders, though not in folders below them.

    In a process of its own, since the threads that see them would be in the way of forking.

    Parameters
    ----------
    folders
        Folders that exist.

    Attributes
    ----------
    is_over
        Whether it has nothing more to say: the system does not let it see.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders
        self.is_over = False
        self._fd, theirs = os.pipe()
        os.set_blocking(self._fd, False)
        judge = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._fd)
            _notify(theirs, folders, judge)
        os.close(theirs)

    def fileno(self) -> int:
        """What becomes readable when something has changed."""
        return self._fd

    def take(self) -> None:
        """Take what it has said."""
        try:
            self.is_over = not os.read(self._fd, 4096)
        except BlockingIOError:
            return  # nothing, after all

    def close(self) -> None:
        """End the process."""
        os.close(self._fd)
        os.kill(self._pid, signal.SIGKILL)  # it holds nothing
        os.waitpid(self._pid, 0)


class _Gone:
    """Tells whether the process is gone for which changes are seen, the way that an event does."""

    def __init__(self, judge: int) -> None:
        self._judge = judge

    def is_set(self) -> bool:
        return os.getppid() != self._judge


def _notify(fd: int, folders: Sequence[Path], judge: int) -> NoReturn:
    try:
        os.setsid()  # Ctrl-C is for the process that this one was forked from
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        from watchfiles import watch  # noqa: PLC0415  # it is an extra

        for _ in watch(
            *folders, watch_filter=None, debounce=_LONGEST, step=_STEP, stop_event=_Gone(judge), recursive=False
        ):
            os.write(fd, b".")
    except OSError:
        os._exit(1)  # too many are watched already, or a folder is gone: whoever reads sees the end of it
    finally:
        os._exit(0)
