"""Writes the skeleton of a new kata: a whole one, in which an author replaces one piece after the other."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.discovery import Catalog
from pytest_mlkata.kata.manifest import BANNED_IMPORTS, MANIFEST
from pytest_mlkata.model import ROUNDS

_TAKEN = {
    "hypothesis",
    "numpy",
    "pytest",
    "pytest_mlkata",
    "scipy",
    *(name.partition(".")[0] for name in BANNED_IMPORTS),
}
"""Modules that a solution of that name would hide."""
_WORDS = {"all", *(name.replace("-", "_") for name in ROUNDS)}
"""What `pytest --kata` takes for more than a name."""


@dataclass(frozen=True)
class Wanted:
    """What a new kata is to be.

    Attributes
    ----------
    name
        Its name, and that of its folder and its first function.
    folder
        Where its folder goes.
    question
        The number of the interview question that it belongs to, if any.
    round
        The round of the interview.
    """

    name: str
    folder: Path
    question: int | None = None
    round: str = "ml-coding"

    @property
    def path(self) -> Path:
        """The folder of the kata."""
        return self.folder / self.name


def require_free(name: str, catalog: Catalog) -> None:
    """Refuse a name that a kata cannot have.

    Parameters
    ----------
    name
        The name.
    catalog
        The katas that there are.

    Raises
    ------
    KataError
        The message says why, and what to do.
    """
    plain = re.sub(r"\W+", "_", name.lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        near = f": {plain}, for instance" if re.fullmatch(r"[a-z][a-z0-9_]*", plain) else ""
        raise KataError(f"a kata cannot be called {name!r}; write small letters, digits and underscores{near}")
    if keyword.iskeyword(name):
        raise KataError(f"a kata cannot be called {name!r}, which is a word of Python; choose another name")
    if name in sys.stdlib_module_names or name in _TAKEN:
        raise KataError(
            f"a kata cannot be called {name!r}: solutions/{name}.py would hide a module; choose another name"
        )
    if name in _WORDS or re.fullmatch(r"q\d+", name):
        raise KataError(f"a kata cannot be called {name!r}: `pytest --kata {name}` means more; choose another name")
    if name in catalog.folders:
        raise KataError(f"there is a kata {name} already, in {catalog.folders[name]}; choose another name")


def write_skeleton(wanted: Wanted) -> tuple[Path, ...]:
    """Write the skeleton of a kata, and return its files; nothing is overwritten.

    Raises
    ------
    KataError
        There is something of that name, or it cannot be written where it is to be.
    """
    if (wanted.folder / MANIFEST).exists():
        raise KataError(f"{wanted.folder} is a kata itself, and holds no other; name the folder that it is in")
    made = []
    try:
        wanted.path.mkdir(parents=True)
        for name, text in _skeleton(wanted):
            path = wanted.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            made.append(path)
    except FileExistsError:
        raise KataError(f"{wanted.path} is there already, and is kept as it is; choose another name") from None
    except OSError as error:
        raise KataError(f"{wanted.path} cannot be written: {error.strerror}; check its place and permissions") from None
    return tuple(made)


def _skeleton(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Return the files of the skeleton: their names and what is in them."""
    text = (files("pytest_mlkata.authoring") / "skeleton.txt").read_text("utf-8")
    title = wanted.name.replace("_", " ").capitalize()
    question = "" if wanted.question is None else f"question = {wanted.question}\n"
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        yield name, Template(body).substitute(name=wanted.name, title=title, round=wanted.round, question=question)
