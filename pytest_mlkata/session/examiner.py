"""Runs a check on a bench and says what came of it."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.errors import HypothesisException
from hypothesis.strategies import DataObject

from pytest_mlkata.errors import Inconclusive, NotStarted, SubmissionStopped, SubmissionUnloadable
from pytest_mlkata.kata.mistakes import name_of
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, MINIMAL_CHANGE, Check, Status
from pytest_mlkata.session import trial
from pytest_mlkata.session.engine import Bench
from pytest_mlkata.session.examples import ExampleStore, Recorder, UnfitError, thaw
from pytest_mlkata.session.memory import Memory, Remembering
from pytest_mlkata.session.outcome import PASSED, Blocked, BrokenKata, Outcome, describe, judge
from pytest_mlkata.session.replays import Failing


class Examiner:
    """Examines one submission, check by check.

    Parameters
    ----------
    bench
        What the checks work on.
    seed
        The seed of the run.
    store
        Where the examples of generated checks are kept; without it they are generated in each run.
    fresh
        A seed from which further examples are drawn, once a check holds for those that it always gets.
    shrink
        Whether counterexamples are made small, for a person to read. It takes time and changes no grade.
    memory
        What a grading just before this one has shown; without it nothing is left out or taken down.
    lacks
        What is not installed that the kata needs: then no check is run.
    """

    def __init__(
        self,
        bench: Bench,
        seed: int,
        store: ExampleStore | None = None,
        *,
        fresh: int | None = None,
        shrink: bool = True,
        memory: Memory | None = None,
        lacks: str = "",
    ) -> None:
        self._bench = bench
        self._seed = seed
        self._store = store
        self._fresh = fresh
        self._patience = trial.PATIENCE if shrink else 0
        self._lacks = lacks
        self._wrong: set[str] = set()
        self.failing: list[Failing] = []
        """What does not hold, for a diagnosis."""
        self.ran: set[str] = set()
        self.remembering = None if memory is None else Remembering(memory, bench.source)

    def examine(self, item: pytest.Function, kata: str, check: Check) -> tuple[Outcome, BaseException | None]:
        """Run `check`; give back its outcome, and the exception that pytest should see."""
        raised, counterexample = self._attempt(item, kata, check)
        if raised is None:
            return PASSED, None
        outcome = judge(raised, counterexample)
        if outcome.status in (Status.FAILED, Status.ERROR) and check.category not in EFFICIENCY_CATEGORIES:
            self._wrong.add(check.function)
        return outcome, None if outcome.status is Status.INCONCLUSIVE else raised

    def _attempt(self, item: pytest.Function, kata: str, check: Check) -> tuple[BaseException | None, str]:
        if self._lacks:
            return Blocked(self._lacks), ""
        if self._bench.fault is not None:
            return self._bench.fault, ""
        if check.category in EFFICIENCY_CATEGORIES and check.function in self._wrong:
            return Blocked(f"{check.function} is not correct yet"), ""
        if check.category not in EFFICIENCY_CATEGORIES:
            self.ran.add(name_of(check.id))
        if self.remembering is not None and self.remembering.holds(check.id):
            return None, ""
        return self._try(item, kata, check)

    def _try(self, item: pytest.Function, kata: str, check: Check) -> tuple[BaseException | None, str]:
        """Run the check, for there is something to see."""
        self._bench.reset()
        fixtures = _fixtures(item)
        seed = trial.seed_of(self._seed, kata, check.id)
        failure = self._run(item, check, fixtures, seed)
        if failure is None and self._fresh is not None and hypothesis.is_hypothesis_test(item.obj):
            self._bench.reset()
            seed = trial.seed_of(self._fresh, kata, check.id)
            failure = trial.run(item.obj, fixtures, seed, patience=self._patience)
        item.add_report_section("call", "stdout", self._bench.take_output())
        if failure is None:
            if self.remembering is not None and self._bench.solution is not None:
                self.remembering.take(item, check.id, self._bench.solution.functions_called)
            return None, ""
        fault = self._fault_of_the_kata(item, check, failure, seed)
        if fault is not None:
            return fault, ""
        if isinstance(failure.raised, NotStarted | SubmissionUnloadable):
            # It would have been so with any arguments.
            return failure.raised, ""
        example = failure.arguments if _replayable(failure) else None
        stopped = isinstance(failure.raised, SubmissionStopped)
        self.failing.append(Failing(check, item.obj, fixtures, seed, example, stopped))
        return failure.raised, self._counterexample(fixtures, failure.arguments)

    def _run(self, item: pytest.Function, check: Check, fixtures: Mapping[str, Any], seed: int) -> trial.Failure | None:
        """Run the check on the examples that are kept, and have others generated only where it fails or there are none.

        The outcome is that of a run which generates them.
        """
        if self._store is None or not hypothesis.is_hypothesis_test(item.obj):
            return trial.run(item.obj, fixtures, seed, patience=self._patience)
        failure: trial.Failure | None = None
        recorder: Recorder | None = Recorder(fixtures)
        kept = self._store.load(check.id)
        if kept is not None:
            with suppress(HypothesisException, UnfitError):
                failure = trial.rerun(item.obj, fixtures, map(thaw, kept))
                if failure is None or not self._patience:
                    return failure
            # What was done for these examples must not show in the next run.
            recorder = None
            self._bench.take_output()
            self._bench.reset()
            self._bench.clear_scratch()
        again = trial.run(item.obj, fixtures, seed, patience=self._patience, recorder=recorder)
        if recorder is not None:
            self._keep(item, check, fixtures, seed, recorder, complete=again is None)
        # Once is enough: a solution that fails now and then fails.
        return again or failure

    def _keep(
        self,
        item: pytest.Function,
        check: Check,
        fixtures: Mapping[str, Any],
        seed: int,
        recorder: Recorder,
        *,
        complete: bool,
    ) -> None:
        """Keep the examples of a check; where it has failed early, those that the reference meets."""
        assert self._store is not None
        if not complete and "solution" in fixtures and not recorder.unfit:
            recorder = Recorder(fixtures)
            complete = (
                trial.run(
                    item.obj, {**fixtures, "solution": self._bench.reference}, seed, patience=0, recorder=recorder
                )
                is None
            )
        if complete and not recorder.unfit:
            self._store.save(check.id, recorder.taken())

    def _fault_of_the_kata(
        self, item: pytest.Function, check: Check, failure: trial.Failure, seed: int
    ) -> BrokenKata | None:
        """Judge the check by the reference: what the reference fails too is no fault of the submission."""
        if isinstance(failure.raised, NotStarted | Inconclusive):
            return None
        if isinstance(failure.raised, pytest.skip.Exception):
            return BrokenKata(f"{check.id} skips itself; a check holds or fails")
        if check.category in ("timing", MINIMAL_CHANGE):
            # A measurement of the reference against itself says nothing about the check.
            return None
        if "solution" not in item.fixturenames:
            return BrokenKata(
                f"{check.id} fails without asking for `solution`: {type(failure.raised).__name__}: {failure.raised}"
            )
        raised = self._with_reference(item, failure, seed)
        if raised is None or isinstance(raised, Inconclusive):
            return None
        where = _line_of(item.path, raised)
        return BrokenKata(f"{check.id}: the kata's own reference fails it{where}: {type(raised).__name__}: {raised}")

    def _with_reference(self, item: pytest.Function, failure: trial.Failure, seed: int) -> BaseException | None:
        """What the check raises when the reference answers it."""
        fixtures = _fixtures(item)
        if "solution" not in fixtures:
            # A fixture of the kata's own has called it already.
            return None
        # What the submission has written there is no fault of the reference.
        self._bench.clear_scratch()
        if _replayable(failure):
            raised = trial.replay(item.obj, {**failure.arguments, "solution": self._bench.reference})
            if not isinstance(raised, HypothesisException):
                return raised
            self._bench.clear_scratch()
        again = trial.run(item.obj, {**fixtures, "solution": self._bench.reference}, seed, patience=0)
        return None if again is None else again.raised

    def _counterexample(self, fixtures: Mapping[str, Any], arguments: Mapping[str, Any]) -> str:
        generated = {name: value for name, value in arguments.items() if name not in fixtures}
        # What was drawn during the check is not known by name.
        return describe({name: value for name, value in generated.items() if not isinstance(value, DataObject)})


def _line_of(path: Path, raised: BaseException) -> str:
    """Where in a check file something was raised: that may be a slip there, and no fault of the reference."""
    frames = traceback.walk_tb(raised.__traceback__)
    lines = [line for frame, line in frames if Path(frame.f_code.co_filename) == path]
    return f" in line {lines[-1]}" if lines else ""


def _replayable(failure: trial.Failure) -> bool:
    """Whether the failing call can be made again by itself.

    What ``st.data()`` gave cannot be drawn twice, and what Hypothesis itself raised came of no single call.
    """
    drawn = any(isinstance(value, DataObject) for value in failure.arguments.values())
    return not drawn and not isinstance(failure.raised, HypothesisException)


def _fixtures(item: pytest.Function) -> dict[str, Any]:
    """The values of the fixtures (and parameters) that the check asks for."""
    return {name: item.funcargs[name] for name in item._fixtureinfo.argnames}  # noqa: SLF001  # as pytest itself does
