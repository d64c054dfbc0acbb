"""Unpacks the archive of the shipped katas, once, into the user's cache.

A wheel holds them as one file, since every pytest run on the machine lists the files of an installed plugin. The
folder they are unpacked into is named by a hash of the archive, appears whole or not at all, and is looked through at
every start: a file that is missing, changed or too many has it made anew. Only one run at a time makes folders, which
a lock sees to that the system takes back from a run that is killed.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import io
import os
import re
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

import platformdirs

from pytest_mlkata.errors import MlkataError

APPLICATION = "pytest-mlkata"
_UNFINISHED = "unfinished-"
_KEY = re.compile(r"[0-9a-f]{16}")
_BYTECODE = "__pycache__"
_PATIENCE = 20.0
"""Seconds to wait for another run that unpacks; it takes a fraction of one."""
_DAY = 24 * 60 * 60
_UNUSED = 30 * _DAY


def unpacked(archive: Path) -> Path:
    """The folder that holds what is in `archive`: in the user's cache, or for this process alone where that fails.

    Parameters
    ----------
    archive
        A zip file of plain files.

    Raises
    ------
    MlkataError
        The archive is damaged, or there is no place to unpack it to.
    """
    packed = _Packed.read(archive)
    try:
        return _for_everyone(packed)
    except OSError as refused:
        try:
            return _for_this_process(packed)
        except OSError as refused_too:
            raise MlkataError(
                f"the katas cannot be unpacked, neither into the cache ({_said(refused)}) nor into a temporary folder "
                f"({_said(refused_too)}); free some space, or set XDG_CACHE_HOME to a folder that can be written"
            ) from None


def _said(error: OSError) -> str:
    """What the system says, and of which path."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


@dataclass(frozen=True)
class _Packed:
    """An archive in memory.

    Attributes
    ----------
    path
        Where it was read, for messages.
    key
        Names its content.
    files
        What it holds, by name; there are no entries for folders.
    """

    path: Path
    key: str
    files: Mapping[str, zipfile.ZipInfo]
    _zip: zipfile.ZipFile

    @classmethod
    def read(cls, path: Path) -> _Packed:
        """The archive at `path`."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise MlkataError(f"{path}: the katas cannot be read: {error.strerror}; check its permissions") from None
        try:
            opened = zipfile.ZipFile(io.BytesIO(content))
        except Exception as error:  # noqa: BLE001  # damaged bytes raise all sorts
            raise _damaged(path, error) from None
        files = {info.filename: info for info in opened.infolist()}
        for name in files:
            _require_plain(name, path)
        return cls(path, sha256(content).hexdigest()[:16], files, opened)

    def is_in(self, folder: Path) -> bool:
        """Whether `folder` holds all of this and nothing else, but for Python's bytecode."""
        seen = 0
        try:
            for name, entry in _entries(folder):
                info = self.files.get(name)
                if info is None or not entry.is_file(follow_symlinks=False):
                    return False
                content = Path(entry).read_bytes()
                if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
                    return False
                seen += 1
        except OSError:  # it is not there, or not to be read
            return False
        return seen == len(self.files)

    def unpack_into(self, folder: Path) -> None:
        """Make `folder`, for its owner only, with everything in it."""
        inner = {str(parent) for name in self.files for parent in PurePosixPath(name).parents}
        for each in sorted({".", *inner}):
            (folder / each).mkdir(mode=0o700)
        for name, info in self.files.items():
            try:
                content = self._zip.read(info)
            except Exception as error:  # noqa: BLE001  # see above
                raise _damaged(self.path, error) from None
            _write(folder / name, content)


def _damaged(path: Path, error: Exception) -> MlkataError:
    return MlkataError(f"{path}: the archive of the katas is damaged: {error}; install pytest-mlkata again")


def _require_plain(name: str, path: Path) -> None:
    """Refuse a name that could lead out of the folder, however it is read; so does every absolute one."""
    if any(part in ("", ".", "..") for part in name.split("/")) or re.search(r"[\\:\0]", name):
        raise MlkataError(
            f"{path}: the archive of the katas holds {name!r}, which is no path within it; "
            f"install pytest-mlkata again, from a source that you trust"
        )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "wb") as file:
        file.write(content)


def _entries(folder: Path, within: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """What is in `folder`, however deep, with its name as it is in an archive."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield within + entry.name, entry
            elif entry.name != _BYTECODE:
                yield from _entries(Path(entry), f"{within}{entry.name}/")


# In the user's cache


def _for_everyone(packed: _Packed) -> Path:
    """The folder in the user's cache, shared by all runs."""
    where = cache_folder()
    folder = where / packed.key
    # Before the look: whoever clears the cache then leaves it alone, or is done before it is found to be whole.
    _mark_used(folder)
    if packed.is_in(folder):
        return folder
    with _alone_in(where):
        if not packed.is_in(folder):  # else another run was faster
            _clear(where)
            _place(packed, folder)
    return folder


def cache_folder() -> Path:
    """Return the folder in which everything is kept that could be made anew; it need not be there.

    Raises
    ------
    OSError
        This user has none.
    """
    try:
        found = platformdirs.user_cache_path(APPLICATION, appauthor=False)
    except RuntimeError as error:  # nobody knows the home of this user; older versions answer with "~"
        raise FileNotFoundError(errno.ENOENT, str(error)) from None
    if not found.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "not an absolute path", str(found))
    return found


def _mark_used(folder: Path) -> None:
    with suppress(OSError):  # it is not there yet, or the cache cannot be written, and then nothing clears it
        if time.time() - folder.stat().st_mtime > _DAY:
            os.utime(folder)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs from making anything in `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as file:
        _lock(file)
        yield


def _lock(file: IO[bytes]) -> None:
    """Take the lock on `file`, which ends when that is closed, by whatever means."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise TimeoutError(errno.ETIMEDOUT, "another run does not finish unpacking", file.name) from None
            time.sleep(0.01)
        else:
            return


def _clear(where: Path) -> None:
    """Remove what killed runs left behind, and the katas of other versions that were not used for long.

    Nobody is at work on what is unfinished here: that takes the lock, and we have it.
    """
    for path in where.iterdir():
        old = _KEY.fullmatch(path.name) and time.time() - path.lstat().st_mtime > _UNUSED
        if old or path.name.startswith(_UNFINISHED):
            shutil.rmtree(path, ignore_errors=True)


def _place(packed: _Packed, folder: Path) -> None:
    """Put what is packed at `folder`, in the place of whatever is there."""
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    try:
        packed.unpack_into(unfinished / "new")
        if os.path.lexists(folder):
            folder.rename(unfinished / "old")
        (unfinished / "new").rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


# For this process alone


def _for_this_process(packed: _Packed) -> Path:
    """A folder that ends with this process; workers of pytest-xdist are told where it is, and end before it."""
    folder = _temporary_folder() / packed.key
    if not packed.is_in(folder):
        _place(packed, folder)
    return folder


@cache
def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"{APPLICATION}-"))
    atexit.register(_remove_at_exit, folder, os.getpid())
    return folder


def _remove_at_exit(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a process that was forked from it
        shutil.rmtree(folder, ignore_errors=True)
