"""Keeps how many hints a person was given, in ``.mlkata/hints.json`` beside the solutions.

The record belongs to the solutions as much as the solutions do: it cannot be made again, and whoever takes the folder
elsewhere takes it along. So, other than a cache, it is not hidden from version control.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from pytest_mlkata.errors import HintLogError

FORMAT = 1

_REMEDY = "mend the file, or delete it to count from nothing"


class HintLog:
    """The record of one folder of solutions.

    Parameters
    ----------
    solutions
        The folder of solutions; it need not exist.
    """

    def __init__(self, solutions: Path) -> None:
        self.path = solutions / ".mlkata" / "hints.json"

    def given(self, kata: str) -> dict[str, int]:
        """How many hints on each function of `kata` were given.

        Raises
        ------
        HintLogError
            The record cannot be read.
        """
        counts: dict[str, int] = self._load()["katas"].get(kata, {})
        return counts

    def note(self, kata: str, name: str, number: int) -> None:
        """Note that the hints on `name` were given up to `number`.

        Raises
        ------
        HintLogError
            The record cannot be read or written; it is as it was before.
        """
        document = self._load()
        counts = document["katas"].setdefault(kata, {})
        counts[name] = max(number, counts.get(name, 0))
        document["katas"] = dict(sorted(document["katas"].items()))
        try:
            _replace(self.path, json.dumps(document, indent=2) + "\n")
        except OSError as error:
            raise HintLogError(
                f"{self.path}: what was given cannot be noted: {error.strerror}, so the hint was not given; make this "
                f"file and its folder writable"
            ) from None

    def _load(self) -> dict[str, Any]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return {"format": FORMAT, "katas": {}}
        except UnicodeDecodeError:
            raise self._fault("is not valid UTF-8") from None
        except OSError as error:
            raise HintLogError(f"{self.path}: cannot be read: {error.strerror}; check its permissions") from None
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            raise self._fault(f"is not valid JSON: {error.msg}", error.lineno) from None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, or brackets without end
            raise self._fault(f"is not valid JSON: {error}") from None
        return self._sound(document)

    def _sound(self, document: Any) -> dict[str, Any]:
        """`document`, if it is what `note` writes."""
        found = document.get("format") if isinstance(document, dict) else None
        if type(found) is int and found > FORMAT:
            raise HintLogError(
                f"{self.path}: format {found} is newer than this pytest-mlkata knows ({FORMAT}); update it"
            )
        if type(found) is not int or found != FORMAT or not isinstance(document.get("katas"), dict):
            raise self._fault("is not a record of hints")
        for kata, counts in document["katas"].items():
            if not isinstance(counts, dict) or not all(type(each) is int and each >= 0 for each in counts.values()):
                raise self._fault(f"the hints on {kata} are not counted as {{function: number}}")
        return document  # type: ignore[no-any-return]  # it is a dict by now

    def _fault(self, what: str, line: int | None = None) -> HintLogError:
        where = f"{self.path}, line {line}" if line else str(self.path)
        return HintLogError(f"{where}: {what}; {_REMEDY}")


def _replace(path: Path, text: str) -> None:
    """Write a file so that it is at every moment the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not from tempfile, which makes files that nobody else may read.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
