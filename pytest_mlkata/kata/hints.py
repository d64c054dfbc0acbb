"""Reads ``hints.md``, the staged hints of a kata.

The file is Markdown: a section ``## function`` for each function of the stub, and one with the kata's own name for
hints on the whole; in each, stages of ``### title`` and text, which are given one at a time.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import HintCount

HINTS = "hints.md"

_TITLE = re.compile(r" {0,3}(#{1,3})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*")
_GLUED = re.compile(r" {0,3}(#{2,3})[^#\s].*")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,}).*")
_SECTION, _STAGE = 2, 3
"""Levels of titles."""


@dataclass(frozen=True)
class Stage:
    """One hint."""

    title: str
    text: str
    """Markdown."""


@dataclass(frozen=True)
class Section:
    """The hints on one function, or on the kata as a whole, from the vaguest to the plainest."""

    name: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Hints:
    """Everything that can be given away about a kata.

    Attributes
    ----------
    kata
        The name of the kata; a section of that name is about the whole.
    functions
        The names that the stub declares; none where there are no hints.
    sections
        What there are hints on, in the order of the file.
    """

    kata: str
    functions: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def total(self) -> int:
        """How many hints there are."""
        return sum(len(section.stages) for section in self.sections)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The functions that there are no hints on."""
        return tuple(name for name in self.functions if self.on(name) is None)

    def count(self, given: Mapping[str, int]) -> HintCount:
        """Count what was taken, where `given` says how many hints on each function were given.

        Hints that the kata no longer has are not counted.
        """
        taken = {section.name: min(given.get(section.name, 0), len(section.stages)) for section in self.sections}
        left = (section.name for section in self.sections if taken[section.name] < len(section.stages))
        return HintCount(sum(taken.values()), self.total, tuple(name for name in left if name in self.functions))

    def on(self, name: str) -> Section | None:
        """The hints on a function, or on the kata as a whole; None where there are none."""
        return next((section for section in self.sections if section.name == name), None)


def read_hints(folder: Path) -> Hints:
    """Read the hints of the kata in `folder`; a kata need not have any.

    Raises
    ------
    KataError
        ``hints.md`` or the stub beside it is malformed. The message names the file, the line and what to do.
    """
    path = folder / HINTS
    text = _read(path)
    if text is None:
        return Hints(folder.name)
    functions = tuple(function.name for function in read_stub(folder / "stub.py"))
    return Hints(folder.name, functions, _Reader(path, (*functions, folder.name)).sections(text))


def _read(path: Path) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KataError(f"{path}: cannot be read: {error.strerror}; check its permissions") from None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        # The decoder counts from behind a byte order mark, which is no line.
        line = content[: error.start].count(b"\n") + 1
        raise KataError(f"{path}, line {line}: is not valid UTF-8; save it as UTF-8") from None


@dataclass(frozen=True)
class _Part:
    """A title and the lines below it, up to the next title."""

    level: int
    title: str
    line: int
    body: list[tuple[int, str]]

    @property
    def first(self) -> int | None:
        """The number of the first line that says something."""
        return next((number for number, line in self.body if line.strip()), None)

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.body).strip("\n").rstrip()


class _Reader:
    """Turns the text of one file into sections."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._path = path
        self._names = names
        """What a section can be about; the kata's own name is the last."""

    def sections(self, text: str) -> tuple[Section, ...]:
        """Read the whole file."""
        found: dict[str, list[Stage]] = {}
        begun: dict[str, int] = {}
        for part in self._parts(text):
            if part.level == _SECTION:
                name = self._name(part, begun)
                begun[name], found[name] = part.line, []
            elif part.level == _STAGE:
                if not begun:
                    raise self._refusal(part.line, "a stage outside any section; put `## function` above it")
                found[name].append(self._stage(part))
            elif begun:
                advice = "put code into a fence (```), or write `####`"
                raise self._refusal(part.line, f"a title of the first level inside a section; {advice}")
        for name, stages in found.items():
            if not stages:
                raise self._refusal(begun[name], f"the section `{name}` has no stage; write `### title` and a text")
        if not found:
            raise KataError(
                f"{self._path}: holds no hints; write `## function`, `### title` and a text, or delete the file"
            )
        return tuple(Section(name, tuple(stages)) for name, stages in found.items())

    def _parts(self, text: str) -> Iterator[_Part]:
        """Split at the titles that are not inside code."""
        part = _Part(0, "", 0, [])
        fence, opened = "", 0
        for number, line in enumerate(text.split("\n"), 1):
            title = None if fence else self._title(number, line)
            if title is not None:
                yield part
                part = _Part(*title, number, [])
                continue
            part.body.append((number, line))
            fence, opened = _still_open(fence, line), opened if fence else number
        if fence:
            raise self._refusal(
                opened, f"the code that begins here never ends; close it with {fence} on a line of its own"
            )
        yield part

    def _title(self, number: int, line: str) -> tuple[int, str] | None:
        if glued := _GLUED.fullmatch(line):
            raise self._refusal(number, f"`{line.strip()}` is no title yet; put a space behind {glued[1]}")
        match = _TITLE.fullmatch(line)
        return (len(match[1]), (match[2] or "").strip()) if match else None

    def _name(self, part: _Part, begun: dict[str, int]) -> str:
        name = part.title.strip("`")
        if not name:
            raise self._refusal(part.line, "a section without a name; write `## function`")
        if name not in self._names:
            raise self._refusal(part.line, self._unknown(name))
        if name in begun:
            raise self._refusal(
                part.line, f"a second section `{name}`; the first is in line {begun[name]}: put their stages together"
            )
        if part.first is not None:
            raise self._refusal(part.first, f"text before the first stage of `{name}`; put `### title` above it")
        return name

    def _stage(self, part: _Part) -> Stage:
        if not part.title:
            raise self._refusal(part.line, "a stage without a title; write `### title`")
        if part.first is None:
            raise self._refusal(
                part.line, f"the stage `{part.title}` has no text; write it below, or take the title out"
            )
        return Stage(part.title, part.text)

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._names, n=2)
        known = ", ".join(f"`{each}`" for each in self._names[:-1])
        advice = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else f"there are: {known}."
        return (
            f"there is no function `{name}` in the stub; {advice} Name a section after a function, or after the kata "
            f"(`{self._names[-1]}`) for hints on the whole"
        )

    def _refusal(self, line: int, what: str) -> KataError:
        return KataError(f"{self._path}, line {line}: {what}")


def _still_open(fence: str, line: str) -> str:
    """The mark of the code that is open behind `line`, given the one before it; empty where there is none."""
    if not fence:
        match = _FENCE.fullmatch(line)
        return match[1] if match else ""
    mark = line.strip()
    ends = line[:4].strip() and len(mark) >= len(fence) and set(mark) == {fence[0]}
    return "" if ends else fence
