"""Keeps the examples of generated checks: the same ones are generated in every run, which takes most of its time.

One file for each check, kata, seed and version of everything that generates. Its examples are frames of the channel to
a solution (`wire`), so nothing is unpickled; a file that is not whole, or of anything else, is as good as none. It is
written beside its place and then moved there, so that a run that is killed, or two at a time, leave no half of one.
"""

from __future__ import annotations

import dataclasses
import os
import platform
import struct
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import hypothesis
import numpy as np

import pytest_mlkata
from pytest_mlkata.kata.archive import cache_folder
from pytest_mlkata.model import Kata
from pytest_mlkata.solution import wire

MOST_BYTES: Final = 4 * 2**20
"""A check with larger examples has them generated."""
MOST_KEPT: Final = 64 * 2**20
"""What all files may have together; the oldest go."""

_MAGIC: Final = b"mlkata examples 1\n"
_DIGEST: Final = 32
_LENGTH: Final = struct.Struct("<I")
_SUFFIX: Final = ".examples"


class UnfitError(Exception):
    """Examples hold something that cannot be kept as it is."""


def freeze(arguments: Mapping[str, Any]) -> bytes:
    """Return what `thaw` makes equal arguments of.

    Raises
    ------
    UnfitError
        It would not: there is a generator, a function, an array of objects or the like among them.
    """
    objects: list[Any] = [dict(arguments)]
    numbers: dict[int, int] = {}

    def outward(value: Any) -> wire.Reference:
        if not dataclasses.is_dataclass(value) or isinstance(value, type):
            raise UnfitError(f"a {type(value).__name__} cannot be kept")
        if id(value) not in numbers:
            numbers[id(value)] = len(objects)
            objects.append(value)
        return wire.Reference("object", numbers[id(value)])

    frames: list[bytes] = []
    try:
        while len(frames) < len(objects):
            frames.append(b"".join(wire.pack(_plain(objects[len(frames)]), wire.REQUEST, outward)))
    except wire.WireError as error:
        raise UnfitError(str(error)) from None
    frozen = _joined(frames)
    if not _is_same(thaw(frozen), objects[0]):
        raise UnfitError("what is kept differs from what was given")
    return frozen


def thaw(frozen: bytes) -> dict[str, Any]:
    """Return the arguments that were given to `freeze`, made anew.

    Raises
    ------
    UnfitError
        These bytes are no such thing, or a class is no longer there.
    """
    frames = _parted(frozen)
    made: dict[int, Any] = {}

    def inward(reference: wire.Reference) -> Any:
        number = reference.number
        if number not in made:
            made[number] = _remade(*wire.unpack(frames[number], wire.REQUEST, inward))
        return made[number]

    try:
        arguments: dict[str, Any] = wire.unpack(frames[0], wire.REQUEST, inward)
    except (wire.WireError, IndexError, TypeError, RecursionError) as error:
        raise UnfitError(str(error)) from None
    return arguments


def _plain(value: Any) -> Any:
    if type(value) is dict:
        return value
    fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    return type(value).__module__, type(value).__qualname__, fields


def _remade(module: str, name: str, fields: dict[str, Any]) -> Any:
    kind: Any = sys.modules.get(module)
    for part in name.split("."):
        kind = getattr(kind, part, None)
    if not isinstance(kind, type) or not dataclasses.is_dataclass(kind):
        raise wire.WireError(f"there is no {name} in {module}")
    value = object.__new__(kind)
    for field, content in fields.items():
        object.__setattr__(value, field, content)
    return value


def _is_same(value: Any, other: Any) -> bool:
    """Tell whether nobody could tell one from the other."""
    if type(value) is not type(other):
        return False
    if isinstance(value, np.ndarray | np.generic):
        return _looks(value) == _looks(other) and value.tobytes() == other.tobytes()
    if dataclasses.is_dataclass(value):
        value, other = _plain(value), _plain(other)
    if isinstance(value, dict):
        value, other = list(value.items()), list(other.items())
    if isinstance(value, list | tuple):
        return len(value) == len(other) and all(map(_is_same, value, other))
    return repr(value) == repr(other)


def _looks(array: np.ndarray[Any, Any] | np.generic) -> tuple[object, ...]:
    flags = array.flags
    return array.dtype, array.shape, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned


class Recorder:
    """Takes down the arguments of a check, before it can change them.

    Attributes
    ----------
    unfit
        Whether there is one that cannot be kept.
    """

    def __init__(self, fixtures: Iterable[str]) -> None:
        self.unfit = False
        self._fixtures = frozenset(fixtures)
        self._frozen: list[bytes] = []
        self._size = 0

    def take(self, arguments: Mapping[str, Any]) -> None:
        """Take down one example."""
        if self.unfit:
            return
        try:
            frozen = freeze({name: value for name, value in arguments.items() if name not in self._fixtures})
        except UnfitError:
            self.unfit = True
            return
        self._frozen.append(frozen)
        self._size += len(frozen)
        self.unfit = self._size > MOST_BYTES

    def drop(self) -> None:
        """Forget the example that was taken down last."""
        if not self.unfit:
            self._size -= len(self._frozen.pop())

    def taken(self) -> list[bytes]:
        """Return what was taken down."""
        return list(self._frozen)


class ExampleStore:
    """The examples of one kata, drawn with one seed.

    Parameters
    ----------
    kata
        Whose checks they are for.
    seed
        The seed of the run.
    folder
        Where files are kept; by default in the user's cache.
    """

    def __init__(self, kata: Kata, seed: int, folder: Path | None = None) -> None:
        self._folder = folder
        self._has_room = False
        self._key = f"{_versions()} {seed} {kata.name} {_digest(kata)}"

    def load(self, check: str) -> list[bytes] | None:
        """Return the examples of a check, if they are kept; each is for `thaw`."""
        try:
            content = self._path(check).read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + _DIGEST
        body = content[start:]
        if content[:start] != _MAGIC + _sealed(self._key + check, body):
            return None
        return _parted(body)

    def save(self, check: str, examples: list[bytes]) -> None:
        """Keep the examples of a check; where that cannot be, they are generated again."""
        body = _joined(examples)
        with suppress(OSError):
            path = self._path(check)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                try:
                    file.write(_MAGIC + _sealed(self._key + check, body) + body)
                    file.close()
                    Path(file.name).replace(path)
                except BaseException:
                    Path(file.name).unlink()
                    raise
            self._make_room(path.parent)

    def _make_room(self, folder: Path) -> None:
        """Once is enough: what a run writes itself is little."""
        if not self._has_room:
            self._has_room = True
            _make_room(folder, MOST_KEPT)

    def _path(self, check: str) -> Path:
        folder = self._folder or cache_folder() / "examples"
        return folder / f"{blake2b((self._key + check).encode(), digest_size=16).hexdigest()}{_SUFFIX}"


def _joined(pieces: Iterable[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(piece)) + piece for piece in pieces)


def _parted(joined: bytes) -> list[bytes]:
    pieces, start = [], 0
    while start < len(joined):
        end = start + _LENGTH.size
        if end > len(joined):
            raise UnfitError("examples end in the middle")
        end += _LENGTH.unpack_from(joined, start)[0]
        pieces.append(joined[start + _LENGTH.size : end])
        start = end
    return pieces


def _sealed(key: str, body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST, person=blake2b(key.encode(), digest_size=16).digest()).digest()


def _make_room(folder: Path, most: int) -> None:
    """Remove the files that were written first, if all together have more than so many bytes."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # another run is at it
                found.append((entry.stat(), entry.path))
    total = sum(stat.st_size for stat, _ in found)
    for stat, path in sorted(found, key=lambda each: each[0].st_mtime_ns):
        if total <= most:
            break
        Path(path).unlink(missing_ok=True)
        total -= stat.st_size


def _digest(kata: Kata) -> str:
    """Return what changes with any file that decides on the examples of a kata."""
    folders = {kata.hidden, kata.checks}
    files = {path for folder in folders for path in folder.rglob("*.py") if not {"right", "wrong"} & set(path.parts)}
    return _hash_of((kata.folder / "kata.toml", *sorted(files)), kata.folder.parent)


@cache
def _versions() -> str:
    """Return what changes with any program that decides on them."""
    package = Path(pytest_mlkata.__file__).parent
    # All of it: how many examples there are is decided in one module, how they are written in others.
    own = _hash_of(sorted(package.rglob("*.py")), package)
    numbers = (sys.version_info[:3], np.__version__, hypothesis.__version__, platform.machine(), sys.byteorder)
    return f"{numbers} {own}"


def _hash_of(files: Iterable[Path], root: Path) -> str:
    found = blake2b(digest_size=16)
    for file in files:
        content = file.read_bytes()
        found.update(f"{file.relative_to(root).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()
