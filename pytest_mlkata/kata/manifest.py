"""Reads and validates ``kata.toml``, the declaration of a kata."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pytest_mlkata.errors import KataError
from pytest_mlkata.model import Kata, Limits

MANIFEST = "kata.toml"
FORMAT = 1
ROUNDS = ("coding-algorithms", "ml-coding", "ml-concepts", "ml-system-design", "applied-ml", "behavioural")
BANNED_IMPORTS = (
    "faiss",
    "implicit",
    "jax",
    "scipy.optimize",
    "scipy.stats",
    "sklearn",
    "statsmodels",
    "tensorflow",
    "torch",
)
"""What would hand over the answer of most katas; a kata adds to it (`ban`) or takes from it (`allow`)."""

Rule = Callable[[Any], bool]
_MAX_QUESTION = 12
_MAX_MINUTES = 600


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


# Field -> what it must be, in words and as a test.
_FIELDS: Mapping[str, tuple[str, Rule]] = {
    "format": (f"the number {FORMAT}", lambda value: _is_whole(value) and value == FORMAT),
    "title": ("a non-empty string", _is_text),
    "question": (
        f"a whole number from 1 to {_MAX_QUESTION}",
        lambda value: _is_whole(value) and 1 <= value <= _MAX_QUESTION,
    ),
    "round": (f"one of {', '.join(ROUNDS)}", lambda value: value in ROUNDS),
    "minutes": (
        f"a whole number from 1 to {_MAX_MINUTES}",
        lambda value: _is_whole(value) and 1 <= value <= _MAX_MINUTES,
    ),
    "tags": ("a list of strings", _is_texts),
    "requires": ("a list of module names", _is_texts),
    "ban": ("a list of module names", _is_texts),
    "allow": ("a list of module names", _is_texts),
    "limits": ("a table", lambda value: isinstance(value, dict)),
}
_REQUIRED = ("format", "title", "round", "minutes")
_LIMITS: Mapping[str, tuple[str, Rule]] = {
    field.name: ("a number of seconds above 0", _is_seconds) for field in fields(Limits)
}


def load_kata(folder: Path) -> Kata:
    """Read the kata in `folder`.

    Parameters
    ----------
    folder
        The kata's folder; its name is the kata's name.

    Raises
    ------
    KataError
        ``kata.toml`` cannot be read or a field is wrong, or a file that every kata has is missing. The message
        names the file, the line where there is one, and what to do.
    """
    path = folder / MANIFEST
    text = _read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KataError(f"{path}: not valid TOML: {error}") from None
    _validate(data, _FIELDS, path, text)
    _validate(data.get("limits", {}), _LIMITS, path, text)
    for name in _REQUIRED:
        if name not in data:
            raise KataError(f"{path}: the field `{name}` is missing; add `{name} = …` ({_FIELDS[name][0]})")
    kata = _build(folder, data)
    _require_files(kata)
    return kata


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KataError(f"{path}: there is no such file; a kata is a folder with a {MANIFEST}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KataError(f"{path}: cannot be read: {error}") from None


def _validate(data: Mapping[str, Any], allowed: Mapping[str, tuple[str, Rule]], path: Path, text: str) -> None:
    for name, value in data.items():
        where = f"{path}{_line_of(name, text)}"
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            advice = f"did you mean `{near[0]}`?" if near else f"known fields: {', '.join(allowed)}"
            raise KataError(f"{where}: unknown field `{name}`; {advice}")
        words, rule = allowed[name]
        if not rule(value):
            raise KataError(f"{where}: `{name}` must be {words}, not {value!r}")


def _line_of(name: str, text: str) -> str:
    """Where `name` is set, as ``", line N"``: the TOML reader keeps no positions."""
    pattern = re.compile(rf"\s*(\[\s*)?[\"']?{re.escape(name)}[\"']?\s*(=|\])")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return f", line {number}"
    return ""


def _build(folder: Path, data: Mapping[str, Any]) -> Kata:
    banned = (set(BANNED_IMPORTS) | set(data.get("ban", ()))) - set(data.get("allow", ()))
    return Kata(
        name=folder.name,
        folder=folder,
        title=data["title"],
        question=data.get("question"),
        round=data["round"],
        minutes=data["minutes"],
        tags=tuple(data.get("tags", ())),
        requires=tuple(data.get("requires", ())),
        banned_imports=tuple(sorted(banned)),
        limits=Limits(**{name: float(value) for name, value in data.get("limits", {}).items()}),
    )


def _require_files(kata: Kata) -> None:
    for path, remedy in (
        (kata.stub, "a kata has a stub with the signatures a learner starts from"),
        (kata.spec, "a kata has a spec that states the question"),
        (kata.reference, "a kata has a reference that answers it"),
    ):
        if not path.is_file():
            raise KataError(f"{path}: there is no such file; {remedy}")
    if not check_files(kata):
        raise KataError(f"{kata.hidden}: there is no test_*.py; a kata has checks, one file a category")


def check_files(kata: Kata) -> list[Path]:
    """The check files of `kata`, one a category."""
    return sorted(kata.hidden.glob("test_*.py"))
