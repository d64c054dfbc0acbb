"""What of a scorecard is worth saying, and what to do next: the same for every format that a person reads."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mlkata.model import Status
from pytest_mlkata.scoring import Verdict, by_question, by_round, is_survey, plural, totals, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_mlkata.model import CheckResult, Mistake, Report, Scorecard

WRONG = frozenset({Status.FAILED, Status.ERROR})
"""Statuses of a check that ran and does not hold."""

WAITS = {Status.NOT_STARTED: "not started", Status.BLOCKED: "blocked", Status.NOT_RUN: "not run"}
"""Statuses of a check that nothing can be said about yet, in words."""

MANY = 3
"""From so many checks on, one message is said once for all of them."""

MOST_LINES = 12
MOST_CHARACTERS = 100
"""Of a line on average."""
PRINTED_LINES = 5


@dataclass(frozen=True)
class Shared:
    """Several checks that do not hold for one and the same reason."""

    results: tuple[CheckResult, ...]
    everything: bool
    """Nothing else ran: the submission could not be graded, and a list of its checks would say no more."""

    @property
    def message(self) -> str:
        """The reason."""
        return self.results[0].message

    @property
    def mistake(self) -> Mistake | None:
        """The known mistake that is named for every one of them, if there is one."""
        named = {result.mistake for result in self.results}
        return self.results[0].mistake if len(named) == 1 else None

    @property
    def witness(self) -> CheckResult:
        """The check that shows most: its counterexample and what was printed belong together."""
        return max(self.results, key=lambda result: (bool(result.counterexample), bool(result.output)))


@dataclass(frozen=True)
class Waiting:
    """Checks that nothing can be said about yet."""

    label: str
    text: str


def shared(card: Scorecard) -> tuple[Shared, ...]:
    """Find the messages that many checks have in common, in the scorecard's order."""
    wrong: dict[str, list[CheckResult]] = {}
    for result in card.results:
        if result.status in WRONG and result.message:
            wrong.setdefault(result.message, []).append(result)
    idle = sum(result.status is Status.BLOCKED for result in card.results)
    found = []
    for results in wrong.values():
        everything = len(results) > 1 and len(results) + idle == len(card.results)
        if everything or len(results) >= MANY:
            found.append(Shared(tuple(results), everything))
    return tuple(found)


def shared_title(card: Scorecard, group: Shared) -> str:
    """Say of how many checks a shared message is."""
    if group.everything:
        return f"none of the {plural(len(card.results), 'check')} can hold yet"
    return f"{plural(len(group.results), 'check')} have the same problem"


@dataclass(frozen=True)
class Row:
    """A line of the table of several scorecards."""

    title: str
    points: tuple[int, int]
    """Earned and possible."""
    card: Scorecard | None = None
    """The scorecard, unless it is a sum."""
    begins: bool = False
    """Another way of adding up begins with this line."""


def summary(report: Report) -> tuple[Row, ...]:
    """Make the table of several scorecards, by question where they are of different katas, and then by round."""
    cards = report.scorecards
    total = Row("total", totals(cards))
    if not is_survey(cards):
        return (*(Row(_titled(card), (card.earned, card.possible), card) for card in cards), total)
    rows = [row for question, group in by_question(cards).items() for row in _of_question(question, group)]
    rounds = [Row(name, totals(group)) for name, group in by_round(cards).items()]
    if len(rounds) > 1:
        rows += [replace(rounds[0], begins=True), *rounds[1:]]
    return (*rows, replace(total, begins=True))


def _titled(card: Scorecard) -> str:
    return f"{card.kata} ({card.label})" if card.label else card.kata


def _of_question(question: int | None, group: tuple[Scorecard, ...]) -> Iterator[Row]:
    """Give the lines of one question: its katas, and their sum if they are several."""
    number = "" if question is None else f"q{question}"
    for card in group:
        yield Row(f"{number:<5}{_titled(card)}", (card.earned, card.possible), card)
    if len(group) > 1 and number:
        yield Row(f"{number:<5}all {len(group)}", totals(group))


def remark(card: Scorecard) -> str:
    """Say what the points alone do not: why there are none."""
    if card.broken:
        return "kata at fault, not counted"
    if card.needs:
        return "left out"
    if card.is_stub:
        return "nothing handed in"
    return "not started" if verdict(card) is Verdict.NOT_STARTED else ""


def left_out(card: Scorecard) -> str:
    """Say why no check of a kata ran that needs what is not installed."""
    return f"left out: {card.kata} {card.needs}"


def leading(card: Scorecard) -> frozenset[str]:
    """Choose the checks to tell in full: of each function the first that does not hold, for mending it may mend more.

    Returns
    -------
    frozenset of str
        Their ids. Messages that `shared` finds are told anyway, and are left out here.
    """
    told = {result.check.id for group in shared(card) for result in group.results}
    first: dict[str, str] = {}
    for result in card.results:
        if result.status in WRONG and result.check.id not in told:
            first.setdefault(result.check.function or result.check.id, result.check.id)
    return frozenset(first.values())


def waiting(card: Scorecard) -> tuple[Waiting, ...]:
    """Gather what was not started, blocked or not run into a line each."""
    by_status = {status: [result for result in card.results if result.status is status] for status in WAITS}
    lines = []
    if begun := by_status[Status.NOT_STARTED]:
        lines.append(Waiting("not started", _functions(begun)))
        # A message that goes on has seen what may be the function under another name.
        messages = dict.fromkeys(result.message for result in begun)
        lines.extend(Waiting("not started", message) for message in messages if ";" in message)
    reasons = dict.fromkeys(result.message.removeprefix("blocked: ") for result in by_status[Status.BLOCKED])
    lines.extend(Waiting("blocked", reason or _functions(by_status[Status.BLOCKED])) for reason in reasons)
    if left := by_status[Status.NOT_RUN]:
        lines.append(Waiting("not run", _functions(left)))
    return tuple(lines)


def _functions(results: Iterable[CheckResult]) -> str:
    """Name the functions of some checks, and count the checks."""
    results = tuple(results)
    names = dict.fromkeys(result.check.function for result in results if result.check.function)
    number = plural(len(results), "check")
    return f"{', '.join(names)} ({number})" if names else number


def behaves_like(mistake: Mistake | None, told: set[str]) -> str:
    """Say what known mistake a solution behaves like; why it is one is told once.

    Parameters
    ----------
    mistake
        The mistake, if one is named.
    told
        The mistakes that were explained before; this one is added.
    """
    if mistake is None:
        return ""
    explanation = "" if mistake.id in told else mistake.explanation
    told.add(mistake.id)
    return "\n".join(filter(None, [f"{mistake.name}.", explanation]))


def clipped(text: str, most: int = MOST_LINES) -> str:
    """Keep the beginning of a text that would push everything else off a screen: so many lines, of 100 letters each."""
    return "\n".join(text.split("\n")[:most])[: most * MOST_CHARACTERS]


def without_repetition(output: str) -> str:
    """Write a line that is printed several times in a row once: of one call a check makes two, or more."""
    counted = [(line, len(list(same))) for line, same in groupby(output.rstrip().splitlines())]
    return "\n".join(f"{line}  ({times} times)" if times > 1 and line.strip() else line for line, times in counted)


def last_lines(output: str) -> str:
    """Keep the end of what a submission printed: what it said last is nearest to what went wrong."""
    return "\n".join(output.rstrip().splitlines()[-PRINTED_LINES:])


def shown_path(solution: str, root: Path | None) -> str:
    """Write a path the short way where it lies under the folder the person is in."""
    path = Path(solution)
    return str(path.relative_to(root)) if root is not None and path.is_relative_to(root) else solution


def beginning(kata: str) -> str:
    """Say how to begin a kata that nothing is handed in for."""
    return f"nothing handed in yet: `mlkata start {kata}` puts solutions/{kata}.py in place"


def next_command(report: Report, root: Path | None = None) -> str:
    """Give the command that looks at the next thing to do more closely.

    Parameters
    ----------
    report
        What a run found.
    root
        The folder the run was started in.

    Returns
    -------
    str
        A command for the first kata that is begun and not solved; empty where a narrower run would tell nothing new.
    """
    card = _begun(report)
    if card is None:
        return ""
    command = ["pytest", "--kata", card.kata, *_solution_option(card, root)]
    checks = _to_look_at(card)
    if checks:
        return shlex.join([*command, "-k", checks, "-v"])
    if any(result.status is Status.NOT_RUN for result in card.results) and not _open(card):
        return shlex.join(command)  # what was selected holds: time for the rest
    return ""


def hint_command(report: Report) -> str:
    """Give the command that asks for a hint on the function that fails first; empty where there is none to be had."""
    card = _begun(report)
    if card is None or card.hints is None or any(group.everything for group in shared(card)):
        return ""
    function = next((result.check.function for result in card.results if result.status in WRONG), "")
    return shlex.join(["mlkata", "hint", card.kata, function]) if function in card.hints.left else ""


def hints_taken(card: Scorecard) -> str:
    """Say how many hints were taken, if any were."""
    return f"hints taken: {card.hints.taken} of {card.hints.of}" if card.hints and card.hints.taken else ""


def _begun(report: Report) -> Scorecard | None:
    """Find the first kata that is begun and not solved."""
    settled = (Verdict.SOLVED, Verdict.BROKEN)
    begun = (card for card in report.scorecards if not card.is_stub and not card.needs)
    return next((card for card in begun if verdict(card) not in settled), None)


def _open(card: Scorecard) -> list[CheckResult]:
    """List what can be worked on: wrong results first, then what is not begun."""
    wrong = [result for result in card.results if result.status in WRONG]
    return wrong + [result for result in card.results if result.status is Status.NOT_STARTED]


def _to_look_at(card: Scorecard) -> str:
    """Choose what ``-k`` would narrow the run to: the checks of one function, where that leaves others out."""
    if any(group.everything for group in shared(card)):
        return ""
    function = next((result.check.function for result in _open(card)), "")
    ran = [result.check for result in card.results if result.status is not Status.NOT_RUN]
    own = [check.id for check in ran if check.function == function]
    begins = f"test_{function}_"
    if not function or len(own) == len(ran) or not all(begins in name for name in own):
        return ""
    # The name of one function may begin that of another, as `kmeans` does that of `kmeans_plus_plus`.
    others = {check.function for check in ran if begins in check.id} - {function}
    return " and not ".join([begins, *(f"test_{other}_" for other in sorted(others))])


def _solution_option(card: Scorecard, root: Path | None) -> list[str]:
    """Repeat the option that chose the file, unless it is where a solution is looked for anyway."""
    path = Path(card.solution)
    folder = path.parent.name == "solutions" if root is None else path.parent == root / "solutions"
    if folder and path.name == f"{card.kata}.py":
        return []
    return ["--kata-solution", shown_path(card.solution, root)]
