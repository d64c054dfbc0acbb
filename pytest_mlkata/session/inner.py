"""The inner run: collects katas, runs their checks on a bench, and reports what they found."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.model import Check, CheckResult, Status
from pytest_mlkata.session import fixtures, reporting
from pytest_mlkata.session.engine import Bench, Engine
from pytest_mlkata.session.examiner import Examiner
from pytest_mlkata.session.fixtures import BENCH
from pytest_mlkata.session.nodes import CHECK, CheckFile, KataNode, KataRoot, forget_modules, kata_node
from pytest_mlkata.session.outcome import Outcome, judge
from pytest_mlkata.session.recorder import ATTRIBUTE, Recorder, result_rider
from pytest_mlkata.session.request import RunRequest
from pytest_mlkata.session.trial import deterministic_generation
from pytest_mlkata.solution.output import Output

OUTCOME = pytest.StashKey[Outcome]()
EXAMINER = pytest.StashKey[Examiner]()

_LOOKING = ("collectonly", "setuponly", "setupplan", "showfixtures", "show_fixtures_per_test", "cacheshow")
"""pytest's options to show something instead of running tests."""


class KataRun:
    """The plugin object of an inner run; registered only there."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.request = RunRequest.from_json(config.option.kata_run)
        self.recorder = Recorder(self.request)
        self._filters = [each.rstrip("/") for each in config.option.file_or_dir]
        self._exits = ExitStack()
        self._engine: Engine | None = None
        self._introduced: set[str] = set()
        self._terminal = reporting.Terminal(config, self.request)
        config.args = [str(config.rootpath)]
        config.pluginmanager.register(fixtures, "mlkata-fixtures")

    @property
    def _is_worker(self) -> bool:
        """Whether this is a process of pytest-xdist: it runs checks, but does not report."""
        return hasattr(self._config, "workerinput")

    @property
    def _only_looks(self) -> bool:
        """Whether no check is to run, so that there is nothing to report."""
        return any(getattr(self._config.option, name, False) for name in _LOOKING)

    @property
    def _is_controller(self) -> bool:
        """Whether the checks run in processes of pytest-xdist instead of this one."""
        return not self._is_worker and self._config.pluginmanager.hasplugin("dsession")

    def pytest_sessionstart(self) -> None:
        """Start what takes time while pytest collects."""
        if self._is_controller:
            return
        self._exits.enter_context(deterministic_generation(self._storage()))
        forget_modules()
        self._exits.callback(forget_modules)
        if not self._config.option.collectonly:
            self._engine = Engine(self.request.isolation)
            self._exits.callback(self._engine.close)

    def _storage(self) -> Path:
        """A folder to keep tables in from run to run, if there is a cache."""
        cache: pytest.Cache | None = getattr(self._config, "cache", None)
        if cache is not None:
            with suppress(OSError):
                return cache.mkdir("hypothesis")
        return Path(self._exits.enter_context(TemporaryDirectory(prefix="mlkata-")))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect the katas, and nothing else, at the root."""
        if not isinstance(parent, pytest.Session):
            return None
        root: KataRoot = KataRoot.from_parent(parent, path=path)
        root.request = self.request
        root.open_bench = self._open_bench
        return root

    def _open_bench(self, node: KataNode) -> None:
        assert self._engine is not None
        assert node.kata is not None
        bench = Bench(self._engine, node.kata, node.grading.submission.path)
        node.stash[BENCH] = bench
        node.stash[EXAMINER] = Examiner(bench, self.request.seed)
        node.addfinalizer(bench.close)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Say which kata is at fault where a file of it cannot be collected."""
        report = yield
        node = collector.getparent(KataNode)
        if node is None:
            return report
        if isinstance(collector, KataNode) and report.passed:
            self.recorder.declared(node.grading.name, node.checks)
        if report.failed or report.skipped:
            self._mark_broken(report, node.grading.name, collector)
        return report

    def _mark_broken(self, report: pytest.CollectReport, grading: str, collector: pytest.Collector) -> None:
        text = str(report.longrepr)
        if report.skipped:
            text = f"{collector.path}: skips itself; a check file must run"
            report.outcome, report.longrepr = "failed", text
        elif not self.request.reveal:
            report.longrepr = text = text.splitlines()[-1] if isinstance(collector, CheckFile) else text
        setattr(report, ATTRIBUTE, {"grading": grading, "broken": text})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Positional arguments choose among the checks."""
        if not self._filters:
            return
        unknown = self._unknown([item.nodeid for item in items])
        if unknown and not self._is_worker:  # the controller says it for all of its workers
            raise pytest.UsageError(unknown)
        if unknown:
            items.clear()
        kept = [item for item in items if any(_fits(item.nodeid, each) for each in self._filters)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept

    def _unknown(self, known: list[str]) -> str:
        """What to say of a positional argument that fits none of the `known` ids."""
        for each in self._filters:
            if not any(_fits(nodeid, each) for nodeid in known):
                return (
                    f"{each!r} names no check of the kata; beside --kata an argument is the id of a check, "
                    f"such as {known[0] if known else 'KATA/test_correctness.py'}"
                )
        return ""

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
        report = yield
        if CHECK not in item.stash or (call.when != "call" and report.passed):
            return report
        outcome = _outcome(item, call)
        _align(report, outcome.status)
        result = CheckResult(
            check=item.stash[CHECK],
            status=outcome.status,
            message=outcome.message,
            counterexample=outcome.counterexample,
            output=_printed(report),
            seconds=report.duration,
        )
        if report.failed and not self.request.reveal:
            report.longrepr = "\n".join(filter(None, (result.message, result.counterexample, result.check.hint)))
            report.sections = []
        setattr(report, ATTRIBUTE, self._rider(item, result))
        return report

    def _rider(self, item: pytest.Item, result: CheckResult) -> dict[str, Any]:
        node = kata_node(item)
        rider: dict[str, Any] = {"grading": node.grading.name, "result": result_rider(result)}
        if node.grading.name not in self._introduced:
            self._introduced.add(node.grading.name)
            rider["declared"] = [asdict(check) for check in node.checks]
        return rider

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a finished check."""
        self.recorder.take(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record a kata that could not be collected."""
        self.recorder.take(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Letters of our own for what is neither a plain pass nor a plain failure."""
        rider = getattr(report, ATTRIBUTE, None)
        return reporting.letters(rider["result"]["status"]) if rider and "result" in rider else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over the denominators of an xdist worker that is done."""
        self.recorder.absorb(getattr(node, "workeroutput", {}).get(ATTRIBUTE, {}))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the denominators home, or write the reports."""
        if self._is_worker:
            self._config.workeroutput[ATTRIBUTE] = self.recorder.export()  # type: ignore[attr-defined]  # xdist's
        elif self._is_controller and (unknown := self._unknown(self.recorder.known)):
            self._terminal.fault = unknown
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        elif not self._only_looks and session.exitstatus != pytest.ExitCode.USAGE_ERROR:
            report = self.recorder.report()
            self._terminal.report = report
            self._terminal.fault = reporting.write_files(self._config, report)
            if self._terminal.fault:
                session.exitstatus = pytest.ExitCode.USAGE_ERROR
            self._config.hook.pytest_mlkata_report(report=report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the scorecards."""
        self._terminal.summarize(terminalreporter)

    def pytest_report_header(self) -> str:
        """Say how solutions are run."""
        return self._terminal.header()

    def pytest_unconfigure(self) -> None:
        """End what `pytest_sessionstart` began, however the run ended."""
        self._exits.close()


def _fits(nodeid: str, wanted: str) -> bool:
    rest = nodeid.removeprefix(wanted)
    return nodeid == wanted or (rest != nodeid and rest.startswith(("/", "::", "[")))


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
    first = str(raised).strip().partition("\n")[0]
    return f"{check.id}: its {call.when} fails: {type(raised).__name__}: {first}"
