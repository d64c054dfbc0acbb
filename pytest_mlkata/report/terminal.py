"""The scorecard that a learner reads between two attempts: what is wrong stands out, all else is quiet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_mlkata.model import Status
from pytest_mlkata.report import changes, digest, own_tests
from pytest_mlkata.report.page import Page
from pytest_mlkata.scoring import Verdict, by_category, count, plural, totals, verdict

if TYPE_CHECKING:
    from pathlib import Path

    from rich.text import Text

    from pytest_mlkata.model import CheckResult, Report, Scorecard
    from pytest_mlkata.report.digest import Shared
    from pytest_mlkata.scoring import CategoryScore

name = "terminal"
suffix = ".txt"


def render(
    report: Report,
    *,
    width: int = 80,
    color: bool = False,
    ascii_only: bool = False,
    verbose: bool = False,
    root: Path | None = None,
) -> str:
    """Write the report for a terminal.

    Parameters
    ----------
    report
        What a run found.
    width
        Cells of a line; anything from 40 on reads well.
    color
        Whether to write colours.
    ascii_only
        Whether the terminal can show ASCII only.
    verbose
        Whether to list every check, and to show long messages and output in full.
    root
        The folder the person is in: paths under it are written the short way.

    Returns
    -------
    str
        Lines, each with its newline.
    """
    page = Page(width, color=color, ascii_only=ascii_only)
    several = len(report.scorecards) > 1
    for card in report.scorecards:
        # Of what was not begun the table at the end says as much.
        if not (several and card.is_stub and not card.broken and not verbose and card.tests is None):
            page.gap()
            _Painter(page, card, verbose=verbose, alone=not several).paint(root)
    if several:
        page.gap()
        _summary(page, report)
    page.gap()
    _closing(page, report, root, several=several, verbose=verbose)
    return page.render()


class _Painter:
    """Puts one scorecard on a page."""

    def __init__(self, page: Page, card: Scorecard, *, verbose: bool, alone: bool) -> None:
        self.page = page
        self.card = card
        self.verbose = verbose
        self.shared = digest.shared(card)
        self.told = {result.check.id for group in self.shared for result in group.results}
        self.leading = digest.leading(card)
        self.explained: set[str] = set()
        wrong = any(result.status in digest.WRONG for result in card.results)
        self.list_all = verbose or (alone and not wrong)
        self.indent = 2 if page.roomy else 0
        self.step = 4 if page.roomy else 2

    def paint(self, root: Path | None) -> None:
        """Put the whole scorecard down."""
        self._header(root)
        self.page.gap()
        if self.card.broken:
            self._fault()
        elif self.card.needs:
            self.page.put((digest.left_out(self.card), "bold"), first=self._margin())
        elif any(group.everything for group in self.shared):
            self._shared(self.shared[0])
        else:
            if self.card.is_stub:
                self.page.put(digest.beginning(self.card.kata), first=self._margin())
            if self.verbose or not self.card.is_stub:
                self._checks()
        if self.card.changes is not None and not self.card.is_stub and not self.card.broken:
            changes.paint(self.page, self.card.changes, indent=self.indent, verbose=self.verbose)
        if self.card.tests is not None:
            own_tests.paint(self.page, self.card.tests, root, indent=self.indent, verbose=self.verbose)

    def _checks(self) -> None:
        self.page.gap()
        for group in self.shared:
            self._shared(group)
        self._categories()
        self._waiting()

    def _margin(self) -> Text:
        return self.page.text(" " * self.indent)

    def _header(self, root: Path | None) -> None:
        page, card = self.page, self.card
        question = f" {page.glyphs.dot} question {card.question}" if card.question is not None else ""
        left = page.text((card.title, "bold"), (question, "dim"))
        if card.broken:
            right = page.text(("not graded", "bold red"))
        elif verdict(card) is Verdict.SOLVED:
            right = page.text((f"{page.glyphs.holds} {_points(card)}", "bold green"))
        else:
            right = page.text((_points(card), "bold"))
        page.spread(left, right)
        label = f"{card.label} {page.glyphs.dot} " if card.label else ""
        if not card.is_stub:
            page.put((label + digest.shown_path(card.solution, root), "dim"))
        if taken := digest.hints_taken(card):
            page.put((taken, "dim"))
        if self.verbose:
            page.put((f"seed {card.seed}, {card.seconds:.1f} s", "dim"))

    def _fault(self) -> None:
        edge = self.page.text(" " * self.indent, (f"{self.page.glyphs.edge} ", "red"))
        self.page.put(
            ("The kata itself is at fault, not your solution. No points are lost.", "bold red"), first=edge, rest=edge
        )
        self.page.put(self._clipped(self.card.broken), first=edge, rest=edge)

    def _shared(self, group: Shared) -> None:
        self._cross(self.indent, digest.shared_title(self.card, group))
        self._details(self.indent, replace(group.witness, mistake=group.mistake))
        if not group.everything or self.verbose:
            names = "\n".join(result.check.property for result in group.results)
            self.page.detail("checks", self._clipped(names), indent=self.indent + self.step)
        self.page.gap()

    def _categories(self) -> None:
        parts = by_category(self.card)
        title_width = max((len(part.title) for part in parts), default=0)
        points_width = max((len(_ratio(part.earned, part.possible)) for part in parts), default=0)
        for part in parts:
            title = self.page.text(" " * self.indent, part.title.ljust(title_width))
            self._category(part, title, _share(self.page, (part.earned, part.possible), points_width))
            wrong = [r for r in part.results if r.status in digest.WRONG and r.check.id not in self.told]
            for result in part.results:
                if result not in wrong:
                    self._quiet(result)
            for result in wrong:
                self._wrong(result)
            if wrong:
                self.page.gap()

    def _category(self, part: CategoryScore, title: Text, share: list[tuple[str, str]]) -> None:
        tail = self._tail(part)
        if self.page.roomy:
            self.page.row(title, self.page.text(*share, " ", *tail))
        else:
            self.page.row(title, self.page.text(*share))
            if tail:
                self.page.put(*tail, first=self.page.text("  "))

    def _tail(self, part: CategoryScore) -> list[tuple[str, str]]:
        """Count what holds and what does not, unless all of it holds and is listed anyway."""
        counts = count(part.results)
        hold = counts[Status.PASSED] + counts[Status.INCONCLUSIVE]
        fail = counts[Status.FAILED] + counts[Status.ERROR]
        if hold == len(part.results) and self.list_all:
            return []
        glyphs = self.page.glyphs
        pieces = []
        if hold:
            pieces.append((f"{glyphs.holds} {hold} {'holds' if hold == 1 else 'hold'}", "green"))
        if fail:
            pieces.append((f"{glyphs.fails} {fail} {'fails' if fail == 1 else 'fail'}", "red"))
        pieces.extend((f"{counts[status]} {words}", "dim") for status, words in digest.WAITS.items() if counts[status])
        return [piece for each in pieces for piece in (("  ", ""), each)][1:]

    def _quiet(self, result: CheckResult) -> None:
        """Put down a check that needs no attention, in a line."""
        glyphs, margin = self.page.glyphs, " " * (self.indent + 2)
        text = result.check.property
        if result.status is Status.INCONCLUSIVE:
            text += " (too close to call: the points are yours)"
            self.page.put(text, first=self.page.text(margin, (f"{glyphs.unclear} ", "yellow")))
        elif not self.list_all:
            return
        elif result.status is Status.PASSED:
            self.page.put(text, first=self.page.text(margin, (f"{glyphs.holds} ", "green")))
        elif result.status in digest.WAITS and result.status is not Status.NOT_RUN and self.verbose:
            # What was left out is counted below: with -k it would be most of the page.
            text = f"{text} ({digest.WAITS[result.status]})"
            self.page.put((text, "dim"), first=self.page.text(margin, (f"{glyphs.waits} ", "dim")))

    def _wrong(self, result: CheckResult) -> None:
        """Put down a check that does not hold: in full, or in a line where another one of its function comes first."""
        indent, points = self.indent + 2, f" ({plural(result.check.points, 'point')})"
        if self._in_full(result):
            self.page.gap()
        self._cross(indent, result.check.property, points)
        if self._in_full(result):
            self._details(indent, result, hint=result.check.hint)
            self.page.gap()

    def _in_full(self, result: CheckResult) -> bool:
        return self.verbose or result.check.id in self.leading

    def _cross(self, indent: int, title: str, remark: str = "") -> None:
        first = self.page.text(" " * indent, (f"{self.page.glyphs.fails} ", "bold red"))
        self.page.put((title, "bold"), (remark, "dim"), first=first)

    def _details(self, indent: int, result: CheckResult, *, hint: str = "") -> None:
        for label, text, style in (
            ("problem", self._clipped(result.message), ""),
            ("smallest input", self._clipped(result.counterexample), "cyan"),
            ("behaves like", digest.behaves_like(result.mistake, self.explained), "yellow"),
            ("hint", hint, ""),
            ("printed", self._last_lines(result.output), "dim"),
        ):
            if text.strip():
                self.page.detail(label, text, indent=indent + self.step, style=style)

    def _clipped(self, text: str) -> str:
        """Shorten what would push everything else off the screen."""
        text = text.strip("\n")
        short = text if self.verbose else digest.clipped(text)
        return short if short == text else f"{short} {self.page.glyphs.more} (-v shows all of it)"

    def _last_lines(self, output: str) -> str:
        whole = digest.without_repetition(output)
        kept = whole if self.verbose else digest.last_lines(whole)
        more = "" if kept == whole else f"{self.page.glyphs.more}\n"
        return self._clipped(more + kept)

    def _waiting(self) -> None:
        wrong = {result.check.id for result in self.card.results if result.status in digest.WRONG}
        if wrong - self.told - self.leading and not self.verbose:
            more = "of each function the first check that fails is told in full; -v tells all of them"
            self.page.gap()
            self.page.put((more, "dim"), first=self._margin())
        lines = digest.waiting(self.card)
        if lines:
            self.page.gap()
        for line in lines:
            self.page.put((f"{line.label}: {line.text}", "dim"), first=self._margin())


def _points(card: Scorecard) -> str:
    return f"{card.earned} / {plural(card.possible, 'point')}"


def _summary(page: Page, report: Report) -> None:
    """Put down a line for each kata, and the total; of different katas also what they come to by what is asked."""
    table = digest.summary(report)
    total = totals(report.scorecards)
    title_width = max(len(row.title) for row in table)
    widest = len(_ratio(total[1], total[1]))
    for row in table:
        if row.begins:
            page.gap()
        style = "bold" if row.card is None else ""
        # A kata at fault has no points to show.
        share = [] if row.card is not None and row.card.broken else _share(page, row.points, widest, style)
        remark = () if row.card is None else (_remark(page, row.card),)
        page.row(page.text((row.title.ljust(title_width), style)), page.text(*share, *remark))


def _ratio(earned: int, possible: int) -> str:
    return f"{earned} / {possible}"


def _share(page: Page, points: tuple[int, int], width: int, style: str = "") -> list[tuple[str, str]]:
    return [*page.bar(*points), ("  " + _ratio(*points).rjust(width) + "  ", style)]


def _remark(page: Page, card: Scorecard) -> tuple[str, str]:
    if verdict(card) is Verdict.SOLVED:
        return page.glyphs.holds, "green"
    style = "red" if card.broken else "yellow" if card.needs else "dim"
    return digest.remark(card), style


def _closing(page: Page, report: Report, root: Path | None, *, several: bool, verbose: bool) -> None:
    """Put down what concerns the run as a whole, and what to do next."""
    stubs = sum(card.is_stub and not card.broken and not card.needs for card in report.scorecards)
    if several and stubs and not verbose:
        begin = "`mlkata start NAME` puts solutions/NAME.py in place"
        page.put((f"nothing handed in yet for {plural(stubs, 'kata')}: {begin}", "dim"))
    for card in report.scorecards if several else ():
        if card.needs:
            page.put((digest.left_out(card), "yellow"))
    for note in report.notes:
        page.put((f"note: {note}", "dim"))
    page.gap()
    for label, command in (("next: ", digest.next_command(report, root)), ("stuck? ", digest.hint_command(report))):
        if command:
            page.command(label, command)
