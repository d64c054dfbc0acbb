"""Finds kata folders, and picks those a person asks for."""

from __future__ import annotations

import difflib
import importlib.util
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

from pytest_mlkata.errors import KataError, UnknownKataError
from pytest_mlkata.kata.manifest import MANIFEST, ROUNDS, load_kata
from pytest_mlkata.model import Kata

ENTRY_POINT_GROUP = "mlkata.katas"
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Catalog:
    """The katas that can be asked for: names and folders; a manifest is read only when it is needed.

    Attributes
    ----------
    folders
        Name to folder, in the order of names.
    notes
        Sentences about what was found twice.
    """

    folders: dict[str, Path]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selection:
    """The kata folders that were asked for, and what is to be said about them."""

    folders: tuple[Path, ...]
    notes: tuple[str, ...] = field(default=())


def discover(*, given: Iterable[Path] = (), configured: Iterable[Path] = (), root: Path | None = None) -> Catalog:
    """Find every kata; where a name occurs twice the nearer folder wins.

    Parameters
    ----------
    given
        Folders named on the command line: the nearest.
    configured
        Folders named in the ini option ``kata_paths``.
    root
        The root of the user's project, whose ``katas/`` comes next; then installed packages, then the shipped katas.

    Raises
    ------
    KataError
        A folder that was named does not exist, or holds no kata.
    """
    found: dict[str, Path] = {}
    notes: list[str] = []
    for folder in _sources(given, configured, root):
        for kata in _katas_in(folder):
            other = found.setdefault(kata.name, kata)
            if other != kata:
                notes.append(f"kata {kata.name} was found twice: {other} is used, {kata} is not")
    return Catalog(dict(sorted(found.items())), tuple(notes))


def _sources(given: Iterable[Path], configured: Iterable[Path], root: Path | None) -> list[Path]:
    named = [_named(folder, "--kata-path") for folder in given]
    named += [_named(folder, "kata_paths") for folder in configured]
    others = [root / "katas"] if root else []
    others += _installed()
    others += [bundled_folder()]
    return [folder.resolve() for folder in named + others]


def _named(folder: Path, option: str) -> Path:
    """`folder`, if it holds a kata: one that was named by a person must."""
    if not folder.is_dir():
        raise KataError(f"{option}: there is no folder {folder}")
    if not _katas_in(folder):
        raise KataError(f"{option}: no kata in {folder}; a kata is a folder with a {MANIFEST}")
    return folder


def _installed() -> list[Path]:
    """Folders of installed packages that name the entry-point group: ``name = "package.with.katas"``."""
    folders: list[Path] = []
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        spec = importlib.util.find_spec(entry.module)
        if spec is not None:
            folders.extend(map(Path, spec.submodule_search_locations or ()))
    return folders


def bundled_folder() -> Path:
    """Where the shipped katas are: inside the installed package, or beside it in a clone."""
    inside = _PACKAGE / "bundled"
    return inside if inside.is_dir() else _PACKAGE.parent / "katas"


def _katas_in(folder: Path) -> list[Path]:
    if (folder / MANIFEST).is_file():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(child for child in folder.iterdir() if (child / MANIFEST).is_file())


def select(catalog: Catalog, wanted: str) -> Selection:
    """The katas that `wanted` names: names, ``q1`` … ``q12``, a round, a tag or ``all``, separated by commas.

    Raises
    ------
    UnknownKataError
        A word fits nothing; the message offers the nearest.
    """
    words = [word.strip() for word in wanted.split(",") if word.strip()]
    if not words:
        raise UnknownKataError(f"--kata needs the name of a kata: {_some(catalog.folders)}")
    manifests = _Manifests(catalog)
    chosen: dict[Path, None] = {}
    for word in words:
        chosen.update(dict.fromkeys(_pick(catalog, manifests, word)))
    return Selection(tuple(chosen), (*catalog.notes, *manifests.notes))


class _Manifests:
    """Reads every manifest, once, when a word asks for more than a name."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._katas: list[Kata] | None = None
        self.notes: list[str] = []

    def matching(self, fits: Callable[[Kata], bool]) -> list[Path]:
        return [kata.folder for kata in self.all() if fits(kata)]

    def all(self) -> list[Kata]:
        if self._katas is None:
            self._katas = []
            for folder in self._catalog.folders.values():
                try:
                    self._katas.append(load_kata(folder))
                except KataError as error:
                    self.notes.append(f"passed over: {error}")
        return self._katas


def _pick(catalog: Catalog, manifests: _Manifests, word: str) -> list[Path]:
    name = word.lower().replace("-", "_")
    if name in catalog.folders:
        return [catalog.folders[name]]
    if word == "all":
        return list(catalog.folders.values())
    if match := re.fullmatch(r"[qQ](\d+)", word):
        number = int(match[1])
        chosen = manifests.matching(lambda kata: kata.question == number)
    elif word in ROUNDS:
        chosen = manifests.matching(lambda kata: kata.round == word)
    else:
        chosen = manifests.matching(lambda kata: word in kata.tags)
    if not chosen:
        raise UnknownKataError(_unknown(catalog, manifests, word))
    return chosen


def _unknown(catalog: Catalog, manifests: _Manifests, word: str) -> str:
    tags = {tag for kata in manifests.all() for tag in kata.tags}
    questions = {f"q{kata.question}" for kata in manifests.all() if kata.question}
    near = difflib.get_close_matches(word, [*catalog.folders, *ROUNDS, *sorted(tags), *sorted(questions)], n=3)
    advice = f"did you mean {' or '.join(near)}?" if near else f"there are: {_some(catalog.folders)}"
    return f"no kata, question, round or tag is called {word!r}; {advice} (`mlkata list` shows them all)"


def _some(names: Iterable[str], most: int = 8) -> str:
    listed: Sequence[str] = sorted(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more if listed else "none was found"
