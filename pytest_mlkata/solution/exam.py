"""Runs a learner's tests with pytest, in a process of their own, and tells the judge what became of each.

The judge reads this file and has a worker load it the way it loads a submission: it is not imported there. The module
that the tests import under the kata's name holds functions that ask the judge, see `asking`.
"""

from __future__ import annotations

import ast
import io
import linecache
import random
import sys
import types
from pathlib import Path
from typing import Any, Final

import hypothesis
import numpy as np
import pytest
from _pytest._io import TerminalWriter
from _pytest.assertion.rewrite import rewrite_asserts
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

FOLDER: Final = "/tests"
"""Where the tests are said to be. Nothing is there."""
_EXAMPLES: Final = 60
"""As many as a check draws."""
_NOWHERE: Final = "/dev/null/hypothesis"
_LEFT_OUT: Final = (
    *("cacheprovider", "terminal", "faulthandler", "junitxml", "pastebin", "stepwise", "doctest"),
    *("unraisableexception", "threadexception", "setuponly", "setupplan", "warnings"),
)
_LONG: Final = 2000
"""Longer names are not worth sending."""
_OPTIONS: Final = (
    *("-c", "/dev/null", "--rootdir=/", "--noconftest", "--disable-plugin-autoload", "--capture=no"),
    *(part for name in _LEFT_OUT for part in ("-p", f"no:{name}")),
)


def run(  # noqa: PLR0917 (it is called through the wire)
    source: str,
    file: str,
    kata: str,
    names: tuple[str, ...],
    chosen: tuple[int, ...] | None,
    most: int,
    judge: Any,
) -> None:
    """Run the tests of a file.

    Parameters
    ----------
    source, file
        What is in it, and its name.
    kata, names
        The module that the tests import, and the functions and classes in it.
    chosen
        The tests to run, by their places in the file; all where it is None.
    most
        How many tests there can be.
    judge
        Who is told, and asked.
    """
    settle()
    provide(kata, names, judge)
    pytest.main([*_OPTIONS], plugins=[Exam(source, file, chosen, most, judge)])


def settle() -> None:
    """Have Hypothesis draw the same examples each time, and keep nothing."""
    hypothesis.configuration.set_hypothesis_home_dir(_NOWHERE)
    checks = list(hypothesis.HealthCheck)
    hypothesis.settings.register_profile(
        "mlkata",
        max_examples=_EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=checks,
    )
    hypothesis.settings.load_profile("mlkata")
    nothing = Constants()
    providers._get_local_constants = lambda: nothing  # noqa: SLF001 (what else is loaded must not show)


def provide(kata: str, names: tuple[str, ...], judge: Any) -> None:
    """Make the solution a module that can be imported as the kata's name, and from the package of solutions."""
    module = types.ModuleType(kata, "The solution that is tested.")
    vars(module).update({name: _function(name, judge) for name in names})
    package = types.ModuleType("solutions", "The folder of solutions, with one file in it.")
    package.__path__ = []
    setattr(package, kata, module)
    sys.modules.update({"solutions": package, f"solutions.{kata}": module})
    if kata not in sys.stdlib_module_names:
        sys.modules[kata] = module


def _function(name: str, judge: Any) -> Any:
    asking = sys.modules[type(judge).__module__]

    def function(*args: Any, **kwargs: Any) -> Any:
        return asking.question(judge, "call", name, args, kwargs)

    function.__name__ = function.__qualname__ = name
    return function


class Module(pytest.Module):
    """A file of tests that exists as text only."""

    source: str

    def _getobj(self) -> types.ModuleType:
        path = str(self.path)
        lines = self.source.splitlines(keepends=True)
        linecache.cache[path] = (len(self.source), None, lines, path)
        tree = ast.parse(self.source, path)
        rewrite_asserts(tree, self.source.encode(), path, self.config)
        module = types.ModuleType(self.path.stem)
        module.__file__ = path
        sys.modules[self.path.stem] = module
        exec(compile(tree, path, "exec", dont_inherit=True), vars(module))  # noqa: S102
        return module


class _Screen:
    """Stands for pytest's terminal, which is not there: older versions ask it how to colour a comparison."""

    def __init__(self) -> None:
        self._tw = TerminalWriter(io.StringIO())


class Exam:
    """The plugin object that hands the tests to pytest, and what became of them to the judge."""

    def __init__(self, source: str, file: str, chosen: tuple[int, ...] | None, most: int, judge: Any) -> None:
        self._source = source
        self._file = file
        self._chosen = chosen
        self._most = most
        self._places: dict[pytest.Item, int] = {}
        self._judge = judge
        self._tell = sys.modules[type(judge).__module__].question

    def _note(self, kind: str, *content: Any) -> None:
        self._tell(self._judge, "note", kind, content)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Have comparisons explained."""
        config.pluginmanager.register(_Screen(), "terminalreporter")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the one file."""
        session.items = []
        path = Path(FOLDER, self._file)
        try:
            module: Module = Module.from_parent(session, path=path, nodeid=self._file)
            module.source = self._source
            items = list(_items(module))
        except BaseException as error:  # noqa: BLE001 (a file of tests can raise anything)
            self._note("fault", _where(error, str(path)), _said(error))
            return True
        if len(items) > self._most:
            self._note("fault", 0, f"has {len(items)} tests; at most {self._most} are run")
            return True
        self._note("collected", tuple(map(self._name, items)))
        self._places = {item: place for place, item in enumerate(items)}
        session.items = (
            items if self._chosen is None else [items[place] for place in self._chosen if place < len(items)]
        )
        session.testscollected = len(session.items)
        return True

    def _name(self, item: pytest.Item) -> str:
        return item.nodeid.removeprefix(f"{self._file}::")[:_LONG]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note which test comes now, and let no test depend on those before it."""
        self._note("began", self._places[item])
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 (tests use it)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Note what became of a test."""
        item.repr_failure = _unseen  # type: ignore[assignment, method-assign]
        report = yield
        if report.failed:
            error = call.excinfo.value if call.excinfo is not None else None
            self._note("failed", self._places[item], report.longrepr if error is None else _said(error))
        if report.when == "teardown":
            self._note("ended", self._places[item])
        return report


def _unseen(_raised: object, _style: object = None) -> str:
    """Take the place of pytest's own view of a failure: nobody would see it, and it takes longer than most tests."""
    return ""


def _items(collector: pytest.Collector) -> Any:
    for node in collector.collect():
        if isinstance(node, pytest.Collector):
            yield from _items(node)
        else:
            yield node


def _where(error: BaseException, path: str) -> int:
    """Return the line of the file of tests that an exception comes from; 0 where there is none."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno or 0
    line, traceback = 0, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _said(error: BaseException) -> str:
    """Return an exception in words; of an assertion what it says, without the word."""
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg}"
    try:
        text = str(error).strip()
    except Exception:  # noqa: BLE001 (a test can raise anything)
        text = "(its message cannot be shown)"
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return _without_advice(text) or "assertion failed"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _without_advice(text: str) -> str:
    """Leave out what pytest says to who has its command line: here -v shows no more."""
    return "\n".join(line for line in text.split("\n") if line.strip() != "Use -v to get more diff").rstrip()
