"""Submissions that misbehave: each loses what it must, in one clear sentence, and takes nothing else with it.

Every fault is handed in for a copy of the kata `scaling` of its own; one run grades all copies, and one more does so
without isolation.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from scaling import KATA, write, write_kata

from pytest_mlkata.solution.isolation import choose

DOUBLE = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)
"""
IN_A_PROCESS = (choose(None)[0],)
WITHOUT_ONE = ("none",)
EVERYWHERE = IN_A_PROCESS + WITHOUT_ONE


@dataclass(frozen=True)
class Fault:
    """A submission, and what is to become of it.

    `said` is what the check of `mean` says first, as a regular expression for the whole message; `everything` tells
    that `double`, which is right, cannot be called either.
    """

    name: str
    source: str
    said: str
    status: str = "error"
    everything: bool = False
    modes: tuple[str, ...] = EVERYWHERE
    alone: bool = False
    """The source is the whole file, without a right `double` before it."""

    @property
    def text(self) -> str:
        return dedent(self.source) if self.alone else DOUBLE + dedent(self.source)


def in_mean(body: str, head: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return f"{dedent(head)}\ndef mean(x):\n{lines}\n"


def raising(name: str, statement: str, said: str, head: str = "", modes: tuple[str, ...] = EVERYWHERE) -> Fault:
    """`mean` raises; the message names the exception, the line and the source of the line."""
    said = rf"{said} \(line \d+, in mean: `{re.escape(statement)}`\)"
    return Fault(name, in_mean(statement, head), said, modes=modes)


CALL = r"in mean\(.+\)"
FAULTS = (
    Fault(
        "segfault",
        in_mean("import ctypes\nctypes.string_at(0)"),
        rf"the process ended: killed by signal 11 \(segmentation fault\) {CALL}",
        modes=IN_A_PROCESS,
    ),
    Fault("hang", in_mean("while True: pass"), rf"took more than 0\.3 s \(processor time\) {CALL}", modes=IN_A_PROCESS),
    Fault(
        "hang_that_catches",
        in_mean("while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"),
        rf"took more than 0\.3 s \(processor time\) {CALL}",
        modes=IN_A_PROCESS,
    ),
    Fault("sleep", in_mean("import time\ntime.sleep(60)"), rf"did not end within 1\.5 s {CALL}", modes=IN_A_PROCESS),
    Fault(
        "os_exit",
        in_mean("import os\nos._exit(0)"),
        rf"the process ended: exit status 0 {CALL}",
        modes=IN_A_PROCESS,
    ),
    Fault(
        "kills_itself",
        in_mean("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)"),
        rf"the process ended: killed by signal 15 \(terminated\) {CALL}",
        modes=IN_A_PROCESS,
    ),
    Fault(
        "closes_the_channel",
        in_mean("import os\nos.closerange(0, 100)\nreturn 1.0"),
        # Some versions of Python abort without them.
        rf"the process ended: (exit status \d+|killed by signal 6 \(aborted\)) {CALL}",
        modes=IN_A_PROCESS,
    ),
    Fault(
        "speaks_on_the_channel",
        in_mean(
            """
            import os
            for descriptor in range(3, 20):
                try:
                    os.write(descriptor, b"0123456789abcdef" * 8)
                except OSError:
                    pass
            """
        ),
        rf"the solution broke the channel to the judge {CALL}: .+",
        modes=IN_A_PROCESS,
    ),
    Fault(
        "os_exit_at_import",
        "import os\nos._exit(0)",
        r"the solution cannot be loaded: the process ended: exit status 0 in import of the solution",
        everything=True,
        modes=IN_A_PROCESS,
    ),
    Fault(
        "hang_at_import",
        "while True: pass",
        r"the solution cannot be loaded: took more than 1\.5 s \(processor time\) in import of the solution",
        everything=True,
        modes=IN_A_PROCESS,
    ),
    Fault(
        "recursion",
        in_mean("return mean(x)"),
        r"RecursionError: maximum recursion depth exceeded.* \(line \d+, in mean: `return mean\(x\)`\)",
    ),
    raising("sys_exit", "sys.exit(0)", "SystemExit: 0", "import sys"),
    raising("keyboard_interrupt", "raise KeyboardInterrupt", "KeyboardInterrupt"),
    raising("generator_exit", "raise GeneratorExit", "GeneratorExit"),
    raising("stop_iteration", "raise StopIteration(3)", "StopIteration: 3"),
    raising("pytest_skip", "pytest.skip('not today')", "Skipped: not today", "import pytest", WITHOUT_ONE),
    raising("pytest_exit", "raise pytest.exit.Exception('enough', 0)", "Exit: enough", "import pytest", WITHOUT_ONE),
    raising("unittest_skip", "raise unittest.SkipTest('no')", "SkipTest: no", "import unittest"),
    raising("assertion", "assert x is None, 'own assertion'", "AssertionError: own assertion"),
    raising("inconclusive", "raise Inconclusive('too close')", "Inconclusive: too close",
            "from pytest_mlkata.errors import Inconclusive", WITHOUT_ONE),
    raising("unsatisfied", "hypothesis.reject()", "UnsatisfiedAssumption.*", "import hypothesis", WITHOUT_ONE),
    raising("unprintable", "raise Loud", r"Loud: \(its message cannot be shown\)",
            "class Loud(Exception):\n    def __str__(self):\n        raise SystemExit"),
    raising("group", "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])", r"ExceptionGroup: two .*"),
    Fault(
        "sys_exit_at_import",
        "import sys\nsys.exit(0)",
        r"the solution cannot be loaded: SystemExit: 0 \(line 7: `sys\.exit\(0\)`\)",
        everything=True,
    ),
    Fault(
        "raises_at_import",
        "1 / 0",
        r"the solution cannot be loaded: ZeroDivisionError: division by zero \(line 6: `1 / 0`\)",
        everything=True,
    ),
    Fault(
        "skips_at_import",
        "import pytest\npytest.skip('no', allow_module_level=True)",
        r"the solution cannot be loaded: Skipped: no \(line 7: `.+`\)",
        everything=True,
        modes=WITHOUT_ONE,
    ),
    Fault(
        "imports_what_is_not_given",
        "import pytest",
        r"the solution cannot be loaded: ModuleNotFoundError: pytest is not given: there is the standard library, and "
        r"numpy, scipy \(line 6: `import pytest`\)",
        everything=True,
        modes=IN_A_PROCESS,
    ),
    Fault(
        "tries_what_is_not_given",
        in_mean("return -1.0 if pandas is None else 0.0", "try: import pandas\nexcept ImportError: pandas = None"),
        r"mean\(x\): expected .+, got -1\.0.*",
        status="failed",
        modes=IN_A_PROCESS,
    ),
    Fault(
        "syntax_error",
        "def mean(x:\n    return 1",
        r"syntax_error\.py, line 6: SyntaxError: '\(' was never closed \(`def mean\(x:`\)",
        everything=True,
    ),
    Fault(
        "null_byte", "\0", r"null_byte\.py, line 6: contains a null byte; save it as plain text in UTF-8",
        everything=True,
    ),
    Fault("missing", "", r"`mean` is not defined in the solution", status="not_started"),
    Fault("empty_file", "", r"`mean` is not defined in the solution", status="not_started", everything=True,
          alone=True),
    Fault("not_implemented", in_mean("raise NotImplementedError"), r"`mean` still raises NotImplementedError",
          status="not_started"),
    Fault(
        "wrong_signature",
        "def mean(x, y):\n    return 0.0\n",
        r"`mean` cannot be called as the task says: mean\(\) missing 1 required positional argument: 'y' "
        r"\(called as mean\(.+\)\)",
    ),
    Fault("not_callable", "mean = 3.0\n", r".*'float' object is not callable.*"),
    Fault(
        "banned_import",
        "import sklearn.metrics\n" + in_mean("return 0.0"),
        r"banned_import\.py, line 6: imports sklearn, which this kata bans; write it yourself",
        everything=True,
    ),
    Fault(
        "banned_in_a_call",
        in_mean("return importlib.import_module('s' + 'klearn').mean(x)", "import importlib"),
        r"banned_in_a_call\.py, line \d+: imports sklearn, which this kata bans",
    ),
    Fault(
        "banned_at_import",
        "import importlib\nimportlib.import_module('s' + 'klearn')",
        r"banned_at_import\.py, line 7: imports sklearn, which this kata bans",
        everything=True,
    ),
    Fault("returns_none", in_mean("return None"), r"mean\(x\) must return .*number.*, got None", status="failed"),
    Fault("returns_text", in_mean("return '0.0'"), r"mean\(x\) must return .*number.*, got '0\.0'", status="failed"),
    Fault("returns_object", in_mean("return Answer()", "class Answer:\n    __eq__ = lambda *_: True"),
          r"mean\(x\) must return .*number.*, got .*Answer.*", status="failed"),
    Fault("returns_generator", in_mean("yield 0.0"), r"mean\(x\) must return .*number.*, got .*generator.*",
          status="failed"),
    Fault("returns_itself", in_mean("y = []\ny.append(y)\nreturn y"), r".*result of mean\(.+\).*"),
    Fault("returns_much", in_mean("return np.zeros(2**25 + 1)"), r"the result of mean\(.+\) cannot be looked at: .+"),
    Fault(
        "returns_too_much",
        in_mean("return [0] * 1_000_001"),
        r"the result of mean\(.+\) cannot be looked at: .+",
    ),
    raising("surrogates", r"raise OSError('\ud800 \udcff')", r"OSError: .*"),
    raising("escapes", r"raise KeyError('\x1b[2J\x1b]0;title\x07\r\x00\u202edrow')", r"KeyError: .*"),
    Fault(
        "commands",
        in_mean(r"raise OSError('\n::error::stop\n##[error]stop')"),
        r"OSError: \n::error::stop\n##\[error\]stop \(line 8, .+\)",
    ),
    Fault("surrogate_result", in_mean(r"return '\ud800\x1b[31m'"), r"mean\(x\) must return .*", status="failed"),
)  # fmt: skip
NOISY = """
def mean(x):
    for i in range(20_000):
        print("line", i)
    print("\\x1b[31mred\\ud800", "::error::stop", sep="\\n")
    print("the last words")
    return -1.0
"""


@dataclass(frozen=True)
class Graded:
    """What one run printed and wrote."""

    code: int
    printed: str
    cards: dict[str, dict[str, Any]]

    def of(self, name: str) -> dict[str, dict[str, Any]]:
        """The checks of one kata by the name of their test."""
        return {check["id"].partition("::")[2]: check for check in self.cards[name]["checks"]}

    def screen(self, name: str) -> str:
        """The part of the screen that is about one kata."""
        return self.printed.partition(f"\nTitle of {name} ")[2].partition("\nTitle of ")[0]


@pytest.fixture(scope="module")
def grade(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Graded]:
    """Grades everything with one isolation, once."""
    return cache(lambda mode: _grade(mode, tmp_path_factory.mktemp(mode)))


@pytest.fixture(scope="module", params=EVERYWHERE)
def graded(request: pytest.FixtureRequest, grade: Callable[[str], Graded]) -> Graded:
    return grade(request.param)


def _grade(mode: str, project: Path) -> Graded:
    write(project / "pytest.ini", "[pytest]\n")
    sources = {fault.name: fault.text for fault in FAULTS if mode in fault.modes} | {"noisy": DOUBLE + NOISY}
    for name, source in sources.items():
        folder = write_kata(project / "katas" / name)
        manifest = KATA.replace("call_seconds = 1.0", "call_seconds = 0.3").replace(
            "Scaling numbers", f"Title of {name}"
        )
        write(folder / "kata.toml", manifest)
        write(project / "solutions" / f"{name}.py", source)
    command = [sys.executable, "-m", "pytest", "--kata", ",".join(sources), f"--kata-isolation={mode}", "-v"]
    done = subprocess.run(
        [*command, "--kata-json=out.json", *(f"-pno:{plugin}" for plugin in ("randomly", "xdist", "pytest_cov"))],
        cwd=project,
        capture_output=True,
        timeout=300,
        check=False,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    data = json.loads((project / "out.json").read_text("utf-8"))
    return Graded(done.returncode, done.stdout + done.stderr, {card["kata"]: card for card in data["scorecards"]})


def _in(mode: str) -> list[Fault]:
    return [fault for fault in FAULTS if mode in fault.modes]


@pytest.mark.parametrize(
    ("mode", "fault"),
    [pytest.param(mode, fault, id=f"{fault.name}-{mode}") for mode in EVERYWHERE for fault in _in(mode)],
)
def test_a_fault_costs_what_it_touches_and_is_named(grade: Callable[[str], Graded], mode: str, fault: Fault) -> None:
    graded = grade(mode)
    checks = graded.of(fault.name)
    card = graded.cards[fault.name]
    said = checks["test_mean_of_any_numbers"]["message"]
    assert re.fullmatch(fault.said, said), said
    statuses = {name: check["status"] for name, check in checks.items()}
    assert statuses["test_mean_of_any_numbers"] == fault.status
    assert statuses["test_mean_of_nothing"] in {fault.status, "failed"}
    if fault.everything:
        assert statuses["test_double_by_hand"] == fault.status
        assert statuses["test_double_at_once"] == ("blocked" if fault.status == "error" else fault.status)
    else:
        assert (statuses["test_double_by_hand"], statuses["test_double_at_once"]) == ("passed", "passed")
    assert (card["earned"], card["possible"], card["broken"]) == (0 if fault.everything else 4, 8, None)
    named = "not started: " if fault.status == "not_started" else said.partition("\n")[0][:40]
    assert _squeezed(named) in _squeezed(graded.screen(fault.name))


def _squeezed(text: str) -> str:
    """`text` whatever the lines were wrapped at."""
    return "".join(text.split())


def test_a_run_with_faults_ends_as_any_other(graded: Graded) -> None:
    assert graded.code == 1
    for word in ("Traceback", "INTERNALERROR", "pytest_mlkata/solution", "hidden/", "Falsifying"):
        assert word not in graded.printed
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", graded.printed), "nothing steers the terminal"
    assert not re.search(r"^\s*::|##\[", graded.printed, re.MULTILINE), "nothing is a command to a CI service"


def test_isolation_changes_no_verdict(grade: Callable[[str], Graded]) -> None:
    process, none = (grade(mode) for mode in EVERYWHERE)
    for name in none.cards.keys() & process.cards.keys():
        assert _without_seconds(none.cards[name]) == _without_seconds(process.cards[name])


def _without_seconds(card: dict[str, Any]) -> dict[str, Any]:
    checks = [{key: value for key, value in check.items() if key != "seconds"} for check in card["checks"]]
    return {**card, "seconds": None, "checks": checks, "solution": Path(card["solution"]).name}


def test_what_is_printed_is_shown_up_to_a_limit(graded: Graded) -> None:
    screen = graded.screen("noisy")
    assert "printed" in screen
    assert len(re.findall(r"line \d+$", screen, re.MULTILINE)) > 5
    assert "the rest of the output is left out" in screen
    assert len(screen) < 1_000_000
    earned = {name: check["status"] for name, check in graded.of("noisy").items() if name.startswith("test_mean")}
    assert set(earned.values()) == {"failed"}
