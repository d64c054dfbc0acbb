"""What is wrong with the way a shipped solution was graded."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.scan import parsed
from pytest_mlkata.authoring.specimens import Specimen
from pytest_mlkata.errors import UNLOADABLE
from pytest_mlkata.kata.manifest import check_files
from pytest_mlkata.kata.mistakes import is_called, is_named, name_of
from pytest_mlkata.model import (
    EFFICIENCY_CATEGORIES,
    MINIMAL_CHANGE,
    Check,
    CheckResult,
    Kata,
    Mistake,
    Scorecard,
    Status,
)
from pytest_mlkata.scoring import plural

LOST = (Status.FAILED, Status.ERROR)
"""A check has seen a mistake."""
ENOUGH_NAMED = 0.9
"""The share of the mistakes of value that a learner should be told by name."""
_NOT_OF_VALUE = {*EFFICIENCY_CATEGORIES, MINIMAL_CHANGE}
MAY_BE_NAMELESS = 2
"""In a small kata a share says little: so many may always be told by no name."""


@dataclass(frozen=True)
class Run:
    """How one specimen was graded once."""

    isolation: str
    seed: int
    scorecard: Scorecard


@dataclass(frozen=True)
class Judgement:
    """How one specimen was graded."""

    specimen: Specimen
    runs: tuple[Run, ...]
    """The first one is what is shown."""
    repeated: tuple[Scorecard, ...]
    """Further runs that ask for the same as the first."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with that."""

    @property
    def scorecard(self) -> Scorecard:
        """Its grade in the first run."""
        return self.runs[0].scorecard

    @property
    def extra(self) -> tuple[str, ...]:
        """The checks that a wrong solution fails beside those that it declares."""
        failing = (result.check for result in self.scorecard.results if result.status in LOST)
        return tuple(check.id for check in failing if not declares(self.specimen, check))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What a learner would be told who handed it in."""
        found = [result.mistake for result in self.scorecard.results if result.mistake is not None]
        return tuple(dict.fromkeys(found))

    @property
    def is_of_value(self) -> bool:
        """Whether it is a wrong solution by what it answers, and not only by how long that takes."""
        return any(
            result.check.category not in _NOT_OF_VALUE and declares(self.specimen, result.check)
            for result in self.scorecard.results
        )


def verdicts(kata: Kata, judgement: Judgement) -> tuple[Finding, ...]:
    """Compare what a specimen has earned with what it should.

    Parameters
    ----------
    kata
        The kata that it belongs to.
    judgement
        Its grades.
    """
    return tuple(_judge(kata, judgement))


def few_named(kata: Kata, judgements: Iterable[Judgement]) -> tuple[tuple[int, int], tuple[Finding, ...]]:
    """Return how many mistakes of value are told by name, of how many, and what is to be mended."""
    on_disk = _checks_of_files(kata)
    counted = [
        each
        for each in judgements
        if each.specimen.kind == "wrong"
        and each.is_of_value
        and not on_disk.issuperset(map(name_of, each.specimen.caught_by))
    ]
    nameless = [each.specimen.path.stem for each in counted if not each.mistakes]
    named = len(counted) - len(nameless)
    if len(nameless) <= MAY_BE_NAMELESS or named >= ENOUGH_NAMED * len(counted):
        return (named, len(counted)), ()
    advice = "let two that behave the same have one `group`, and the checks generate examples that tell them apart"
    said = f"only {named} of {len(counted)} mistakes are told by name, not {some(nameless)}; {advice}"
    return (named, len(counted)), (Finding(kata.hidden / "wrong", said),)


def _checks_of_files(kata: Kata) -> frozenset[str]:
    """Return the checks that ask for a folder: what was written there cannot be asked again, and shows no mistake."""
    trees = [tree for path in check_files(kata) if (tree := parsed(path)) is not None]
    return frozenset(
        node.name
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and "scratch" in {argument.arg for argument in node.args.args}
    )


def unsteady(judgement: Judgement) -> Iterable[Finding]:
    """The checks that come to different grades when nothing that matters is different.

    A wrong solution may well take just about as long as is allowed: that is no fault of a check of time which it does
    not declare.
    """
    specimen, cards = judgement.specimen, [judgement.scorecard, *judgement.repeated]
    found: dict[str, list[Status]] = {}
    for card in cards:
        for result in card.results:
            if result.check.category == "timing" and specimen.kind == "wrong" and not declares(specimen, result.check):
                continue
            status = Status.PASSED if result.status.earns else result.status
            found.setdefault(result.check.id, []).append(status)
    for check, statuses in found.items():
        if len(set(statuses)) > 1:
            said = ", ".join(status.replace("_", " ") for status in statuses)
            yield Finding(
                specimen.path,
                f"is not graded the same in {len(cards)} runs: {name_of(check)} says {said}; let the check depend on "
                f"nothing but its examples, or the solution be clearly right or wrong",
            )


def misnamed(judgement: Judgement) -> Iterable[Finding]:
    """What a learner would be told wrongly."""
    specimen = judgement.specimen
    for mistake in judgement.mistakes:
        if specimen.kind != "wrong":
            advice = "no mistake may behave like it where both were tried"
            yield Finding(specimen.path, f"is told to be the mistake {mistake.id} ({mistake.name}); {advice}")
        elif mistake.id != specimen.path.stem and (not specimen.group or mistake.name != specimen.group):
            advice = "give both the same `group`, or let a check generate examples that tell them apart"
            yield Finding(specimen.path, f"is told to be another mistake, {mistake.id} ({mistake.name}); {advice}")


def declares(specimen: Specimen, check: Check) -> bool:
    """Whether a wrong solution says that a check must fail."""
    return is_named(check.id, specimen.caught_by)


def some(names: Sequence[str], most: int = 4) -> str:
    """The first of some names, and how many more there are."""
    listed = list(dict.fromkeys(names))
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def _judge(kata: Kata, judgement: Judgement) -> Iterable[Finding]:
    specimen, scorecard = judgement.specimen, judgement.scorecard
    if scorecard.broken:
        yield Finding(kata.hidden, f"the kata is broken, so nothing can be graded: {scorecard.broken}")
    elif specimen.kind == "stub":
        if scorecard.earned:
            held = ", ".join(name_of(result.check.id) for result in scorecard.results if result.earned)
            yield Finding(
                specimen.path,
                f"earns {plural(scorecard.earned, 'point')} as it is, in {held}; a stub earns nothing: let its "
                f"functions raise NotImplementedError, and the checks demand more",
            )
    elif specimen.is_right:
        yield from _judge_right(specimen, judgement.runs)
    else:
        yield from _judge_wrong(specimen, scorecard)


def _judge_right(specimen: Specimen, runs: Sequence[Run]) -> Iterable[Finding]:
    """One finding for each reason: a solution that does not load fails every check for the same one."""
    lost: dict[tuple[str, str], list[tuple[str, Run]]] = {}
    for run in runs:
        if run.scorecard.broken:
            reason = ("broken", _line(run.scorecard.broken))
            lost.setdefault(reason, []).append(("everything", run))
        for result in run.scorecard.results:
            # What is blocked follows from another check that fails, which is said.
            if not result.status.earns and result.status is not Status.BLOCKED:
                reason = (_said(result), _line(result.message))
                lost.setdefault(reason, []).append((name_of(result.check.id), run))
    for (status, message), places in lost.items():
        yield Finding(
            specimen.path,
            f"is right, but loses {some([check for check, _ in places])}{_where(runs, [run for _, run in places])} "
            f"({status}: {message}); mend the solution or the check",
        )


def _where(runs: Sequence[Run], losing: Sequence[Run]) -> str:
    """In which runs something is lost, unless that is so in all of them."""
    if all(run in losing for run in runs):
        return ""
    places: dict[str, list[str]] = {}
    for run in runs:
        if run in losing:
            places.setdefault(run.isolation, []).append(str(run.seed))
    return " in " + " and in ".join(f"{name} with seed {', '.join(seeds)}" for name, seeds in places.items())


def _judge_wrong(specimen: Specimen, scorecard: Scorecard) -> Iterable[Finding]:
    reason = _only_reason(scorecard)
    if reason:
        yield Finding(specimen.path, f"fails every check for one reason ({reason}); mend it, or it shows nothing")
        return
    lost = {name_of(result.check.id) for result in scorecard.results if result.status in LOST}
    known = dict.fromkeys(name_of(result.check.id) for result in scorecard.results)
    for wanted in specimen.caught_by:
        called = [result for result in scorecard.results if is_called(result.check.id, wanted)]
        if not called:
            near = difflib.get_close_matches(wanted, known, n=1)
            advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            yield Finding(specimen.path, f"caught_by names {wanted}, but no check is called that; {advice}")
        elif not any(result.status in LOST for result in called):
            verdict = " and ".join(dict.fromkeys(_said(result) for result in called))
            yield Finding(
                specimen.path,
                f"is wrong, but {wanted} does not fail ({verdict}; {some(sorted(lost)) or 'no check'} fails); "
                f"let the check find the mistake, or name one that does in caught_by",
            )


def _only_reason(scorecard: Scorecard) -> str:
    """Return why nothing works, where it is the same for every check: the file does not load, say."""
    ran = [result for result in scorecard.results if result.status not in (Status.BLOCKED, Status.NOT_RUN)]
    reasons = {(result.status, result.message) for result in ran}
    if len(reasons) != 1 or ran[0].status is not Status.ERROR:
        return ""
    everything = all(result.status is not Status.NOT_RUN for result in scorecard.results) and len(ran) > 1
    return _line(ran[0].message) if everything or ran[0].message.startswith(UNLOADABLE) else ""


def _said(result: CheckResult) -> str:
    return result.status.replace("_", " ")


def _line(message: str) -> str:
    return message.partition("\n")[0]
