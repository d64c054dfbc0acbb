"""`--kata-tests`: the learner's own tests are graded, too."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from scaling import REFERENCE, Outcome, Run, Solve, write

DOUBLES_ONCE = '''
    """double leaves its argument as it is

    Multiply.
    """

    caught_by = ("test_double_by_hand",)

    def double(x):
        return x

    def mean(x):
        if len(x) == 0:
            raise ValueError
        return sum(x) / len(x)
'''
MEAN_OF_NOTHING = '''
    """mean of nothing is zero"""

    import numpy as np

    def double(x):
        return 2 * np.asarray(x)

    def mean(x):
        return sum(x) / max(len(x), 1)  # a secret remark
'''
LISTS = '''
    """Lists instead of arrays."""

    def double(x):
        return [2 * each for each in x]

    def mean(x):
        if not len(x):
            raise ValueError
        return float(sum(x)) / len(x)
'''
GOOD = """
    import numpy as np
    from scaling import double

    def test_double():
        assert list(double(np.array([1.0, 2.0]))) == [2.0, 4.0]
"""
ALARM = """
    import numpy as np
    from scaling import double, mean

    def test_double_is_an_array():
        assert double(np.ones(2)).shape == (2,)

    def test_mean():
        assert mean(np.ones(2)) == 1
"""


@pytest.fixture
def hidden(project: Path) -> Path:
    folder = project / "katas" / "scaling" / "hidden"
    write(folder / "right" / "lists.py", LISTS)
    write(folder / "wrong" / "doubles_once.py", DOUBLES_ONCE)
    write(folder / "wrong" / "mean_of_nothing.py", MEAN_OF_NOTHING)
    return folder


def graded(outcome: Outcome) -> dict[str, Any]:
    tests: dict[str, Any] = outcome.data["scorecards"][0]["tests"]
    return tests


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("isolation", ["process", "none"])
def test_what_they_catch_and_what_slips_through(project: Path, run: Run, solve: Solve, isolation: str) -> None:
    solve(REFERENCE)
    write(project / "test_it.py", GOOD)
    outcome = run("--kata-tests", "test_it.py", f"--kata-isolation={isolation}")
    tests = graded(outcome)
    seconds = tests.pop("seconds")
    assert seconds > 0
    missing = tests.pop("missing_lines")
    assert tests == {
        "path": str(project / "test_it.py"),
        "count": 1,
        "fault": None,
        "false_alarms": [],
        "rights": 2,
        "caught": 1,
        "mistakes": 2,
        "missed": ["mean of nothing is zero"],
        "not_tried": 0,
        "failures": [],
        "coverage": pytest.approx(0.5, abs=0.3),
    }
    source = dedent(REFERENCE).strip().splitlines()
    assert any("np.mean" in source[line - 1] for line in missing)
    assert outcome.result.ret == 0
    outcome.result.stdout.fnmatch_lines(["*your tests*test_it.py, 1 test*", "*1 of 2*", "*- mean of nothing is zero*"])
    assert "secret remark" not in outcome.result.stdout.str()


@pytest.mark.usefixtures("hidden")
def test_a_false_alarm_fails_the_run_and_catches_nothing(project: Path, run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    write(project / "test_it.py", ALARM)
    outcome = run("--kata-tests", "test_it.py")
    tests = graded(outcome)
    assert tests["false_alarms"] == [
        {
            "test": "test_double_is_an_array",
            "message": "AttributeError: 'list' object has no attribute 'shape'",
            "solution": "Lists instead of arrays",
        }
    ]
    assert tests["caught"] == 0
    assert outcome.data["scorecards"][0]["earned"] == outcome.data["scorecards"][0]["possible"]
    assert outcome.result.ret == 1
    outcome.result.stdout.fnmatch_lines(["*test_double_is_an_array fails on a right answer (Lists instead of arrays)*"])


@pytest.mark.usefixtures("hidden")
def test_what_fails_on_the_own_solution_does_not_fail_the_tests(project: Path, run: Run, solve: Solve) -> None:
    solve(DOUBLES_ONCE)
    write(project / "tests" / "test_scaling.py", GOOD)
    outcome = run("--kata-tests", "tests", "scaling/own_tests")
    tests = graded(outcome)
    assert [each["test"] for each in tests["failures"]] == ["test_double"]
    assert "assert" in tests["failures"][0]["message"]


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("def test_x(:", "test_it.py, line 1: *"),
        ("import pandas", "test_it.py, line 1: ModuleNotFoundError: pandas is not given*"),
        ("x = 1", "test_it.py: has no tests*"),
    ],
)
def test_a_file_that_cannot_be_run_fails_the_run(project: Path, run: Run, solve: Solve, text: str, fault: str) -> None:
    solve(REFERENCE)
    write(project / "test_it.py", text)
    outcome = run("--kata-tests", "test_it.py")
    assert outcome.result.ret == 1
    outcome.result.stdout.fnmatch_lines([f"*cannot be run*{fault}"])
    assert Path(graded(outcome)["path"]).name == "test_it.py"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing.py", "*missing.py does not exist; name a file of tests, or a folder with test_scaling.py in it"),
        ("solutions", "*solutions has no test_scaling.py; name the file itself*"),
    ],
)
def test_a_path_that_cannot_be_meant(run: Run, solve: Solve, path: str, message: str) -> None:
    solve(REFERENCE)
    outcome = run("--kata-tests", path)
    assert outcome.result.ret == pytest.ExitCode.USAGE_ERROR
    outcome.result.stderr.fnmatch_lines([message])


@pytest.mark.usefixtures("hidden")
def test_they_are_graded_in_another_process_of_xdist(project: Path, run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    write(project / "test_it.py", GOOD)
    outcome = run("--kata-tests", "test_it.py", "-n", "2", plugins=("xdist",))
    assert graded(outcome)["caught"] == 1
    assert outcome.result.ret == 0


@pytest.mark.usefixtures("hidden")
def test_nothing_is_run_on_a_stub(project: Path, run: Run) -> None:
    write(project / "test_it.py", GOOD)
    outcome = run("--kata-tests", "test_it.py")
    assert graded(outcome)["failures"] is None
    assert graded(outcome)["coverage"] is None


@pytest.mark.usefixtures("hidden")
def test_without_the_option_there_is_no_section(run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    outcome = run()
    assert graded(outcome) is None
    assert "your tests" not in outcome.result.stdout.str()
