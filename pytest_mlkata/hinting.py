"""What `mlkata hint` has to say: decided from the hints of a kata and what was given of them; nothing is read here."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pytest_mlkata.errors import UnknownHintError
from pytest_mlkata.kata.hints import Hints, Section
from pytest_mlkata.scoring import plural


@dataclass(frozen=True)
class Shown:
    """One hint as it is shown."""

    head: str
    text: str
    """Markdown."""


@dataclass(frozen=True)
class Row:
    """What there is on one function, as a line of a table."""

    name: str
    given: str
    command: str
    """How to see more of it."""


@dataclass(frozen=True)
class Answer:
    """Everything that one call shows."""

    hints: tuple[Shown, ...] = ()
    rows: tuple[Row, ...] = ()
    closing: str = ""
    """What can be asked next."""
    taken: tuple[str, int] | None = None
    """What has to be noted before it is shown: hints on whom, and up to which number."""


@dataclass(frozen=True)
class Guide:
    """Answers what is asked about the hints of one kata.

    Attributes
    ----------
    hints
        What the kata has.
    given
        How many hints on each function were given before.
    command
        What a person types for the next hint on a function, or on the kata.
    """

    hints: Hints
    given: Mapping[str, int]
    command: Callable[[str], str]

    def following(self, function: str | None) -> Answer:
        """Give the next hint on a function; where none is named, on the whole, or else say what there is.

        Raises
        ------
        UnknownHintError
            There are none on what was named; the message says what there are hints on.
        """
        if function is None and self.hints.sections:
            section = self._whole
            if section is None or self._number(section) == len(section.stages):
                return Answer(rows=tuple(self._row(each) for each in self.hints.sections))
        else:
            section = self._section(function or self.hints.kata)
        number = self._number(section)
        return self._repeated(section) if number == len(section.stages) else self._next(section, number + 1)

    def again(self, function: str | None) -> Answer:
        """Show the hints that were given before, on a function or on everything.

        Raises
        ------
        UnknownHintError
            There are none on what was named.
        """
        if function is None and self.hints.sections:
            about, sections = self.hints.kata, self.hints.sections
        else:
            about = function or self.hints.kata
            sections = (self._section(about),)
        shown = tuple(_shown(section, number) for section in sections for number in range(1, self._number(section) + 1))
        if not shown:
            return Answer(closing=f"no hint on {about} was given yet; for the first: {self.command(about)}")
        total = sum(len(section.stages) for section in sections)
        more = f"; for the next: {self.command(about)}" if len(shown) < total else ""
        return Answer(shown, closing=f"{len(shown)} of {plural(total, 'hint')} on {about} given{more}")

    @property
    def _whole(self) -> Section | None:
        return self.hints.on(self.hints.kata)

    def _section(self, name: str) -> Section:
        section = self.hints.on(name)
        if section is None:
            raise UnknownHintError(_without(self.hints, name))
        return section

    def _number(self, section: Section) -> int:
        """How many hints of a section were given; the kata may have fewer than it had."""
        return min(self.given.get(section.name, 0), len(section.stages))

    def _next(self, section: Section, number: int) -> Answer:
        left = len(section.stages) - number
        closing = f"that was the last hint on {section.name}"
        if left:
            closing = f"there {'is' if left == 1 else 'are'} {left} more: {self.command(section.name)}"
        elif section is self._whole:
            closing += f"; for those on its functions: {self.command(section.name)}"
        return Answer((_shown(section, number),), closing=closing, taken=(section.name, number))

    def _repeated(self, section: Section) -> Answer:
        total = len(section.stages)
        closing = f"all {total} hints on {section.name} were given before; this is the last again, not counted"
        if total == 1:
            closing = f"the only hint on {section.name} was given before; this is it again, not counted"
        return Answer((_shown(section, total),), closing=closing)

    def _row(self, section: Section) -> Row:
        number, total = self._number(section), len(section.stages)
        command = self.command(section.name)
        return Row(section.name, f"{number} of {total}", command if number < total else f"{command} --again")


def _shown(section: Section, number: int) -> Shown:
    stage = section.stages[number - 1]
    return Shown(f"{section.name}, hint {number} of {len(section.stages)}: {stage.title}", stage.text)


def _without(hints: Hints, name: str) -> str:
    """Say why there is nothing on `name`, and what there is something on."""
    if not hints.sections:
        return f"{hints.kata} has no hints; `mlkata show {hints.kata}` says what is asked for"
    names = [section.name for section in hints.sections]
    if name in (*hints.functions, hints.kata):
        return f"there are no hints on {name}; {_listed(names)}"
    near = difflib.get_close_matches(name, names, n=2)
    advice = f"did you mean {' or '.join(near)}?" if near else _listed(names)
    return f"{hints.kata} has no function {name!r}; {advice}"


def _listed(names: Iterable[str]) -> str:
    return f"there are hints on: {', '.join(names)}"
