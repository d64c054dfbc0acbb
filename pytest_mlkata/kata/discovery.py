"""Finds kata folders, and picks those a person asks for."""

from __future__ import annotations

import difflib
import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from pytest_mlkata.errors import KataError, UnknownKataError
from pytest_mlkata.kata.archive import unpacked
from pytest_mlkata.kata.manifest import MANIFEST, read_manifest
from pytest_mlkata.model import ROUNDS, Kata

ENTRY_POINT_GROUP = "mlkata.katas"
_QUESTION = re.compile(r"[qQ]([0-9]{1,3})")
_LONGEST = 80
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Catalog:
    """The katas that can be asked for: names and folders; a manifest is read only when it is needed.

    Attributes
    ----------
    folders
        Name to folder, in the order of names.
    twice
        Name to a sentence on the other folders of that name, which are not used.
    notes
        Sentences on where no katas could be found.
    """

    folders: Mapping[str, Path]
    twice: Mapping[str, str] = field(default_factory=dict)
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
    MlkataError
        The shipped katas cannot be unpacked.
    """
    installed, notes = _installed()
    katas = [kata for folder in given for kata in _named(folder, "--kata-path")]
    katas += [kata for folder in configured for kata in _named(folder, "kata_paths")]
    katas += _katas_in(root / "katas") if root else []
    katas += installed + _katas_in(bundled_folder())
    found: dict[str, list[Path]] = {}
    for kata in katas:
        found.setdefault(kata.name, []).append(kata)
    return Catalog(
        folders={name: found[name][0] for name in sorted(found)},
        twice={name: said for name, same in found.items() if len(same) > 1 and (said := _twice(name, same))},
        notes=notes,
    )


def _twice(name: str, katas: Sequence[Path]) -> str:
    """What to say of a kata found in several places; nothing where they are one and the same."""
    used = katas[0]
    unused = dict.fromkeys(str(kata) for kata in katas if kata.resolve() != used.resolve())
    if not unused:
        return ""
    return f"kata {name} was found more than once: {used} is used, {' and '.join(unused)} not"


def _named(folder: Path, option: str) -> list[Path]:
    """The katas in `folder`: one that was named by a person must hold some."""
    if not _is(Path.is_dir, folder):
        found = "is not a folder" if _is(Path.exists, folder) else "does not exist"
        raise KataError(f"{option}: {folder} {found}; name a folder that holds kata folders")
    katas = _katas_in(folder)
    if not katas:
        raise KataError(f"{option}: no kata in {folder}; a kata is a folder with a {MANIFEST}")
    return katas


def _installed() -> tuple[list[Path], tuple[str, ...]]:
    """The katas of installed packages that name the entry-point group: ``name = "package.with.katas"``."""
    katas: list[Path] = []
    notes = []
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            found = [kata for location in _locations(entry) for kata in _katas_in(location)]
        except Exception as error:  # noqa: BLE001  # finding a package runs the ones around it
            notes.append(f"{_said_by(entry)} cannot be found: {type(error).__name__}: {error}")
            continue
        if not found:
            notes.append(f"{_said_by(entry)} holds no kata; a kata is a folder with a {MANIFEST}")
        katas += found
    return katas, tuple(notes)


def _locations(entry: EntryPoint) -> list[Path]:
    spec = importlib.util.find_spec(entry.module)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {entry.module!r}")
    return [Path(location) for location in spec.submodule_search_locations or ()]


def _said_by(entry: EntryPoint) -> str:
    distribution = entry.dist.name if entry.dist is not None else "a package"
    return f"{distribution} says that there are katas in {entry.value} (entry point {entry.name!r}), which"


def bundled_folder() -> Path:
    """Where the shipped katas are: unpacked from the archive in an installed package, or beside it in a clone.

    Raises
    ------
    MlkataError
        They cannot be unpacked.
    """
    archive = _PACKAGE / "katas.zip"
    return unpacked(archive) if archive.is_file() else _PACKAGE.parent / "katas"


def _katas_in(folder: Path) -> list[Path]:
    """The kata that `folder` is, or the katas in it; what may not be entered holds none.

    There may be a thousand: each costs one look, and no more than a name until it is found to be a kata.
    """
    folder = folder.resolve()
    if _is_kata(str(folder)):
        return [folder]
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _is_kata(entry.path))
    except OSError:
        return []
    return [folder / name for name in names]


def _is_kata(folder: str) -> bool:
    return os.path.isfile(f"{folder}/{MANIFEST}")  # noqa: PTH113  # a Path takes three times as long


def _is(test: Callable[[Path], bool], path: Path) -> bool:
    try:
        return test(path)
    except OSError:  # a folder on the way may not be entered, or the name is too long
        return False


def select(catalog: Catalog, wanted: str) -> Selection:
    """The katas that `wanted` names: names, ``q1`` … ``q12``, a round, a tag or ``all``, separated by commas.

    Raises
    ------
    UnknownKataError
        A word fits nothing; the message offers the nearest.
    """
    words = [word.strip() for word in wanted.split(",") if word.strip()]
    if not words:
        raise UnknownKataError(f"no kata is named; there are: {_some(catalog.folders)} (`mlkata list` shows them all)")
    manifests = _Manifests(catalog)
    chosen: dict[Path, None] = {}
    for word in words:
        chosen.update(dict.fromkeys(_pick(catalog, manifests, word)))
    twice = [said for name, said in sorted(catalog.twice.items()) if catalog.folders[name] in chosen]
    return Selection(tuple(chosen), (*twice, *catalog.notes, *manifests.notes))


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
                    self._katas.append(read_manifest(folder))
                except KataError as error:
                    self.notes.append(f"passed over: {error}")
        return self._katas


def _pick(catalog: Catalog, manifests: _Manifests, word: str) -> list[Path]:
    """The katas of one word: a name is looked for before all else."""
    if word in catalog.folders:
        return [catalog.folders[word]]
    plain = {_plain(name): folder for name, folder in catalog.folders.items()}
    if _plain(word) in plain:
        return [plain[_plain(word)]]
    if word.lower() == "all":
        chosen = list(catalog.folders.values())
    elif match := _QUESTION.fullmatch(word):
        number = int(match[1])
        chosen = manifests.matching(lambda kata: kata.question == number)
    elif word.lower() in ROUNDS:
        chosen = manifests.matching(lambda kata: kata.round == word.lower())
    else:
        chosen = manifests.matching(lambda kata: word.lower() in map(str.lower, kata.tags))
    if not chosen:
        raise UnknownKataError(_unknown(catalog, manifests, word))
    return chosen


def _plain(name: str) -> str:
    """`name` as people may write it: in any case, with dashes for underscores."""
    return name.lower().replace("-", "_")


def _unknown(catalog: Catalog, manifests: _Manifests, word: str) -> str:
    katas = manifests.all()
    questions = {f"q{kata.question}" for kata in katas if kata.question}
    words = {kata.round for kata in katas}.union(*(kata.tags for kata in katas)).difference(catalog.folders)
    known = [*catalog.folders, *sorted(words)]
    near = difflib.get_close_matches(_plain(word), known, n=3)
    near += [each for each in known if _plain(word) in _plain(each) and each not in near]
    advice = f"did you mean {' or '.join(near[:3])}?" if near else f"there are: {_some(catalog.folders)}"
    if _QUESTION.fullmatch(word):
        advice = f"there are: {_some(questions)}"
    shown = word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"
    return f"no kata, question, round or tag is called {shown!r}; {advice} (`mlkata list` shows them all)"


def _some(names: Iterable[str], most: int = 8) -> str:
    listed: Sequence[str] = sorted(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more if listed else "none"
