"""`--kata-tests`: the learner's own tests are graded, too."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from scaling import REFERENCE, Outcome, Run, Solve, write

from pytest_mlkata.model import Limits
from pytest_mlkata.solution.proctor import Proctor, Sitting
from pytest_mlkata.solution.scratch import Scratch

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


@pytest.fixture
def solved(project: Path, hidden: Path, solve: Solve) -> None:  # noqa: ARG001  # the kata has to be whole
    """A right solution is handed in, and tests that are good enough."""
    solve(REFERENCE)
    write(project / "test_it.py", GOOD)


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
    missing, coverage = tests.pop("missing_lines"), tests.pop("coverage")
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
    }
    # Of seven lines and two branches: the import, both definitions, and what double returns. Older versions of coverage
    # count the docstring, too.
    assert coverage in {round(4 / 9, 4), round(5 / 10, 4)}
    source = (project / "solutions" / "scaling.py").read_text("utf-8").splitlines()
    assert [source[line - 1].split()[0] for line in missing] == ["if", "raise", "return"]
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


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"""Right, but for its end."""\n\ndef double(x:\n', "*lists.py: lists.py, line 3: SyntaxError: *; mend it"),
        (
            '"""Right"""\nimport no_such_module\n',
            "*lists.py: the solution cannot be loaded: *no_such_module*; mend it",
        ),
        ('"""Right\n', "*lists.py: lists.py, line 1: SyntaxError: *; mend it"),
    ],
)
def test_a_right_answer_that_cannot_be_loaded_is_the_fault_of_the_kata(
    hidden: Path, run: Run, text: str, told: str
) -> None:
    (hidden / "right" / "lists.py").write_text(text)
    outcome = run("--kata-tests", "test_it.py")
    assert fnmatch(graded(outcome)["fault"], f"the kata's own {told}")
    outcome.result.stdout.fnmatch_lines([f"*cannot be run*the kata's own {told}"])
    assert outcome.result.ret == 1
    assert outcome.card["earned"] == outcome.card["possible"]


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("text", ["\ndef double(x:\n", "\nimport no_such_module\n", "\nraise NotImplementedError\n"])
def test_a_known_mistake_that_cannot_be_loaded_is_left_out(hidden: Path, run: Run, text: str) -> None:
    (hidden / "wrong" / "broken.py").write_text(f'"""It is broken."""\n\ncaught_by = "test_double_by_hand"\n{text}')
    outcome = run("--kata-tests", "test_it.py")
    tests = graded(outcome)
    assert (tests["caught"], tests["mistakes"], tests["not_tried"], tests["fault"]) == (1, 2, 1, None)
    outcome.result.stdout.fnmatch_lines(["*left out*1 solution: *, or the kata's own file cannot be loaded*"])
    assert outcome.result.ret == 0


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("wanted", ["test_double_at_once", "test_vectorization.py::test_double_at_once"])
def test_no_plain_test_need_catch_what_is_only_slow(hidden: Path, run: Run, wanted: str) -> None:
    slow = LISTS.replace("def double", f'caught_by = "{wanted}"\n\n    def double')
    write(hidden / "wrong" / "loops.py", slow)
    tests = graded(run("--kata-tests", "test_it.py"))
    assert (tests["mistakes"], tests["missed"]) == (2, ["mean of nothing is zero"])


@pytest.mark.usefixtures("solved")
def test_no_folder_to_write_to_stays_where_a_solution_does_not_start(
    hidden: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = hidden.parent / "kata.toml"
    manifest.write_text(manifest.read_text().replace("[limits]", "[limits]\nscratch_mb = 1"))
    (hidden / "wrong" / "broken.py").write_text('"""It is broken."""\n\ndef double(x:\n')
    made, removed = [], []
    make, remove = Scratch.__init__, Scratch.remove

    def note(scratch: Scratch, folder: Path, size: int) -> None:
        made.append(folder)
        make(scratch, folder, size)

    def note_end(scratch: Scratch) -> None:
        removed.append(scratch.path)
        remove(scratch)

    monkeypatch.setattr(Scratch, "__init__", note)
    monkeypatch.setattr(Scratch, "remove", note_end)
    assert graded(run("--kata-tests", "test_it.py"))["not_tried"] == 1
    assert len(made) > len({"the submission", "the reference", "a right answer", "two mistakes"})
    assert set(made) <= set(removed)


BOTH = ("Lists instead of arrays", "Lists instead of arrays, too")
UNSOUND = """
    import numpy as np
    from scaling import double, mean

    def test_double():
        assert list(double(np.array([1.0, 2.0]))) == [2.0, 4.0]

    def test_type():
        assert type(double(np.ones(2))) is np.ndarray

    def test_hangs_on_lists_and_on_what_is_wrong():
        x = double(np.ones(2))
        while type(x) is list or x[0] != 2:
            pass

    def test_nothing():
        assert mean(np.ones(2)) == 1
"""


class Order:
    """Takes the place of chance."""

    turn = 1

    def shuffle(self, order: list[object]) -> None:
        order[:] = order[:: self.turn]


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("turn", [1, -1])
def test_what_is_found_does_not_depend_on_the_order(
    project: Path, hidden: Path, run: Run, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    monkeypatch.setattr("pytest_mlkata.session.own_tests.SystemRandom", Order)
    monkeypatch.setattr(Order, "turn", turn)
    limits = Limits(call_seconds=0.5, total_seconds=60.0)
    monkeypatch.setattr("pytest_mlkata.solution.proctor.LIMITS", limits)
    monkeypatch.setattr("pytest_mlkata.solution.deadline.WALL_FACTOR", 2.0)
    write(hidden / "right" / "more_lists.py", LISTS.replace("arrays.", "arrays, too."))
    write(project / "test_it.py", UNSOUND)
    tests = graded(run("--kata-tests", "test_it.py"))
    failing = ("test_type", "test_hangs_on_lists_and_on_what_is_wrong")
    assert [(each["solution"], each["test"]) for each in tests["false_alarms"]] == [
        (style, test) for style in BOTH for test in failing
    ]
    assert (tests["rights"], tests["caught"], tests["missed"]) == (3, 1, ["mean of nothing is zero"])


@pytest.mark.usefixtures("hidden")
def test_every_solution_is_run_the_same_way(
    project: Path, run: Run, solve: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    sat = []
    sit = Proctor.sit

    def note(proctor: Proctor, *arguments: Any) -> Sitting:
        sat.append(arguments)
        return sit(proctor, *arguments)

    monkeypatch.setattr(Proctor, "sit", note)
    solve(REFERENCE)
    write(project / "test_it.py", GOOD)
    assert graded(run("--kata-tests", "test_it.py"))["caught"] == 1
    _, *others, _ = sat
    assert len(others) == len({"a right answer", "one mistake", "another"})
    assert all(each == others[0] for each in others)


def test_every_solution_is_read_before_any_test_runs(
    project: Path, hidden: Path, run: Run, solve: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit = Proctor.sit

    def spoil(proctor: Proctor, *arguments: Any) -> Sitting:
        for path in hidden.glob("[rw]*/*.py"):
            path.write_text("raise SystemExit")
        return sit(proctor, *arguments)

    monkeypatch.setattr(Proctor, "sit", spoil)
    solve(REFERENCE)
    write(project / "test_it.py", GOOD)
    tests = graded(run("--kata-tests", "test_it.py"))
    assert (tests["caught"], tests["rights"], tests["fault"]) == (1, 2, None)


@pytest.mark.usefixtures("solved")
def test_what_was_not_tried_is_not_counted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mlkata.session.own_tests.SECONDS", 0.0)
    outcome = run("--kata-tests", "test_it.py")
    tests = graded(outcome)
    assert (tests["rights"], tests["mistakes"], tests["missed"], tests["not_tried"]) == (1, 0, [], 3)
    outcome.result.stdout.fnmatch_lines(["*none on 1 right answer", "*left out*3 solutions: *"])


@pytest.mark.usefixtures("hidden")
def test_a_test_that_ends_the_run_is_a_false_alarm_and_the_others_go_on(project: Path, run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    write(project / "test_it.py", f"import pytest\n\ndef test_exit():\n    pytest.exit('enough')\n\n{dedent(GOOD)}")
    outcome = run("--kata-tests", "test_it.py")
    tests = graded(outcome)
    assert tests["false_alarms"] == [
        {"test": "test_exit", "message": "ends the run of all tests", "solution": "the reference"}
    ]
    assert (tests["caught"], tests["mistakes"]) == (1, 2)
    assert outcome.result.ret == 1


@pytest.mark.usefixtures("hidden")
def test_too_many_tests_are_a_fault(project: Path, run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    many = "import pytest\n\n@pytest.mark.parametrize('x', range(1001))\ndef test_x(x):\n    assert True\n"
    write(project / "test_it.py", many)
    outcome = run("--kata-tests", "test_it.py")
    assert graded(outcome)["fault"] == "test_it.py: has 1001 tests; at most 1000 are run"
    assert outcome.result.ret == 1


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
