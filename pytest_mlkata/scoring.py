"""From the results of checks to a scorecard: pure functions, whatever the order in which the results arrived."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_mlkata.model import (
    CATEGORY_ORDER,
    EFFICIENCY_CATEGORIES,
    MINIMAL_CHANGE,
    ROUNDS,
    CheckResult,
    Scorecard,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_mlkata.model import Changes, Check, Kata, Submission

_WRONG = frozenset({Status.FAILED, Status.ERROR})


class Verdict(StrEnum):
    """A whole scorecard in a word."""

    SOLVED = "solved"
    """Every check holds."""
    UNSOLVED = "unsolved"
    """Some check does not hold, or did not run."""
    NOT_STARTED = "not_started"
    """Nothing was handed in, or nothing of it is written yet."""
    BROKEN = "broken"
    """The kata itself is at fault."""


@dataclass(frozen=True)
class CategoryScore:
    """The part of a scorecard that belongs to one category."""

    category: str
    results: tuple[CheckResult, ...]

    @property
    def earned(self) -> int:
        """Points earned."""
        return sum(result.earned for result in self.results)

    @property
    def possible(self) -> int:
        """Points of every check of the category."""
        return sum(result.check.points for result in self.results)

    @property
    def title(self) -> str:
        """The category as a person reads it."""
        return self.category.replace("_", " ")


def fold(  # noqa: PLR0917  # the last is left out as a rule
    kata: Kata,
    submission: Submission,
    seed: int,
    checks: Sequence[Check],
    found: Mapping[str, CheckResult],
    broken: str = "",
    changes: Changes | None = None,
) -> Scorecard:
    """Make the scorecard of one submission.

    Parameters
    ----------
    kata, submission, seed
        What was graded, and with which seed.
    checks
        Every check of the kata, in its order: the denominator, whatever was deselected.
    found
        What the checks that ran found, by the check's id.
    broken
        Why the kata itself is at fault, if that is known otherwise than from a result.
    changes
        What was changed of a stub that is a program with faults. As long as that is nothing, nothing is earned.

    Returns
    -------
    Scorecard
        A result for each of `checks`, by category in `CATEGORY_ORDER`, then by the category's name, and within a
        category in the given order. Efficiency of a function that is not correct is blocked.
    """
    ordered = sorted(checks, key=lambda check: category_rank(check.category))
    results = [
        replace(found[check.id], check=check) if check.id in found else CheckResult(check, Status.NOT_RUN)
        for check in ordered
    ]
    return Scorecard(
        kata=kata.name,
        title=kata.title,
        question=kata.question,
        round=kata.round,
        solution=str(submission.path),
        is_stub=submission.is_stub,
        seed=seed,
        results=_of_changes(_gated(results), changes),
        label=submission.label,
        broken=broken or _fault(results),
        changes=changes,
    )


def is_wrong(result: CheckResult) -> bool:
    """Tell whether a check ran and what it asks of an answer does not hold; efficiency aside."""
    return result.status in _WRONG and result.check.category not in EFFICIENCY_CATEGORIES


def category_rank(category: str) -> tuple[int, str]:
    """Give the sort key of a category: the known ones in their order, then the others by name."""
    known = CATEGORY_ORDER.index(category) if category in CATEGORY_ORDER else len(CATEGORY_ORDER)
    return known, category


def _fault(results: Iterable[CheckResult]) -> str:
    """Say what the first broken check says; which one that is depends on the checks' order alone."""
    for result in results:
        if result.status is Status.BROKEN:
            return result.message or f"{result.check.id} could not be run"
    return ""


def _gated(results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Hold back the efficiency of functions whose other checks do not hold yet."""
    others: dict[str, list[CheckResult]] = {}
    for result in results:
        if result.check.category not in EFFICIENCY_CATEGORIES:
            others.setdefault(result.check.function, []).append(result)
    return tuple(
        _judged(result, others.get(result.check.function, ()))
        if result.check.category in EFFICIENCY_CATEGORIES
        else result
        for result in results
    )


def _judged(result: CheckResult, others: Sequence[CheckResult]) -> CheckResult:
    """Decide one efficiency check, given the other checks of its function."""
    if result.status in (Status.NOT_RUN, Status.BROKEN):
        return result
    not_started = [other for other in others if other.status is Status.NOT_STARTED]
    wrong = [other for other in others if other.status in _WRONG]
    if wrong:
        name = result.check.function or "the solution"
        missing = len(wrong) + len(not_started)
        left = f"{missing} of its checks {'does' if missing == 1 else 'do'} not hold"
        return _held_back(result, Status.BLOCKED, f"blocked: {name} is not correct yet ({left})")
    if not_started and result.status is not Status.NOT_STARTED:
        return _held_back(result, Status.NOT_STARTED, not_started[0].message)
    return result


def _of_changes(results: tuple[CheckResult, ...], changes: Changes | None) -> tuple[CheckResult, ...]:
    """Hold back what is no merit of whoever was to repair a program: what held before, and that little was changed."""
    if changes is None:
        return results
    left = sum(result.status in (*_WRONG, Status.NOT_STARTED) for result in results)
    why = f"blocked: the program is not right yet ({left} of its checks {'does' if left == 1 else 'do'} not hold)"
    judged = []
    for each in results:
        result = each
        if changes.is_none and result.status.earns:
            result = _held_back(result, Status.NOT_STARTED, "it holds already: nothing is repaired yet")
        elif left and result.check.category == MINIMAL_CHANGE and result.status.earns:
            result = _held_back(result, Status.BLOCKED, why)
        judged.append(result)
    return tuple(judged)


def _held_back(result: CheckResult, status: Status, message: str) -> CheckResult:
    """Replace what was measured: it says nothing about a function that gives wrong answers."""
    return replace(result, status=status, message=message, counterexample="")


def by_category(card: Scorecard) -> tuple[CategoryScore, ...]:
    """Split a scorecard into its categories, in its own order."""
    groups: dict[str, list[CheckResult]] = {}
    for result in card.results:
        groups.setdefault(result.check.category, []).append(result)
    return tuple(CategoryScore(category, tuple(results)) for category, results in groups.items())


def count(results: Iterable[CheckResult]) -> dict[Status, int]:
    """Count results by status, in the order of `Status`; a status that does not occur is counted 0."""
    found = Counter(result.status for result in results)
    return {status: found[status] for status in Status}


def percent(earned: int, possible: int) -> int:
    """Give a share in whole percent: 100 only for all of it, 0 only for none."""
    if possible <= 0 or earned <= 0:
        return 0
    return max(1, 100 * earned // possible)


def totals(cards: Iterable[Scorecard]) -> tuple[int, int]:
    """Add up the points earned and possible; a kata at fault costs nobody anything and is left out."""
    sound = [card for card in cards if not card.broken]
    return sum(card.earned for card in sound), sum(card.possible for card in sound)


def is_survey(cards: Sequence[Scorecard]) -> bool:
    """Tell whether these are one person's scorecards of different katas, so that they can be added up by what is asked.

    Of one kata there may be many: those are of several submissions.
    """
    topics = {(card.question, card.round) for card in cards}
    return len(topics) > 1 and len({card.kata for card in cards}) == len(cards)


def by_question(cards: Iterable[Scorecard]) -> dict[int | None, tuple[Scorecard, ...]]:
    """Group scorecards by the interview question, in their order; those that belong to none come last."""
    groups: dict[int | None, list[Scorecard]] = {}
    for card in sorted(cards, key=_by_number):
        groups.setdefault(card.question, []).append(card)
    return {question: tuple(group) for question, group in groups.items()}


def _by_number(card: Scorecard) -> tuple[float, str]:
    return math.inf if card.question is None else card.question, card.kata


def by_round(cards: Iterable[Scorecard]) -> dict[str, tuple[Scorecard, ...]]:
    """Group scorecards by the round of the interview, in the order of `ROUNDS`; what has none is left out."""
    groups: dict[str, list[Scorecard]] = {}
    for card in cards:
        groups.setdefault(card.round, []).append(card)
    return {name: tuple(groups[name]) for name in ROUNDS if name in groups}


def verdict(card: Scorecard) -> Verdict:
    """Sum a scorecard up in a word."""
    if card.broken:
        return Verdict.BROKEN
    if card.results and all(result.status.earns for result in card.results):
        return Verdict.SOLVED
    ran = [result for result in card.results if result.status is not Status.NOT_RUN]
    if card.is_stub or (ran and all(result.status is Status.NOT_STARTED for result in ran)):
        return Verdict.NOT_STARTED
    return Verdict.UNSOLVED


def plural(number: int, noun: str) -> str:
    """Write a number of things: ``1 check``, ``2 checks``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
