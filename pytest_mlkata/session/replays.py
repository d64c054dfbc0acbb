"""Runs what `diagnosis` decides on: asks the submission, the reference and the known mistakes the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import hypothesis
from hypothesis.errors import HypothesisException

from pytest_mlkata.checks.guards import Guarded
from pytest_mlkata.diagnosis import Observed, agreement, differs, settle
from pytest_mlkata.errors import SubmissionStopped
from pytest_mlkata.kata.mistakes import KnownMistake, read_mistakes
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Check, Kata, Mistake
from pytest_mlkata.session import trial
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.session.examples import ExampleStore, UnfitError, thaw
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.tape import Answer, Step, Taping, play
from pytest_mlkata.solution.vet import vet

CHECKS: Final = 4
"""So many checks of a function that do not hold are looked at."""
EXAMPLES: Final = 12
STEPS: Final = 30
"""So many requests of one check."""
CANDIDATES: Final = 12
"""With more mistakes that fail the same checks nothing can be said in time."""


@dataclass(frozen=True)
class Failing:
    """A check that the submission fails, as it can be run again."""

    check: Check
    body: Callable[..., object]
    fixtures: Mapping[str, Any]
    seed: int


class Diagnoser:
    """Finds out which known mistakes a submission behaves like.

    Parameters
    ----------
    engine
        Starts the known mistakes.
    kata
        The kata.
    store
        The examples of its checks, if they are kept.
    """

    def __init__(self, engine: Engine, kata: Kata, store: ExampleStore | None) -> None:
        self._engine = engine
        self._kata = kata
        self._store = store

    def diagnose(self, failing: Sequence[Failing], ran: frozenset[str], submission: Backend) -> dict[str, Mistake]:
        """Return for each function that is wrong the mistake that explains it, if there is one.

        Parameters
        ----------
        failing
            The checks that do not hold.
        ran
            The names of all checks that ran.
        submission
            What runs the submission.
        """
        failed = frozenset(name_of(each.check) for each in failing)
        candidates = [known for known in read_mistakes(self._kata) if could_be(known, failed, ran)]
        if not 0 < len(candidates) <= CANDIDATES:
            return {}
        steps = self._tape(_chosen(failing))
        submission.reset()
        try:
            mine = list(play([step for _, step in steps], submission))
        except SubmissionStopped:
            return {}
        observed = [
            Observed(function, step.name.encode() + step.frame, answer, step.answer)
            for (function, step), answer in zip(steps, mine, strict=False)
        ]
        agreements: dict[str, dict[KnownMistake, int]] = {}
        if differs(observed):
            for known in candidates:
                for function, count in self._explained(known, [step for _, step in steps], observed):
                    agreements.setdefault(function, {})[known] = count
        return settle(agreements)

    def _explained(self, known: KnownMistake, steps: list[Step], observed: list[Observed]) -> Iterator[tuple[str, int]]:
        """Give the functions that a mistake explains, and on how many inputs."""
        answers: list[Answer] = []
        with self._started(known) as backend:
            try:
                answers += play(steps[: len(observed)], backend)
            except SubmissionStopped:
                return
        for function in dict.fromkeys(each.function for each in observed):
            mine = [index for index, each in enumerate(observed) if each.function == function]
            if mine[-1] >= len(answers):
                continue
            count = agreement([observed[i] for i in mine], [answers[i] for i in mine])
            if count:
                yield function, count

    @contextmanager
    def _started(self, known: KnownMistake) -> Iterator[Backend]:
        running = self._engine.start(self._kata, known.path, (), aside=True)
        try:
            yield running.backend
        finally:
            running.close()

    def _tape(self, failing: Sequence[Failing]) -> list[tuple[str, Step]]:
        """Return what the checks ask, each request with the function that its check is about."""
        functions = read_stub(self._kata.stub)
        taping = Taping(vet(self._kata.reference, ()), name=self._kata.name, most=STEPS)
        reference = Guarded(
            taping,
            tuple(function.name for function in functions),
            parameters={function.name: function.parameters for function in functions},
            may_vary=self._kata.guards.may_vary,
        )
        steps = []
        for each in failing:
            reference.start_over()
            taping.rewind()
            self._rerun(each, {**each.fixtures, "solution": reference})
            steps += [(each.check.function, step) for step in taping.steps]
        taping.close()
        return steps

    def _rerun(self, failing: Failing, fixtures: Mapping[str, Any]) -> None:
        if not hypothesis.is_hypothesis_test(failing.body):
            trial.run(failing.body, fixtures, failing.seed)
            return
        kept = self._store.load(failing.check.id) if self._store is not None else None
        if kept is not None:
            try:
                trial.rerun(failing.body, fixtures, map(thaw, kept[:EXAMPLES]))
            except (HypothesisException, UnfitError):
                pass
            else:
                return
        trial.run(failing.body, fixtures, failing.seed, patience=0)


def could_be(known: KnownMistake, failed: frozenset[str], ran: frozenset[str]) -> bool:
    """Tell whether a mistake fails such checks as were failed.

    Parameters
    ----------
    known
        The mistake.
    failed, ran
        Names of checks.
    """
    caught = {name.partition("::")[2].partition("[")[0] or name for name in known.caught_by} & ran
    return bool(caught) and caught <= failed


def name_of(check: Check) -> str:
    """Return the name of the test behind a check."""
    return check.id.partition("::")[2].partition("[")[0]


def _chosen(failing: Sequence[Failing]) -> list[Failing]:
    count: dict[str, int] = {}
    chosen = []
    for each in failing:
        if each.check.category in EFFICIENCY_CATEGORIES:
            continue
        count[each.check.function] = count.get(each.check.function, 0) + 1
        if count[each.check.function] <= CHECKS:
            chosen.append(each)
    return chosen
