"""Reads and validates ``kata.toml``, the declaration of a kata."""

from __future__ import annotations

import difflib
import re
import reprlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.plain import read_plain
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import MINIMAL_CHANGE, ROUNDS, Guards, Kata, Limits

MANIFEST = "kata.toml"
_OF_FAULTS = Path(__file__).parents[1] / "checks" / "common" / f"test_{MINIMAL_CHANGE}.py"
"""The checks that every kata with a faulty program has."""
FORMAT = 1
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
MAX_QUESTION = 12
_MAX_MINUTES = 600
_MAX_SECONDS = 3600
_LEAST_MEMORY = 512
_MOST_MEMORY = 65536
_MOST_SCRATCH = 4096
_MOST_FAULTS = 20
_TAG = re.compile(r"[\w.+-]+")


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and len(value.strip().splitlines()) == 1


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_tags(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and _TAG.fullmatch(item) for item in value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isidentifier()


def _is_modules(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and _is_module(item) for item in value)


def _is_top_modules(value: Any) -> bool:
    return _is_modules(value) and all("." not in name for name in value)


def _is_module(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _is_seconds(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < value <= _MAX_SECONDS


# Field -> what it must be, in words and as a test.
_FIELDS: Mapping[str, tuple[str, Rule]] = {
    "format": (f"the number {FORMAT}", lambda value: _is_whole(value) and value == FORMAT),
    "title": ("a line of text", _is_line),
    "question": (
        f"a whole number from 1 to {MAX_QUESTION}",
        lambda value: _is_whole(value) and 1 <= value <= MAX_QUESTION,
    ),
    "round": (f"one of {', '.join(ROUNDS)}", lambda value: value in ROUNDS),
    "minutes": (
        f"a whole number from 1 to {_MAX_MINUTES}",
        lambda value: _is_whole(value) and 1 <= value <= _MAX_MINUTES,
    ),
    "tags": ("a list of words, without spaces or commas", _is_tags),
    "checks_of": ("the name of a kata in the same folder", _is_name),
    "faults": (
        f"a whole number from 1 to {_MOST_FAULTS}",
        lambda value: _is_whole(value) and 1 <= value <= _MOST_FAULTS,
    ),
    "requires": ("a list of modules, without dots", _is_top_modules),
    "ban": ("a list of module names", _is_modules),
    "allow": ("a list of module names", _is_modules),
    "limits": ("a table", lambda value: isinstance(value, dict)),
    "guards": ("a table", lambda value: isinstance(value, dict)),
}
_REQUIRED = ("format", "title", "round", "minutes")
_SECONDS: tuple[str, Rule] = (f"a number of seconds above 0, at most {_MAX_SECONDS}", _is_seconds)
_LIMITS: Mapping[str, tuple[str, Rule]] = {
    "call_seconds": _SECONDS,
    "total_seconds": _SECONDS,
    "memory_mb": (
        f"a whole number of MB from {_LEAST_MEMORY} to {_MOST_MEMORY}",
        lambda value: _is_whole(value) and _LEAST_MEMORY <= value <= _MOST_MEMORY,
    ),
    "scratch_mb": (
        f"a whole number of MB from 0 to {_MOST_SCRATCH}",
        lambda value: _is_whole(value) and 0 <= value <= _MOST_SCRATCH,
    ),
    "threads": ("true or false", lambda value: isinstance(value, bool)),
}
_GUARDS: Mapping[str, tuple[str, Rule]] = {
    field.name: ("a list of functions of the stub", _is_modules) for field in fields(Guards)
}


def load_kata(folder: Path) -> Kata:
    """Read the kata in `folder`, and see that it is whole.

    Parameters
    ----------
    folder
        As of `read_manifest`.

    Raises
    ------
    KataError
        As of `read_manifest`, or a file that every kata has is missing.
    """
    kata = read_manifest(folder)
    _require_files(kata)
    _require_declared(kata)
    return kata


def read_manifest(folder: Path) -> Kata:
    """Read what the manifest in `folder` says, and nothing else: enough to list or choose among a thousand katas.

    Parameters
    ----------
    folder
        The kata's folder; its name is the kata's name.

    Raises
    ------
    KataError
        ``kata.toml`` cannot be read or a field is wrong. The message names the file, the line where there is one,
        and what to do.
    """
    path = folder / MANIFEST
    text = _read(path)
    data = _parse(path, text)
    _require_format(data, path, text)
    _validate(data, _FIELDS, path, text)
    _validate(data.get("limits", {}), _LIMITS, path, text, table="limits.")
    _validate(data.get("guards", {}), _GUARDS, path, text, table="guards.")
    for name in _REQUIRED:
        if name not in data:
            raise KataError(f"{path}: the field `{name}` is missing; add `{name} = …` ({_FIELDS[name][0]})")
    return _build(folder, data)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise KataError(f"{path}: there is no such file; a kata is a folder with a {MANIFEST}") from None
    except UnicodeDecodeError:
        raise KataError(f"{path}: is not valid UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise KataError(f"{path}: cannot be read: {error.strerror}; check its permissions") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    plain = read_plain(text)
    if plain is not None:
        return plain
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+), ", place)
        where = f"{path}, line {line[1]}" if line else f"{path}, at its end"
        raise KataError(f"{where}: not valid TOML: {what}; mend it there or just above") from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or brackets without end
        raise KataError(f"{path}: not valid TOML: {error}; a {MANIFEST} holds a few short fields") from None


def _require_format(data: Mapping[str, Any], path: Path, text: str) -> None:
    """Refuse a later format first: the fields that it brings would look like mistakes."""
    found = data.get("format", FORMAT)
    if _is_whole(found) and found > FORMAT:
        where = f"{path}{_line_of('format', text)}"
        raise KataError(f"{where}: format {found} is newer than this pytest-mlkata knows ({FORMAT}); update it")


def _validate(
    data: Mapping[str, Any], allowed: Mapping[str, tuple[str, Rule]], path: Path, text: str, *, table: str = ""
) -> None:
    for name, value in data.items():
        if name in allowed and allowed[name][1](value):
            continue
        where = f"{path}{_line_of(name, text)}"
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            known = f"known fields: {', '.join(table + each for each in allowed)}"
            advice = f"did you mean `{table}{near[0]}`?" if near else known
            raise KataError(f"{where}: unknown field `{table}{name}`; {advice}")
        near = difflib.get_close_matches(value.lower(), ROUNDS, n=1) if name == "round" and _is_line(value) else []
        advice = f"; did you mean {near[0]!r}?" if near else ""
        raise KataError(f"{where}: `{table}{name}` must be {allowed[name][0]}, not {reprlib.repr(value)}{advice}")


def _line_of(name: str, text: str) -> str:
    """Where `name` is set, as ``", line N"``: the TOML reader keeps no positions."""
    word = rf"(?<![\w-])[\"']?{re.escape(name)}[\"']?"
    lines = text.splitlines()
    # At the head of a line, as a key or a table; else wherever a key can be: `limits.name = 1`, `{ name = 1 }`.
    for pattern in (rf"\s*(\[+\s*)?{word}\s*[=\].]", rf"[^#]*{word}\s*[=\].]"):
        for number, line in enumerate(lines, 1):
            if re.match(pattern, line):
                return f", line {number}"
    return ""


def _build(folder: Path, data: Mapping[str, Any]) -> Kata:
    return Kata(
        name=folder.name,
        folder=folder,
        title=data["title"],
        question=data.get("question"),
        round=data["round"],
        minutes=data["minutes"],
        tags=tuple(data.get("tags", ())),
        requires=tuple(data.get("requires", ())),
        banned_imports=_banned(data.get("ban", ()), data.get("allow", ())),
        limits=Limits(**data.get("limits", {})),
        guards=Guards(**{name: tuple(value) for name, value in data.get("guards", {}).items()}),
        checks_of=data.get("checks_of", ""),
        faults=data.get("faults", 0),
    )


def _banned(more: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    if not more and not allowed:
        return BANNED_IMPORTS
    return tuple(sorted({*BANNED_IMPORTS, *more}.difference(allowed)))


def _require_files(kata: Kata) -> None:
    for path, remedy in (
        (kata.stub, "a kata has a stub with the signatures a learner starts from"),
        (kata.spec, "a kata has a spec that states the question"),
        (kata.reference, "a kata has a reference that answers it"),
    ):
        if not path.is_file():
            raise KataError(f"{path}: there is no such file; {remedy}")
    if kata.checks_of and not kata.checks.is_dir():
        path = kata.folder / MANIFEST
        where = f"{path}{_line_of('checks_of', _read(path))}"
        raise KataError(f"{where}: `checks_of` names {kata.checks_of!r}, but {kata.folder.parent} has no such kata")
    if not any(kata.checks.glob("test_*.py")):
        raise KataError(f"{kata.checks}: there is no test_*.py; a kata has checks, one file a category")


def _require_declared(kata: Kata) -> None:
    """A guard that is taken off a function must name one: a slip would go unnoticed."""
    named = {name: getattr(kata.guards, name) for name in _GUARDS}
    if not any(named.values()):
        return
    path = kata.folder / MANIFEST
    text = _read(path)
    declared = {function.name: function.kind for function in read_stub(kata.stub)}
    for field, functions in named.items():
        where = f"{path}{_line_of(field, text)}: `guards.{field}` names"
        for function in functions:
            owner, _, method = function.partition(".")
            if owner not in declared:
                near = difflib.get_close_matches(owner, declared, n=1)
                advice = f"did you mean `{near[0]}`?" if near else f"it declares: {', '.join(declared)}"
                raise KataError(f"{where} `{function}`, which the stub does not declare; {advice}")
            if method and declared[owner] != "class":
                raise KataError(f"{where} `{function}`, but `{owner}` is no class; name the function alone")
            if method and field == "may_vary":
                raise KataError(f"{where} `{function}`, but methods are never called twice; leave it out")


def lacks(kata: Kata) -> str:
    """Say what a kata needs that this Python does not have, and how to get it; nothing where it has all of it."""
    missing = [name for name in kata.requires if not _is_installed(name)]
    return f"needs {', '.join(missing)}; `pip install {' '.join(missing)}`" if missing else ""


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # a module that runs, such as __main__, and was not imported
        return False


def check_files(kata: Kata) -> list[Path]:
    """The check files of `kata`, one a category."""
    return sorted(kata.checks.glob("test_*.py")) + ([_OF_FAULTS] if kata.faults else [])
