"""What a scorecard says of the learner's own tests, for every format."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pytest_mlkata.report.digest import shown_path
from pytest_mlkata.scoring import percent, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pytest_mlkata.own_tests import FailedTest, OwnTests
    from pytest_mlkata.report.page import Page

TITLE = "your tests"
MOST = 5
"""Of alarms and failures so many are shown in full."""
_LEFT_OUT = "your tests take too long for all of them, or the kata's own file cannot be loaded"
_MOST_LINES = 6
_MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Paragraph:
    """A labelled text."""

    label: str
    text: str
    style: str = ""


def heading(own: OwnTests, root: Path | None) -> str:
    """Name the file, and count what is in it."""
    path = shown_path(own.path, root)
    return path if own.fault else f"{path}, {plural(own.tests, 'test')}"


def paragraphs(own: OwnTests, *, verbose: bool = False) -> Iterator[Paragraph]:
    """Say what the tests are worth.

    Parameters
    ----------
    own
        What was found.
    verbose
        Whether to list everything.
    """
    if own.fault:
        yield Paragraph("cannot be run", own.fault, "red")
        return
    yield from _alarms(own, verbose=verbose)
    yield Paragraph("mistakes caught", _caught(own))
    if own.missed and own.caught + len(own.missed):
        yield Paragraph("slip through", "\n".join(f"- {name}" for name in own.missed))
    if own.not_tried:
        yield Paragraph("left out", f"{plural(own.not_tried, 'solution')}: {_LEFT_OUT}")
    if own.failures is not None:
        yield Paragraph("your solution", _own(own.failures, own.tests, verbose=verbose))
    if own.coverage is not None:
        yield Paragraph("coverage", _coverage(own.coverage, own.missing))


def paint(page: Page, own: OwnTests, root: Path | None, *, indent: int, verbose: bool) -> None:
    """Put the section on a page."""
    page.gap()
    mark = (f"{page.glyphs.holds} ", "green") if own.is_sound else (f"{page.glyphs.fails} ", "bold red")
    page.put((TITLE, "bold"), (f"  {heading(own, root)}", "dim"), first=page.text(" " * indent, mark))
    for each in paragraphs(own, verbose=verbose):
        page.detail(each.label, each.text, indent=indent + 2, style=each.style)


def _alarms(own: OwnTests, *, verbose: bool) -> Iterator[Paragraph]:
    for number, alarm in enumerate(own.false_alarms):
        if number == MOST and not verbose:
            rest = plural(len(own.false_alarms) - MOST, "further false alarm")
            yield Paragraph("", f"{rest} (-v shows all of them)", "dim")
            return
        text = f"{alarm.test} fails on a right answer ({alarm.solution}):\n{_short(alarm.message)}"
        yield Paragraph("false alarm", text, "red")
    if not own.false_alarms:
        yield Paragraph("false alarms", f"none on {plural(own.rights, 'right answer')}")


def _caught(own: OwnTests) -> str:
    text = f"{own.caught} of {own.mistakes}"
    if own.false_alarms:
        text += "; tests that raise a false alarm catch nothing"
    return text


def _own(failures: Sequence[FailedTest], tests: int, *, verbose: bool) -> str:
    if not failures:
        return "all of them hold" if tests > 1 else "it holds"
    shown = failures if verbose else failures[:MOST]
    lines = [f"{len(failures)} of {plural(tests, 'test')} {'fails' if len(failures) == 1 else 'fail'} on it"]
    lines += [f"- {each.test}: {_short(each.message)}" for each in shown]
    if len(shown) < len(failures):
        lines.append("… (-v shows all of them)")
    return "\n".join(lines)


def _short(message: str) -> str:
    """Keep the beginning of a message: pytest explains an assertion at length."""
    lines = message.splitlines()
    short = "\n".join(lines[:_MOST_LINES])[:_MOST_CHARACTERS]
    return short if short == message else f"{short} …"


def _coverage(share: float, missing: Sequence[int]) -> str:
    whole = percent(round(share * 10_000), 10_000)
    text = f"{whole} % of its lines and branches"
    return f"{text}; never run: {_lines(missing)}" if missing else text


def _lines(numbers: Iterable[int]) -> str:
    """Write numbers of lines the short way: ``lines 3, 5-8``."""
    numbers = sorted(numbers)
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    spans = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return f"{'line' if len(numbers) == 1 else 'lines'} {', '.join(spans)}"
