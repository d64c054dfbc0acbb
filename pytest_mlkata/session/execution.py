"""Runs the checks of an inner run, and puts what they found on pytest's reports."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Generator
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.kata.mistakes import name_of
from pytest_mlkata.model import EFFICIENCY_CATEGORIES, Check, CheckResult, Kata, Mistake, Status
from pytest_mlkata.session.engine import Bench, Engine
from pytest_mlkata.session.examiner import Examiner
from pytest_mlkata.session.examples import ExampleStore
from pytest_mlkata.session.memory import Memory
from pytest_mlkata.session.nodes import BENCH, CHECK, KataNode, forget_modules, kata_node
from pytest_mlkata.session.outcome import Outcome, judge
from pytest_mlkata.session.recorder import ATTRIBUTE, is_controller, is_worker, result_rider
from pytest_mlkata.session.replays import Diagnoser
from pytest_mlkata.session.request import RunRequest
from pytest_mlkata.session.trial import deterministic_generation
from pytest_mlkata.solution.output import Output

OUTCOME = pytest.StashKey[Outcome]()
EXAMINER = pytest.StashKey[Examiner]()
MISTAKES = pytest.StashKey[dict[str, Mistake]]()
"""For each function of a kata that is wrong the mistake that explains it."""


_FIXTURES = ("solution", "scratch")
"""What a check may ask for, beside fixtures of pytest's and of its own."""


class Execution:
    """The plugin object that runs checks."""

    def __init__(self, config: pytest.Config, request: RunRequest) -> None:
        self._config = config
        self._request = request
        self._exits = ExitStack()
        self._engine: Engine | None = None
        self._introduced: set[str] = set()
        self._ended: set[KataNode] = set()
        self.memory: Memory | None = None
        """What checks need not show again, see `Examiner`."""

    def pytest_sessionstart(self) -> None:
        """Start what takes time while pytest collects."""
        if is_controller(self._config):
            return
        self._exits.enter_context(deterministic_generation(self._storage()))
        forget_modules()
        self._exits.callback(forget_modules)
        if not self._config.option.collectonly:
            self._engine = Engine(self._request.isolation)
            self._exits.callback(self._engine.close)

    @property
    def isolation(self) -> str:
        """Where solutions run."""
        return self._request.isolation

    @property
    def engine(self) -> Engine:
        """What starts solutions in this run; there is one as soon as the session has started."""
        assert self._engine is not None
        return self._engine

    def _storage(self) -> Path:
        """A folder to keep tables in from run to run, if there is a cache."""
        cache: pytest.Cache | None = getattr(self._config, "cache", None)
        if cache is not None:
            with suppress(OSError):
                return cache.mkdir("hypothesis")
        return Path(self._exits.enter_context(TemporaryDirectory(prefix="mlkata-")))

    def open_bench(self, node: KataNode) -> None:
        """Make the submission of a kata's node callable until the node is torn down."""
        assert node.kata is not None
        bench = Bench(self.engine, _limited(node.kata, self._request.call_seconds), node.grading.submission.path)
        node.stash[BENCH] = bench
        store = ExampleStore(node.kata, self._request.seed) if self._request.keep else None
        node.stash[EXAMINER] = Examiner(
            bench,
            self._request.seed,
            store,
            fresh=self._request.fresh,
            shrink=self._request.shrink,
            memory=self.memory,
            lacks=node.lacks,
        )
        node.addfinalizer(bench.close)
        node.addfinalizer(lambda: self._diagnose(node, bench, store))

    def _diagnose(self, node: KataNode, bench: Bench, store: ExampleStore | None) -> None:
        """Find out, once all checks of a kata have run, what known mistakes those that fail point to."""
        assert node.kata is not None
        examiner = node.stash[EXAMINER]
        functions = self._seen_whole(node, examiner.ran)
        if examiner.failing and bench.backend is not None and functions and not self._request.first_failure:
            diagnoser = Diagnoser(self.engine, node.kata, store)
            node.stash[MISTAKES] = diagnoser.diagnose(
                examiner.failing, frozenset(examiner.ran), functions, bench.backend
            )

    def _seen_whole(self, node: KataNode, ran: Collection[str]) -> set[str]:
        """Return the functions all of whose checks have run here, and not only those that were asked for.

        Where processes share the checks of one grading, chance decides which has all of a function's.
        """
        if not self._request.diagnose:
            return set()
        missed = {
            check.function
            for check in node.checks
            if check.category not in EFFICIENCY_CATEGORIES and name_of(check.id) not in ran
        }
        if missed and is_worker(self._config):
            return set()
        return {check.function for check in node.checks} - missed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Leave out what follows the first failure of a grading, if that is all that is asked for."""
        if CHECK not in item.stash or kata_node(item) not in self._ended:
            return None
        # The node of the grading ends with its last check, whether or not that one has run.
        item.session._setupstate.teardown_exact(nextitem)  # noqa: SLF001  # as pytest's own runner does
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run a check on the bench of its kata."""
        node = kata_node(pyfuncitem)
        outcome, raised = node.stash[EXAMINER].examine(
            pyfuncitem, node.grading.submission.kata, pyfuncitem.stash[CHECK]
        )
        pyfuncitem.stash[OUTCOME] = outcome
        if raised is not None:
            raise raised
        return True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the result on pytest's own report: it travels with it."""
        if not self._request.reveal:
            item.repr_failure = _unseen  # type: ignore[assignment, method-assign]
        report = yield
        if call.when == "teardown" and report.passed:
            self._hand_over_mistakes(item, report)
        if CHECK not in item.stash:
            return report
        if call.when != "call" and report.passed:
            return report
        outcome = _outcome(item, call)
        if self._request.first_failure and not outcome.status.earns:
            self._ended.add(kata_node(item))
        _align(report, outcome.status)
        result = CheckResult(
            check=item.stash[CHECK],
            status=outcome.status,
            message=outcome.message,
            counterexample=outcome.counterexample,
            output=_printed(report),
            seconds=report.duration,
        )
        if report.failed and not self._request.reveal:
            report.longrepr = "\n".join(filter(None, (result.message, result.counterexample, result.check.hint)))
            report.sections = []
        setattr(report, ATTRIBUTE, self._rider(item, result))
        return report

    def _hand_over_mistakes(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Put what was found out on the last report of a kata."""
        node = kata_node(item)
        mistakes = node.stash.get(MISTAKES, None)
        if mistakes:
            del node.stash[MISTAKES]
            riders = {function: asdict(mistake) for function, mistake in mistakes.items()}
            setattr(report, ATTRIBUTE, {"grading": node.grading.name, "mistakes": riders})

    def _rider(self, item: pytest.Item, result: CheckResult) -> dict[str, Any]:
        node = kata_node(item)
        rider: dict[str, Any] = {"grading": node.grading.name, "result": result_rider(result)}
        if node.grading.name not in self._introduced:
            self._introduced.add(node.grading.name)
            rider["declared"] = [asdict(check) for check in node.checks]
        return rider

    def pytest_unconfigure(self) -> None:
        """End what `pytest_sessionstart` began, however the run ended."""
        self._exits.close()


def _outcome(item: pytest.Item, call: pytest.CallInfo[None]) -> Outcome:
    outcome = item.stash.get(OUTCOME, None)
    if call.when == "call" and outcome is not None:
        return outcome
    raised = call.excinfo.value if call.excinfo is not None else None
    if isinstance(raised, KeyboardInterrupt):
        # It only comes here under --pdb: otherwise it ends the run.
        return Outcome(Status.ERROR, "interrupted at the keyboard")
    bench = kata_node(item).stash.get(BENCH, None)
    if bench is not None and bench.fault is not None:
        return judge(bench.fault)
    if isinstance(raised, CheckFailed | SubmissionRaised | SubmissionStopped):
        # A fixture of the kata's own calls the solution.
        return judge(raised)
    return Outcome(Status.BROKEN, _fault_outside(item, call))


def _limited(kata: Kata, call_seconds: float | None) -> Kata:
    """Return the kata with less time for one call, if so much less is asked for."""
    if call_seconds is None or call_seconds >= kata.limits.call_seconds:
        return kata
    return replace(kata, limits=replace(kata.limits, call_seconds=call_seconds))


def _unseen(_raised: object, _style: object = None) -> str:
    """Take the place of pytest's own view of a failure: nobody would see it, and it takes longer than most checks."""
    return ""


def _align(report: pytest.TestReport, status: Status) -> None:
    """Have pytest count a check as what it is, whatever another plugin makes of it (an xfail, for one)."""
    report.outcome = "passed" if status.earns else "failed"
    vars(report).pop("wasxfail", None)
    if report.when != "teardown":
        # What fails outside of the call is an error to pytest, not a failure.
        report.when = "setup" if status is Status.BROKEN else "call"


def _printed(report: pytest.TestReport) -> str:
    """What was printed during a check; pytest's own capture knows no limit."""
    output = Output()
    output.add((report.capstdout + report.capstderr).encode("utf-8", "backslashreplace"))
    return output.take()


def _fault_outside(item: pytest.Item, call: pytest.CallInfo[None]) -> str:
    """What went wrong before or after a check, where only the kata can be at fault."""
    check: Check = item.stash[CHECK]
    raised = call.excinfo.value if call.excinfo is not None else None
    if isinstance(raised, pytest.skip.Exception):
        return f"{check.id} skips itself; a check holds or fails"
    if isinstance(raised, pytest.FixtureLookupError) and raised.argname is not None:
        return f"{check.id}{_line_of(item)} {_unknown_fixture(item, raised.argname)}"
    first = str(raised).strip().partition("\n")[0]
    return f"{check.id}: its {call.when} fails: {type(raised).__name__}: {first}"


def _line_of(item: pytest.Item) -> str:
    line = item.reportinfo()[1]
    return "" if line is None else f" (line {line + 1})"


def _unknown_fixture(item: pytest.Item, name: str) -> str:
    """What to say of a check that asks for something by a name that nothing has."""
    near = difflib.get_close_matches(name, _FIXTURES, n=1)
    advice = f"did you mean `{near[0]}`?" if near else f"there are `{'` and `'.join(_FIXTURES)}`, and what @given draws"
    asks = "asks" if name in item._fixtureinfo.argnames else "has a fixture that asks"  # type: ignore[attr-defined]  # noqa: SLF001
    return f"{asks} for `{name}`, which is no fixture; {advice}"
