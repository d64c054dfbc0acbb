"""Runs what `diagnosis` decides on: asks the submission, the reference and the known mistakes the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import hypothesis
from hypothesis.errors import HypothesisException

from pytest_mlkata.checks.guards import Guarded
from pytest_mlkata.diagnosis import Observed, agreement, differs, settle
from pytest_mlkata.errors import SubmissionStopped
from pytest_mlkata.kata.mistakes import KnownMistake, name_of, read_mistakes
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Check, Kata, Mistake
from pytest_mlkata.session import trial
from pytest_mlkata.session.engine import Engine
from pytest_mlkata.session.examples import ExampleStore, UnfitError, thaw
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.tape import Step, Taping, play
from pytest_mlkata.solution.vet import vet

CHECKS: Final = 4
"""So many checks of a function that do not hold are looked at."""
EXAMPLES: Final = 16
STEPS: Final = 96
"""So many requests of all checks of a function together."""
CANDIDATES: Final = 32
"""With more mistakes that fail the same checks nothing can be said in time."""
SECONDS: Final = 1.0
"""So much processor time may the submission take to answer: most take a twentieth of that."""
ASLEEP: Final = 10.0
"""So many times that by the clock, which a busy machine must not decide: for a submission that sleeps."""
CALL_SECONDS: Final = 0.5
"""So long may a known mistake take for one call; one that takes longer is no candidate."""


@dataclass(frozen=True)
class Failing:
    """A check that the submission fails, as it can be run again."""

    check: Check
    body: Callable[..., object]
    fixtures: Mapping[str, Any]
    seed: int
    example: Mapping[str, Any] | None
    """With what it fails; None where it cannot be called with that again."""
    stopped: bool
    """Whether the submission could not go on: then there is no answer to compare."""


@dataclass(frozen=True)
class _Tape:
    """What one check asks."""

    function: str
    """The one that the check is about."""
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Seen(_Tape):
    """What one check asks, and what the submission answers; the steps are as many as the answers."""

    observed: tuple[Observed, ...]


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

    def diagnose(
        self, failing: Sequence[Failing], ran: frozenset[str], functions: Iterable[str], submission: Backend
    ) -> dict[str, Mistake]:
        """Return for each function that is wrong the mistake that explains it, if there is one.

        Parameters
        ----------
        failing
            The checks that do not hold.
        ran
            The names of all checks that ran.
        functions
            Those to look at. All their checks must have run: one that did not could tell two mistakes apart.
        submission
            What runs the submission.
        """
        failed = frozenset(name_of(each.check.id) for each in failing)
        candidates = [known for known in read_mistakes(self._kata) if could_be(known, failed, ran)]
        if not 0 < len(candidates) <= CANDIDATES:
            return {}
        seen = self._seen(_chosen(failing, frozenset(functions)), submission)
        agreements: dict[str, dict[KnownMistake, int]] = {tape.function: {} for tape in seen}
        for known in candidates if seen else ():
            for function, count in self._explained(known, seen).items():
                agreements[function][known] = count
        return settle(agreements)

    def _seen(self, failing: Mapping[str, Sequence[Failing]], submission: Backend) -> list[_Seen]:
        """Ask the submission again; what is left are the functions that it goes on with, and has wrong."""
        tapes = self._tapes(failing)
        submission.reset()
        until = submission.cpu_seconds() + SECONDS, time.monotonic() + ASLEEP * SECONDS
        seen: list[_Seen] = []
        stuck: set[str] = set()
        for tape in tapes:
            if tape.function in stuck:
                continue
            observed = _observed(tape, submission, until)
            if observed is None:
                stuck.add(tape.function)
            elif observed.steps:
                seen.append(observed)
        wrong = {tape.function for tape in seen if differs(tape.observed)} - stuck
        return [tape for tape in seen if tape.function in wrong]

    def _explained(self, known: KnownMistake, seen: Sequence[_Seen]) -> dict[str, int]:
        """Return the functions that a mistake explains, and on how many inputs."""
        counts: dict[str, int] = {}
        refuted: set[str] = set()
        # Whoever cannot even be loaded explains nothing.
        with suppress(SubmissionStopped), self._started(known) as backend:
            for tape in seen:
                if tape.function in refuted:
                    continue
                with suppress(SubmissionStopped):
                    count = agreement(tape.observed, play(tape.steps, backend))
                    if count is not None:
                        counts[tape.function] = counts.get(tape.function, 0) + count
                        continue
                refuted.add(tape.function)
        return {function: count for function, count in counts.items() if count and function not in refuted}

    @contextmanager
    def _started(self, known: KnownMistake) -> Iterator[Backend]:
        """Start a mistake: in a process of its own wherever submissions run, for it may well hang."""
        limits = self._kata.limits
        brief = replace(limits, call_seconds=min(CALL_SECONDS, limits.call_seconds))
        backend = self._engine.apart(replace(self._kata, limits=brief), vet(known.path, ()), ())
        try:
            yield backend
        finally:
            backend.close()

    def _tapes(self, failing: Mapping[str, Sequence[Failing]]) -> list[_Tape]:
        """Return what the checks ask."""
        functions = read_stub(self._kata.stub)
        taping = Taping(vet(self._kata.reference, ()), name=self._kata.name)
        reference = Guarded(
            taping,
            tuple(function.name for function in functions),
            parameters={function.name: function.parameters for function in functions},
            may_vary=self._kata.guards.may_vary,
        )
        tapes = []
        with closing(taping):
            for function, several in failing.items():
                for each in several:
                    reference.start_over()
                    taping.rewind(STEPS // len(several))
                    self._rerun(each, {**each.fixtures, "solution": reference})
                    tapes.append(_Tape(function, tuple(taping.steps)))
        return tapes

    def _rerun(self, failing: Failing, fixtures: Mapping[str, Any]) -> None:
        """Run a check with what it fails with, and then with others of its examples."""
        if not hypothesis.is_hypothesis_test(failing.body):
            trial.run(failing.body, fixtures, failing.seed)
            return
        if failing.example is not None:
            trial.replay(failing.body, {**failing.example, **fixtures})
        kept = self._store.load(failing.check.id) if self._store is not None else None
        if kept is not None:
            try:
                trial.rerun(failing.body, fixtures, map(thaw, kept[:EXAMPLES]))
            except (HypothesisException, UnfitError):
                pass
            else:
                return
        trial.run(failing.body, fixtures, failing.seed, patience=0)


def _observed(tape: _Tape, submission: Backend, until: tuple[float, float]) -> _Seen | None:
    """Return what a submission answers; None where it cannot go on, or takes too long."""
    answers = []
    try:
        for answer in play(tape.steps, submission):
            answers.append(answer)
            if submission.cpu_seconds() > until[0] or time.monotonic() > until[1]:
                return None
    except SubmissionStopped:
        return None
    observed = tuple(
        Observed(step.name.encode() + step.frame, answer, step.answer)
        for step, answer in zip(tape.steps, answers, strict=False)
    )
    return _Seen(tape.function, tape.steps[: len(answers)], observed)


def could_be(known: KnownMistake, failed: frozenset[str], ran: frozenset[str]) -> bool:
    """Tell whether a mistake fails such checks as were failed.

    Parameters
    ----------
    known
        The mistake.
    failed, ran
        Names of checks.
    """
    caught = {name_of(each) for each in known.caught_by} & ran
    return bool(caught) and caught <= failed


def _chosen(failing: Sequence[Failing], functions: frozenset[str]) -> dict[str, list[Failing]]:
    """Return for each function the checks to look at."""
    chosen: dict[str, list[Failing]] = {}
    stopped = {each.check.function for each in failing if each.stopped}
    for each in failing:
        function = each.check.function
        if "scratch" in each.fixtures:
            continue  # what was written there cannot be asked again
        if each.check.category not in EFFICIENCY_CATEGORIES and function in functions - stopped:
            chosen.setdefault(function, []).append(each)
    return {function: several[:CHECKS] for function, several in chosen.items()}
