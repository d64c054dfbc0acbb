"""The table of statuses: what each is worth, how pytest counts it, and the exit code, whatever options are given."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from scaling import CORRECTNESS, KATA, Outcome, Run, Solve, write, write_kata

ALL = {"test_double_by_hand", "test_mean_of_any_numbers", "test_mean_of_nothing", "test_double_at_once"}

WRONG_DOUBLE = """
    import numpy as np

    def double(x):
        return 3 * np.asarray(x)

    def mean(x):
        if len(x) == 0:
            raise ValueError("no numbers")
        return np.mean(x)
"""

# A kata whose functions end in every status that a submission can have.

FUNCTIONS = ("right", "unsure", "wrong", "crashing", "unwritten", "missing")
ENDS_STUB = "".join(f"def {name}(x):\n    raise NotImplementedError\n\n\n" for name in FUNCTIONS)
ENDS_REFERENCE = "".join(f"def {name}(x):\n    return x\n\n\n" for name in FUNCTIONS)
ENDS_CHECKS = "from pytest_mlkata.checks import close, points\n\n\n" + "".join(
    f'@points(2)\ndef test_{name}_is_kept(solution):\n    """{name} is kept"""\n'
    f'    close(solution.{name}(1.0), 1.0, "{name}(1.0)")\n\n\n'
    for name in FUNCTIONS
)
ENDS_TIMING = '''
    from pytest_mlkata.checks import close, points
    from pytest_mlkata.errors import Inconclusive


    @points(3)
    def test_unsure_is_fast(solution):
        """unsure is fast"""
        solution.unsure(1.0)
        raise Inconclusive("unsure takes about 9.0 times the processor time of the reference")


    @points(1)
    def test_wrong_is_fast(solution):
        """wrong is fast"""
        solution.wrong(1.0)


    @points(1)
    def test_unwritten_is_fast(solution):
        """unwritten is fast"""
        solution.unwritten(1.0)
'''
ENDS_SOLUTION = """
    def right(x):
        return x

    unsure = right

    def wrong(x):
        return x + 1

    def crashing(x):
        return x / 0

    def unwritten(x):
        raise NotImplementedError
"""


@pytest.fixture
def ends(project: Path) -> None:
    """A kata, `ends`, and a solution of it with every status."""
    folder = write_kata(project / "katas" / "ends")
    write(folder / "stub.py", ENDS_STUB)
    write(folder / "hidden" / "reference.py", ENDS_REFERENCE)
    for path in folder.glob("hidden/test_*.py"):
        path.unlink()
    write(folder / "hidden" / "test_correctness.py", ENDS_CHECKS)
    write(folder / "hidden" / "test_timing.py", ENDS_TIMING)
    write(project / "solutions" / "ends.py", ENDS_SOLUTION)


def summary(outcome: Outcome) -> dict[str, int]:
    """The last line of pytest: what it counted."""
    return {noun: int(number) for number, noun in re.findall(r"(\d+) ([a-z ]+)(?:,| in)", outcome.result.outlines[-1])}


def scorecards(outcome: Outcome) -> int:
    return len(re.findall(r"^Scaling numbers .* points$", outcome.result.stdout.str(), re.MULTILINE))


def suite(path: Path) -> ET.Element:
    (found,) = ET.parse(path).getroot()
    return found


@pytest.mark.usefixtures("ends")
def test_the_table(run: Run, project: Path) -> None:
    outcome = run("-v", "--junitxml=junit.xml", kata="ends")
    assert outcome.statuses == {
        "test_right_is_kept": "passed",
        "test_unsure_is_kept": "passed",
        "test_wrong_is_kept": "failed",
        "test_crashing_is_kept": "error",
        "test_unwritten_is_kept": "not_started",
        "test_missing_is_kept": "not_started",
        "test_unsure_is_fast": "inconclusive",
        "test_wrong_is_fast": "blocked",
        "test_unwritten_is_fast": "not_started",
    }
    assert outcome.points == (2 + 2 + 3, 6 * 2 + 3 + 1 + 1)
    assert {check["id"]: check["points"] for check in outcome.card["checks"] if check["earned"]} == {
        "test_correctness.py::test_right_is_kept": 2,
        "test_correctness.py::test_unsure_is_kept": 2,
        "test_timing.py::test_unsure_is_fast": 3,
    }
    assert outcome.result.ret == 1
    for name, word in {
        "right_is_kept": "PASSED",
        "wrong_is_kept": "FAILED",
        "crashing_is_kept": "ERROR",
        "missing_is_kept": "NOT STARTED",
        "unsure_is_fast": "INCONCLUSIVE",
        "wrong_is_fast": "BLOCKED",
    }.items():
        outcome.result.stdout.re_match_lines([rf"ends/test_\w+\.py::test_{name} {word} +\[.*"])
    assert summary(outcome) == {"failed": 6, "passed": 2, "inconclusive": 1}
    counted = suite(project / "junit.xml").attrib
    assert {name: counted[name] for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "9",
        "failures": "6",
        "errors": "0",
        "skipped": "0",
    }


@pytest.mark.usefixtures("ends")
def test_nothing_but_passed_and_inconclusive_is_success(run: Run) -> None:
    outcome = run("-k", "right or unsure", kata="ends")
    assert outcome.result.ret == 0
    assert summary(outcome) == {"passed": 2, "inconclusive": 1, "deselected": 6}
    outcome.result.stdout.re_match_lines([r"ends/test_timing\.py i .*"])


def test_nothing_handed_in_is_not_started(run: Run) -> None:
    outcome = run()
    assert set(outcome.statuses.values()) == {"not_started"}
    assert (outcome.points, outcome.result.ret) == ((0, 8), 1)
    outcome.result.stdout.re_match_lines([r"scaling/test_correctness\.py -- .*"])


# What is not run stays in the denominator.


@pytest.mark.parametrize(
    ("arguments", "ran", "earned"),
    [
        (("-k", "mean"), {"test_mean_of_any_numbers", "test_mean_of_nothing"}, 4),
        (("-x",), {"test_double_by_hand"}, 0),
        (("--maxfail=2",), ALL, 4),
        (("--deselect", "scaling/test_correctness.py::test_double_by_hand"), ALL - {"test_double_by_hand"}, 6),
        (
            ("scaling/test_edge_cases.py", "scaling/test_correctness.py::test_mean_of_any_numbers"),
            {"test_mean_of_nothing", "test_mean_of_any_numbers"},
            4,
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_not_run_earns_nothing_and_counts(
    run: Run, solve: Solve, arguments: tuple[str, ...], ran: set[str], earned: int
) -> None:
    solve(WRONG_DOUBLE)
    outcome = run(*arguments)
    assert {name for name, status in outcome.statuses.items() if status != "not_run"} == ran
    assert outcome.points == (earned, 8)
    assert outcome.result.ret == (1 if "test_double_by_hand" in ran else 0)


def test_where_nothing_runs_the_exit_code_is_5(run: Run, solve: Solve, right: str) -> None:
    solve(right)
    outcome = run("-k", "no_such_check")
    assert set(outcome.statuses.values()) == {"not_run"}
    assert (outcome.points, outcome.result.ret) == ((0, 8), 5)


def test_last_failed_is_of_the_katas_own(run: Run, solve: Solve, right: str, project: Path) -> None:
    write(project / "test_own.py", "def test_own(): assert 0\n")
    own = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "test_own.py"]
    assert subprocess.run(own, cwd=project, check=False, capture_output=True).returncode == 1
    cache = project / ".pytest_cache" / "v" / "cache" / "lastfailed"
    before = cache.read_bytes()
    write_kata(project / "katas" / "other")
    write(project / "solutions" / "other.py", right)
    solve(WRONG_DOUBLE)
    run(kata="scaling,other")
    again = run("--lf", kata="scaling,other")
    assert [(card["earned"], card["possible"]) for card in again.data["scorecards"]] == [(0, 8), (0, 8)]
    assert summary(again)["failed"] == 2
    solve(right)
    mended = run("--lf")
    assert (mended.points, mended.result.ret) == ((4, 8), 0)
    assert mended.statuses["test_mean_of_nothing"] == "not_run"
    assert cache.read_bytes() == before


def test_an_interrupt_leaves_the_rest_unrun(project: Path) -> None:
    ready = project / "ready"
    write(project / "solutions" / "scaling.py", SLEEPY.format(ready=str(ready)))
    # The solution writes a file, as it may where it is not confined.
    command = [sys.executable, "-m", "pytest", "--kata", "scaling", "--kata-isolation=process", "-p", "no:randomly"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            wait_for(ready.exists)
            process.send_signal(signal.SIGINT)
            printed, _ = process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode == pytest.ExitCode.INTERRUPTED, printed
    assert "2 / 8 points" in printed
    assert "not run: mean, double (3 checks)" in printed
    assert "INTERNALERROR" not in printed


SLEEPY = """
    import pathlib, time

    def double(x):
        return [2 * each for each in x]

    def mean(x):
        pathlib.Path({ready!r}).touch()
        time.sleep(60)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


# A kata at fault.

HEAD = """
import numpy as np
import pytest
from hypothesis import assume, event, given, note, target
from hypothesis import strategies as st

from pytest_mlkata.checks import close, points

NUMBERS = st.lists(st.integers(0, 9), min_size=1)
"""


def check(body: str, arguments: str = "solution", marks: str = "@points(1)", name: str = "test_mean_x") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f'{HEAD}\n{marks}\ndef {name}({arguments}):\n    """mean is x"""\n{lines}\n'


GIVEN = "@points(1)\n@given(x=NUMBERS)"
UNREFERRED = CORRECTNESS.replace("from . import reference as answer", "")
BROKEN: dict[str, tuple[dict[str, str], str]] = {
    "no_import": (
        {"test_edge_cases": "import no_such_module\n"},
        r".*/test_edge_cases\.py, line 1: cannot be imported: ModuleNotFoundError: No module named .*; mend the .*",
    ),
    "syntax": ({"test_edge_cases": "def test(:\n"}, r".*/test_edge_cases\.py, line 1: SyntaxError: invalid syntax;.*"),
    "exits": ({"test_edge_cases": "raise SystemExit\n"}, r".*/test_edge_cases\.py, line 1: cannot be imported: Sys.*"),
    "skips_whole": (
        {"test_edge_cases": "import pytest\npytest.importorskip('no_such_module')\n"},
        r".*/test_edge_cases\.py: skips itself; a check file must run",
    ),
    "empty": ({"test_edge_cases": HEAD}, r".*/test_edge_cases\.py: has no check; .*"),
    "in_a_class": (
        {"test_edge_cases": f"{HEAD}\nclass TestMean:\n    def test_mean_x(self): pass\n"},
        r".*/test_edge_cases\.py: has no check; a check is a function test_…, not in a class",
    ),
    "no_docstring": (
        {"test_edge_cases": f"{HEAD}\n@points(1)\ndef test_mean_x(solution): pass\n"},
        r"/.*/test_edge_cases\.py, line \d+: test_mean_x has no docstring; its first line is .*",
    ),
    "no_points": ({"test_edge_cases": check("pass", marks="")}, r"/.*, line \d+: test_mean_x has no points; put .*"),
    "no_function": (
        {"test_edge_cases": check("pass", name="test_x")},
        r"/.*, line \d+: test_x does not say which function it checks; .* with one of double, mean",
    ),
    "is_async": (
        {"test_edge_cases": check("pass").replace("def test", "async def test")},
        r"/.*, line \d+: test_mean_x is async, so nobody would run it; write a plain function",
    ),
    "yields": ({"test_edge_cases": check("yield")}, r"/.*/test_edge_cases\.py: 'yield' keyword is allowed.*"),
    # These marks are text of katas that must be refused; no test here carries them.
    "marked_skip": (
        {"test_edge_cases": check("pass", marks="@points(1)\n@pytest.mark.skip")},
        r"/.*, line \d+: test_mean_x is marked skip; a check holds or fails, so take the mark away",
    ),
    "marked_xfail": (
        {"test_edge_cases": check("assert 0", marks="@points(1)\n@pytest.mark.xfail")},
        r"/.*, line \d+: test_mean_x is marked xfail; .*",
    ),
    "skips_itself": (
        {"test_edge_cases": check("pytest.skip('later')")},
        r"test_edge_cases\.py::test_mean_x skips itself; a check holds or fails",
    ),
    "leaves_pytest": (
        {"test_edge_cases": check("pytest.exit('enough', 0)")},
        r"test_edge_cases\.py::test_mean_x: the kata's own reference fails it in line \d+: Exit: enough",
    ),
    "own_reference": (
        {"test_edge_cases": check("close(solution.mean([1, 2]), 7, 'mean([1, 2])')")},
        r"test_edge_cases\.py::test_mean_x: the kata's own reference fails it in line \d+: CheckFailed: mean\(\[1, .*",
    ),
    "own_property": (
        {"test_edge_cases": check("assert x == 3", "solution, x", "@points(1)\n@given(x=st.integers(0, 9))")},
        r"test_edge_cases\.py::test_mean_x: the kata's own reference fails it in line \d+: AssertionError.*",
    ),
    "returns_instead": (
        {"test_edge_cases": check("return solution.mean([1.0]) == 7", "solution")},
        r".*: the kata's own reference fails it: TypeError: the check returns bool_?; it has to assert instead",
    ),
    "property_returns": ({"test_edge_cases": check("return False", "solution, x", GIVEN)}, r".*: the check returns .*"),
    "no_such_strategy": (
        {"test_edge_cases": check("pass", "solution, x", "@points(1)\n@given(x=st.integers(5, 1))")},
        r".*: the kata's own reference fails it in line \d+: InvalidArgument: .*",
    ),
    "assumes_all_away": (
        {"test_edge_cases": check("assume(len(x) > 99)", "solution, x", GIVEN)},
        r".*: the kata's own reference fails it in line \d+: Unsatisfiable: .*",
    ),
    "undeclared": (
        {"test_edge_cases": check("solution.median([1])")},
        r".*: the kata's own reference fails it in line \d+: AttributeError: the kata's stub declares no `median`.*",
    ),
    "no_solution": (
        {"test_edge_cases": check("assert 0", "")},
        r"test_edge_cases\.py::test_mean_x fails without asking for `solution`: AssertionError.*",
    ),
    "slip": (
        {"test_edge_cases": check("assert solution.mean(valus) == 1")},
        r"test_edge_cases\.py::test_mean_x: the kata's own reference fails it in line \d+: NameError: name 'valus' .*",
    ),
    "no_fixture": (
        {"test_edge_cases": check("pass", "solution, nothing")},
        r".*test_mean_x \(line \d+\) asks for `nothing`, which is no fixture; there are `solution` and `scratch`, .*",
    ),
    "near_fixture": (
        {"test_edge_cases": check("pass", "soluton")},
        r".*test_mean_x \(line \d+\) asks for `soluton`, which is no fixture; did you mean `solution`\?",
    ),
    "own_fixture": (
        {"test_edge_cases": check("pass", "own") + "\n@pytest.fixture\ndef own(solutio): pass\n"},
        r".*test_mean_x \(line \d+\) has a fixture that asks for `solutio`, which .* did you mean `solution`\?",
    ),
    "teardown": (
        {"test_edge_cases": check("pass", "solution, own") + "\n@pytest.fixture\ndef own():\n    yield\n    1 / 0\n"},
        r"test_edge_cases\.py::test_mean_x: its teardown fails: ZeroDivisionError: division by zero",
    ),
    "reference_syntax": ({"reference": "def double(:\n"}, r"/.*/reference\.py, line 1: SyntaxE.*; mend the reference"),
    "reference_unused": (
        {"reference": "def double(:\n", "test_correctness": UNREFERRED},
        r".*: KataError: the kata's own reference: reference\.py, line 1: SyntaxError: .*",
    ),
    "no_checks": (dict.fromkeys(("test_correctness", "test_edge_cases", "test_vectorization"), ""),
                  r"/.*/hidden: there is no test_\*\.py; .*"),
    "stub": ({"../stub": "def double(:\n"}, r"/.*/stub\.py, line 1: SyntaxError: .*"),
}  # fmt: skip
"""Names of files below hidden and what they hold; an empty one is taken away. What is said of it, as a pattern."""

NEEDY = KATA.replace("[limits]", 'requires = ["no_such_one", "numpy", "nor_this"]\n    [limits]')


def test_what_a_kata_needs_and_is_not_there(project: Path, run: Run, solve: Solve, right: str) -> None:
    """Its checks are blocked, and the other katas run."""
    solve(right)
    write_kata(project / "katas" / "needy")
    write(project / "katas" / "needy" / "kata.toml", NEEDY)
    write(project / "solutions" / "needy.py", right)
    outcome = run(kata="needy,scaling")
    needy, scaling = outcome.data["scorecards"]
    assert scaling["earned"] == scaling["possible"]
    assert {check["status"] for check in needy["checks"]} == {"blocked"}
    assert (needy["earned"], needy["possible"]) == (0, scaling["possible"])
    said = "needs no_such_one, nor_this; `pip install no_such_one nor_this`"
    assert (needy["broken"], needy["needs"]) == (None, said)
    assert outcome.result.ret == pytest.ExitCode.TESTS_FAILED
    outcome.result.stdout.fnmatch_lines([f"left out: needy {said}"])


def test_checks_that_cannot_be_read_without_it_are_left_out(project: Path, run: Run, solve: Solve, right: str) -> None:
    solve(right)
    write(project / "katas" / "scaling" / "kata.toml", NEEDY)
    hidden = project / "katas" / "scaling" / "hidden"
    text = (hidden / "test_edge_cases.py").read_text("utf-8")
    (hidden / "test_edge_cases.py").write_text(f"import no_such_one\n{text}", "utf-8")
    outcome = run()
    assert outcome.card["broken"] is None
    assert not [check for check in outcome.card["checks"] if "edge_cases" in check["id"]]
    reference = (hidden / "reference.py").read_text("utf-8")
    (hidden / "reference.py").write_text(f"import no_such_one\n{reference}", "utf-8")
    for file in hidden.glob("test_*.py"):
        file.write_text("from . import reference\n" + file.read_text("utf-8"), "utf-8")
    outcome = run()
    assert outcome.card["broken"].endswith("scaling needs no_such_one, nor_this; `pip install no_such_one nor_this`")


SOUND: dict[str, str] = {
    "notes": check("note('x'); event('y'); target(1.0)\nassert solution.mean(x) == np.mean(x)", "solution, x", GIVEN),
    "draws": check(
        "x = data.draw(NUMBERS)\nassert solution.mean(x) == np.mean(x)",
        "solution, data",
        "@points(1)\n@given(data=st.data())",
    ),
    "assumes": check("assume(len(x) > 1)\nassert solution.mean(x) == np.mean(x)", "solution, x", GIVEN),
    "assumes_of_an_answer": check("assume(solution.mean(x) >= 0)\nassert x", "solution, x", GIVEN),
    "expects": check("with pytest.raises(ValueError):\n    solution.mean([])"),
    "expects_each_time": check("with pytest.raises(ValueError):\n    solution.mean([])", "solution, x", GIVEN),
    "fails": check("if solution.mean([1.0]) != 1:\n    pytest.fail('not 1')"),
    "xfails": check("if solution.mean([1.0]) != 1:\n    pytest.xfail('not 1')"),
    "prepares": check("assert first == 1", "first") + "\n@pytest.fixture\ndef first(solution):\n"
    "    return solution.mean([1.0])\n",
    "uses_fixtures": check("assert solution.mean([1.0]) == 1 + len(capsys.readouterr().out)",
                           "solution, tmp_path, capsys"),
}  # fmt: skip
"""Checks that are sound, although the wrong solution fails them in a way that cannot simply be repeated."""
WRONG_MEAN = """
    import numpy as np

    def double(x):
        return 2 * np.asarray(x)

    def mean(x):
        return -1.0
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project full of katas at fault; every solution is the wrong one, so that all that can be told is told."""
    project = tmp_path_factory.mktemp("faulty")
    write(project / "pytest.ini", "[pytest]\n")
    for name, (files, _) in BROKEN.items():
        folder = write_kata(project / "katas" / name)
        for file, text in files.items():
            path = write(folder / "hidden" / (file if "." in Path(file).name else f"{file}.py"), text)
            if not text:
                path.unlink()
    for name, text in SOUND.items():
        write(write_kata(project / "katas" / name) / "hidden" / "test_edge_cases.py", text)
    for name in (*BROKEN, *SOUND):
        write(project / "solutions" / f"{name}.py", WRONG_MEAN)
    return project


@pytest.fixture(scope="module")
def faults(faulty: Path) -> Outcome:
    """The run over all of them."""
    return grade_faulty(faulty, "-p", "no:xdist", "--junitxml=junit.xml")


def grade_faulty(project: Path, *arguments: str) -> Outcome:
    import json  # noqa: PLC0415

    command = [sys.executable, "-m", "pytest", "--kata", ",".join((*BROKEN, *SOUND)), "--kata-json=out.json"]
    plugins = ["-p", "no:randomly", "-p", "no:pytest_cov"]
    done = subprocess.run(
        [*command, *plugins, *arguments], cwd=project, capture_output=True, text=True, timeout=300, check=False
    )
    result = pytest.RunResult(done.returncode, done.stdout.splitlines(), done.stderr.splitlines(), 0.0)
    return Outcome(result, json.loads((project / "out.json").read_text("utf-8")))


def card(outcome: Outcome, kata: str) -> dict[str, Any]:
    (found,) = (card for card in outcome.data["scorecards"] if card["kata"] == kata)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("kata", BROKEN)
def test_a_kata_at_fault_is_broken_and_says_why(faults: Outcome, kata: str) -> None:
    found = card(faults, kata)
    assert re.fullmatch(BROKEN[kata][1], found["broken"], re.DOTALL), found["broken"]
    assert found["earned"] == 0
    assert not any(check["earned"] for check in found["checks"])


@pytest.mark.parametrize("kata", SOUND)
def test_a_sound_check_is_not_taken_for_broken(faults: Outcome, kata: str) -> None:
    found = card(faults, kata)
    assert found["broken"] is None
    (result,) = (check for check in found["checks"] if check["category"] == "edge_cases")
    assert result["status"] == "failed", result
    assert "form that cannot be used" not in result["message"] or kata == "assumes_of_an_answer"
    assert (found["earned"], found["possible"]) == (4, 8)


def test_katas_at_fault_are_errors_and_stop_nothing(faults: Outcome, faulty: Path) -> None:
    printed = faults.result.stdout.str() + faults.result.stderr.str()
    assert faults.result.ret == 1
    assert not [word for word in ("Traceback", "INTERNALERROR", "FixtureDef") if word in printed]
    broken = [each["kata"] for each in faults.data["scorecards"] if each["broken"]]
    assert broken == list(BROKEN)
    assert summary(faults)["errors"] == len(BROKEN) + 2  # a reference that cannot be read is met by two checks
    counted = suite(faulty / "junit.xml").attrib
    assert int(counted["errors"]) == summary(faults)["errors"]


def test_katas_at_fault_are_the_same_with_xdist(faults: Outcome, faulty: Path) -> None:
    spread = grade_faulty(faulty, "-n", "2")
    assert spread.result.ret == 1
    for one, other in zip(spread.data["scorecards"], faults.data["scorecards"], strict=True):
        assert without_seconds(one) == without_seconds(other)


def without_seconds(data: Any) -> Any:
    """`data` without the only values that two runs may differ in."""
    if isinstance(data, dict):
        return {key: without_seconds(value) for key, value in data.items() if key != "seconds"}
    return [without_seconds(each) for each in data] if isinstance(data, list) else data


# pytest's options and plugins keep their meaning.


def test_the_scorecard_is_printed_once_and_without_a_warning(run: Run, solve: Solve) -> None:
    solve(WRONG_DOUBLE)
    outcome = run("-q", "-p", "no:cacheprovider", "-W", "error")
    assert (outcome.points, outcome.result.ret, scorecards(outcome)) == ((4, 8), 1, 1)
    assert "warning" not in outcome.result.stdout.str()


@pytest.mark.parametrize("arguments", ["-p no:terminal", "--no-summary"])
def test_without_a_summary_the_grade_is_the_same(run: Run, solve: Solve, arguments: str) -> None:
    solve(WRONG_DOUBLE)
    outcome = run(*arguments.split())
    assert (outcome.points, outcome.result.ret) == ((4, 8), 1)
    if "no:terminal" in arguments:
        assert outcome.result.outlines == outcome.result.errlines == []


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan"])
def test_where_no_check_runs_there_is_no_scorecard(run: Run, solve: Solve, right: str, option: str) -> None:
    solve(right)
    outcome = run(option)
    assert (outcome.result.ret, scorecards(outcome), outcome.data) == (0, 0, {})
    if option == "--collect-only":
        outcome.result.stdout.fnmatch_lines(["*<Function test_mean_of_nothing>", "*4 tests collected*"])


def test_hidden_source_stays_hidden_unless_revealed(run: Run, solve: Solve, project: Path) -> None:
    solve(WRONG_DOUBLE)
    loud = ("--tb=long", "--showlocals", "-rA", "--junitxml=junit.xml")
    outcome = run(*loud)
    junit = (project / "junit.xml").read_text("utf-8")
    for text in (outcome.result.stdout.str(), junit):
        assert "2 of 2 numbers are wrong" in text
        assert "close(" not in text
        assert "/hidden/" not in text
    assert suite(project / "junit.xml").attrib["failures"] == "2"
    revealed = run(*loud, "--kata-reveal")
    assert 'close(solution.double(np.array([1.0, 2.0])), [2.0, 4.0], "double([1, 2])")' in revealed.result.stdout.str()
    assert revealed.points == (4, 8)


def test_coverage_is_left_out(run: Run, solve: Solve, right: str, project: Path) -> None:
    solve(right)
    outcome = run("--cov=solutions", "--cov-fail-under=100", "--cov-report=xml", plugins=("cov",))
    assert (outcome.points, outcome.result.ret) == ((8, 8), 0)
    assert "TOTAL" not in outcome.result.stdout.str()
    assert not list(project.glob(".coverage*")) + list(project.glob("coverage.xml"))


# With pytest-xdist.


def test_xdist_counts_what_its_workers_found_once(run: Run, solve: Solve, project: Path) -> None:
    solve(WRONG_DOUBLE)
    spread = run("-n", "2", "--junitxml=junit.xml", plugins=("xdist",))
    assert (spread.points, spread.result.ret, scorecards(spread)) == ((4, 8), 1, 1)
    assert suite(project / "junit.xml").attrib["tests"] == "4"
    assert run("-n", "2", "-k", "no_such_check", plugins=("xdist",)).points == (0, 8)


@pytest.mark.parametrize(("options", "together"), [((), True), (("--dist", "each"), False)], ids=["-n", "--dist"])
def test_xdist_keeps_a_grading_together_unless_it_is_told_otherwise(
    run: Run, solve: Solve, *, options: tuple[str, ...], together: bool
) -> None:
    solve(WRONG_DOUBLE)
    said = run("-v", "-n", "2", *options, plugins=("xdist",)).result.stdout.str()
    workers = set(re.findall(r"^\[(gw\d)\].* scaling/", said, re.MULTILINE))
    assert workers
    assert (len(workers) == 1) is together


CRASH = "import ctypes\n    ctypes.string_at(0)"


@pytest.mark.parametrize(
    ("source", "statuses"),
    [
        (
            f"def double(x):\n    return [2 * each for each in x]\n\ndef mean(x):\n    {CRASH}\n",
            {
                "test_double_by_hand": "passed",
                "test_mean_of_any_numbers": "error",
                "test_mean_of_nothing": "error",
                "test_double_at_once": "failed",
            },
        ),
        # All die before any of them can tell what checks there are.
        (f"if True:\n    {CRASH}\n", dict.fromkeys(ALL, "error") | {"test_double_at_once": "blocked"}),
    ],
    ids=["one function", "everything"],
)
def test_xdist_survives_the_death_of_a_judge(run: Run, solve: Solve, source: str, statuses: dict[str, str]) -> None:
    solve(source)
    outcome = run("-n", "2", "--kata-isolation=none", "-p", "no:faulthandler", plugins=("xdist",))
    assert outcome.statuses == statuses
    assert outcome.card["possible"] == 8
    assert (outcome.result.ret, scorecards(outcome)) == (1, 1)
    assert "the process that judged this check ended" in outcome.messages["test_mean_of_nothing"]
