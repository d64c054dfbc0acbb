"""Reads TOML that is as plain as a manifest usually is, in a tenth of the time that any TOML takes.

There may be a thousand katas, and each is read for a list or a tag. Plain is a line each of ``name = value`` or
``[table]``, with strings without escapes, whole numbers, ``true`` and ``false``, and lists of strings in one line. All
else, mistakes too, is left to `tomllib`, which alone says what is wrong.
"""

from __future__ import annotations

from typing import Any, Final

_TRUTH: Final = {"true": True, "false": False}
_MOST_DIGITS: Final = 15


def read_plain(text: str) -> dict[str, Any] | None:
    """Return what `tomllib.loads` returns for `text`; None where that is left to `tomllib`."""
    data: dict[str, Any] = {}
    here = data
    for line in text.split("\n"):
        if not line or (line[0] == "#" and line.isprintable()):
            continue
        name, equals, written = line.partition(" = ")
        if equals:
            value = _value(written)
            if value is None or name in here or not _is_name(name):
                return None
            here[name] = value
        else:
            name = line[1:-1]
            if line != f"[{name}]" or name in data or not _is_name(name):
                return None
            here = data[name] = {}
    return data


def _is_name(name: str) -> bool:
    return name.isascii() and name.isidentifier()


def _value(written: str) -> Any:
    """Return what is written; None where it is not plain."""
    if _is_string(written):
        return written[1:-1]
    if written.isascii() and written.isdigit():
        plain = len(written) <= _MOST_DIGITS and (written[0] != "0" or written == "0")
        return int(written) if plain else None
    if written[:1] == "[" and written[-1] == "]":
        items = written[1:-1].split(", ") if written != "[]" else []
        return [item[1:-1] for item in items] if all(map(_is_string, items)) else None
    return _TRUTH.get(written)


def _is_string(written: str) -> bool:
    """Tell whether this is a string in double quotes in which every character stands for itself."""
    quoted = written[:1] == '"' == written[-1:]
    return quoted and written.count('"') == len('""') and "\\" not in written and written.isprintable()
