"""The report as GitHub-flavoured Markdown, such as for the summary of a step in GitHub Actions.

What a submission had a hand in stands in fenced code or in code spans, and everything else is escaped: no text can
become a title, a tag, a link or a cell of a table.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_mlkata.model import Status
from pytest_mlkata.report import changes, digest, own_tests
from pytest_mlkata.report.base import visible
from pytest_mlkata.scoring import Verdict, by_category, count, plural, totals, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pytest_mlkata.model import Changes, CheckResult, Report, Scorecard
    from pytest_mlkata.own_tests import OwnTests
    from pytest_mlkata.scoring import CategoryScore

name = "markdown"
suffix = ".md"

LIMIT = 1024 * 1024
"""Bytes that GitHub takes for one step."""

_REST = "*The rest does not fit here; `--kata-json` writes all of it.*"
_MARKUP = re.compile(r"[\\`*_\[\]<>|~$&#]")
_APART = "\n\n"


def render(report: Report, *, root: Path | None = None, limit: int = LIMIT) -> str:
    """Write the report as Markdown.

    Parameters
    ----------
    report
        What a run found.
    root
        The folder the person is in: paths under it are written the short way.
    limit
        The most bytes to write. What goes beyond is left out, in whole paragraphs and with a sentence on it.
    """
    return _fitted(list(_blocks(report, root)), limit)


def _fitted(blocks: Sequence[str], limit: int) -> str:
    """Put blocks together, as many as there is room for."""
    text = _APART.join(blocks) + "\n" if blocks else ""
    if _size(text) <= limit:
        return text
    room = limit - _size(_REST + "\n")
    kept = []
    for block in blocks:
        room -= _size(block + _APART)
        if room < 0:
            break
        kept.append(block)
    text = _APART.join([*kept, _REST]) + "\n"
    return text if _size(text) <= limit else ""


def _size(text: str) -> int:
    return len(text.encode())


def _blocks(report: Report, root: Path | None) -> Iterator[str]:
    """Everything there is to say, in paragraphs that can stand alone."""
    several = len(report.scorecards) > 1
    if several:
        yield from _overview(report)
    for card in report.scorecards:
        # Of what was not begun the overview says as much.
        if not (several and card.is_stub and not card.broken and card.tests is None):
            yield from _scorecard(card, root)
    yield from (_sentence(digest.left_out(card)) for card in report.scorecards if several and card.needs)
    yield from (f"Note: {_inline(note)}" for note in report.notes)
    for label, command in (("Next:", digest.next_command(report, root)), ("Stuck?", digest.hint_command(report))):
        if command:
            yield f"{label} {_code(command)}"
    if report.scorecards:
        versions = report.versions
        yield (
            f"<sub>seed {report.scorecards[0].seed}, pytest-mlkata {versions.pytest_mlkata}, Python {versions.python}, "
            f"NumPy {versions.numpy}, Hypothesis {versions.hypothesis}</sub>"
        )


def _overview(report: Report) -> Iterator[str]:
    earned, possible = totals(report.scorecards)
    yield f"# Katas: {earned} / {plural(possible, 'point')}"
    rows = []
    for row in digest.summary(report)[:-1]:  # the total is the heading
        points = "" if row.card is not None and row.card.broken else f"{row.points[0]} / {row.points[1]}"
        said = "✓" if row.card is not None and verdict(row.card) is Verdict.SOLVED else ""
        said = said or (digest.remark(row.card) if row.card is not None else "")
        rows.append((_inline(row.title), points, said))
    yield _table(("kata", "points", ""), rows)


def _table(head: tuple[str, str, str], rows: Iterable[tuple[str, str, str]]) -> str:
    """Write a table whose second column holds points."""
    lines = [head, ("---", "---:", "---"), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _scorecard(card: Scorecard, root: Path | None) -> Iterator[str]:
    points = f"{card.earned} / {plural(card.possible, 'point')}"
    if card.broken:
        points = "not graded"
    elif verdict(card) is Verdict.SOLVED:
        points = f"✓ {points}"
    yield f"## {_inline(card.title)}: {points}"
    yield _about(card, root)
    shared = digest.shared(card)
    if card.broken:
        yield "The kata itself is at fault, not your solution. No points are lost."
        yield _fenced(card.broken)
    elif card.needs:
        yield _sentence(digest.left_out(card))
    elif any(group.everything for group in shared):
        yield _shared(card, shared[0], set())
    elif card.is_stub:
        yield _sentence(digest.beginning(card.kata))
    else:
        yield from _checks(card, shared)
    if card.changes is not None and not card.is_stub and not card.broken:
        yield from _changes(card.changes)
    if card.tests is not None:
        yield from _own_tests(card.tests, root)


def _changes(made: Changes) -> Iterator[str]:
    yield f"### {changes.TITLE.capitalize()}: {changes.heading(made)}"
    if made.diff:
        yield _fenced(made.diff, language="diff", most=changes.MOST)


def _own_tests(own: OwnTests, root: Path | None) -> Iterator[str]:
    mark = "✓" if own.is_sound else "✗"
    yield f"### {mark} {own_tests.TITLE.capitalize()}: {_code(own_tests.heading(own, root))}"
    for each in own_tests.paragraphs(own):
        if "\n" in each.text:
            yield f"{each.label or 'note'}:{_APART}{_fenced(each.text)}"
        else:
            yield f"{each.label or 'note'}: {_inline(each.text)}"


def _about(card: Scorecard, root: Path | None) -> str:
    """Say in a line what was graded."""
    # What is ours comes first: a label such as "- a" at the head of a line would make it a list.
    parts = [
        "the stub of the kata" if card.is_stub else _code(digest.shown_path(card.solution, root)),
        _inline(card.label),
        "" if card.question is None else f"question {card.question}",
        digest.hints_taken(card),
    ]
    return " · ".join(filter(None, parts))


def _checks(card: Scorecard, shared: Sequence[digest.Shared]) -> Iterator[str]:
    parts = by_category(card)
    rows = [(_inline(part.title), f"{part.earned} / {part.possible}", _tally(part)) for part in parts]
    yield _table(("category", "points", "checks"), rows)
    told = {result.check.id for group in shared for result in group.results}
    explained: set[str] = set()
    yield from (_shared(card, group, explained) for group in shared)
    yield from (
        _wrong(result, explained)
        for part in parts
        for result in part.results
        if result.status in digest.WRONG and result.check.id not in told
    )
    if waiting := digest.waiting(card):
        yield "\n".join(f"- {line.label}: {_inline(line.text)}" for line in waiting)


def _tally(part: CategoryScore) -> str:
    counts = count(part.results)
    hold, fail = counts[Status.PASSED], counts[Status.FAILED] + counts[Status.ERROR]
    pieces = [f"✓ {hold} {'holds' if hold == 1 else 'hold'}"] if hold else []
    if unclear := counts[Status.INCONCLUSIVE]:
        pieces.append(f"≈ {unclear} too close to call: the points are yours")
    if fail:
        pieces.append(f"✗ {fail} {'fails' if fail == 1 else 'fail'}")
    pieces.extend(f"{counts[status]} {words}" for status, words in digest.WAITS.items() if counts[status])
    return ", ".join(pieces)


def _shared(card: Scorecard, group: digest.Shared, explained: set[str]) -> str:
    details = _details(replace(group.witness, mistake=group.mistake), explained)
    if not group.everything:
        details.append(_labelled("checks", "\n".join(result.check.property for result in group.results)))
    return _folded(f"✗ {digest.shared_title(card, group)}", details)


def _wrong(result: CheckResult, explained: set[str]) -> str:
    check = result.check
    where = f"{_code(check.function)}, {_inline(check.category.replace('_', ' '))}" if check.function else ""
    details = _details(result, explained, hint=check.hint)
    return _folded(f"✗ {check.property} ({plural(check.points, 'point')})", [*filter(None, [where]), *details])


def _details(result: CheckResult, explained: set[str], *, hint: str = "") -> list[str]:
    whole = digest.without_repetition(result.output)
    kept = digest.last_lines(whole)
    printed = kept if kept == whole else f"…\n{kept}"
    mistake = digest.behaves_like(result.mistake, explained)
    pieces = [
        _labelled("problem", result.message),
        _labelled("smallest input", result.counterexample),
        f"behaves like: {_inline(mistake)}" if mistake else "",
        f"hint: {_inline(hint)}" if hint.strip() else "",
        _labelled("printed", printed),
    ]
    return list(filter(None, pieces))


def _labelled(label: str, text: str) -> str:
    """Write lines with what they are above them; nothing where there are none."""
    return f"{label}:{_APART}{_fenced(text)}" if text.strip() else ""


def _folded(title: str, details: Sequence[str]) -> str:
    """Write what opens when its title is clicked."""
    title = html.escape(_one_line(title), quote=False)
    return _APART.join([f"<details><summary>{title}</summary>", *details, "</details>"])


def _fenced(text: str, *, language: str = "text", most: int = digest.MOST_LINES) -> str:
    """Write lines as they are, if there are not too many."""
    text = visible(text).strip("\n")
    short = digest.clipped(text, most)
    if short != text:
        short = f"{short} … (--kata-json writes all of it)"
    fence = "`" * max(3, _longest_run(short) + 1)
    return f"{fence}{language}\n{short}\n{fence}"


def _code(text: str) -> str:
    """Write a line as it is, inside a paragraph."""
    text, ticks = _one_line(text), "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _sentence(text: str) -> str:
    """Write a sentence in which backticks stand around code."""
    parts = _one_line(text).split("`")
    return "".join(_code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _inline(text: str) -> str:
    """Write text that is a part of a line, with no sign in it that means anything."""
    return _escaped(_one_line(text))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())
