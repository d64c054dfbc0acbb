"""What every function is watched for, without a check that says so: changed arguments, and calls that remember."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scaling import EDGE_CASES, KATA, REFERENCE, Outcome, Run, Solve, write

CHANGES = """
    import numpy as np

    def double(x):
        x *= 2
        return x

    def mean(x):
        if len(x) == 0:
            raise ValueError("no numbers")
        if len(x) > 1:
            x -= x[0]
            return np.mean(x) + x[0]
        return np.mean(x)
"""
REMEMBERS = """
    import numpy as np

    seen = []

    def double(x):
        seen.append(len(x))
        return 2 * x * (1 if len(seen) == 1 else 3)

    def mean(x, before=[]):
        if len(x) == 0:
            raise ValueError("no numbers")
        if len(x) > 2:
            before.extend(x)
            return np.mean(before[1:])
        return np.mean(x)
"""
FREE = '\n    [guards]\n    may_change_arguments = ["double", "mean"]\n    may_vary = ["double", "mean"]\n'
# What comes out when the answers are right, and nobody looks at how.
LENIENT = '''
    import numpy as np

    from pytest_mlkata.checks import points, require


    @points(2)
    def test_double_by_hand(solution):
        """double gives as many numbers as it is given"""
        require(np.shape(solution.double(np.array([1.0, 2.0]))) == (2,), "double([1, 2]) must give two numbers")


    @points(3)
    def test_mean_of_any_numbers(solution):
        """mean gives a number"""
        require(np.ndim(solution.mean(np.array([1.0, 2.0, 3.0]))) == 0, "mean([1, 2, 3]) must give one number")
'''
EVERYWHERE = pytest.mark.parametrize("isolation", ["process", "none"])


def without_seconds(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_seconds(value) for key, value in data.items() if key != "seconds"}
    return [without_seconds(each) for each in data] if isinstance(data, list) else data


def counterexample(outcome: Outcome, name: str) -> str:
    (check,) = (each for each in outcome.card["checks"] if each["id"].endswith(f"::{name}"))
    assert isinstance(check["counterexample"], str)
    return check["counterexample"]


@EVERYWHERE
def test_a_changed_argument_fails_a_check_that_says_nothing_of_it(run: Run, solve: Solve, isolation: str) -> None:
    solve(CHANGES)
    outcome = run(f"--kata-isolation={isolation}")
    said = "changes x in place, which belongs to the caller: work on a copy, or make a new array"
    assert outcome.statuses == {
        "test_double_by_hand": "failed",
        "test_mean_of_any_numbers": "failed",
        "test_mean_of_nothing": "passed",
        "test_double_at_once": "blocked",
    }
    assert outcome.messages["test_double_by_hand"] == f"double {said}"
    assert outcome.messages["test_mean_of_any_numbers"] == f"mean {said}"
    assert outcome.result.ret == 1
    assert outcome.points == (1, 8)
    assert counterexample(outcome, "test_mean_of_any_numbers") == "x = [1, 0]"
    assert "double changes x in place" in " ".join(outcome.result.stdout.str().split())


@EVERYWHERE
def test_a_call_that_depends_on_the_calls_before_it_fails(run: Run, solve: Solve, isolation: str) -> None:
    solve(REMEMBERS)
    outcome = run(f"--kata-isolation={isolation}")
    assert outcome.statuses == {
        "test_double_by_hand": "failed",
        "test_mean_of_any_numbers": "failed",
        "test_mean_of_nothing": "passed",
        "test_double_at_once": "blocked",
    }
    assert outcome.messages["test_double_by_hand"] == (
        "double gives [2., 4.], and [ 6., 12.] when it is called again with the same arguments: "
        "a call must not depend on the calls before it"
    )


@pytest.mark.parametrize("source", [CHANGES, REMEMBERS], ids=["changes", "remembers"])
def test_what_was_found_is_found_again(run: Run, solve: Solve, source: str) -> None:
    solve(source)
    first = run()
    assert counterexample(first, "test_mean_of_any_numbers")
    for options, plugins in (((), ()), (("-n", "2"), ("xdist",)), (("--kata-isolation=none",), ())):
        again = run(*options, plugins=plugins)
        assert without_seconds(again.data) == without_seconds(first.data), options


@EVERYWHERE
@pytest.mark.parametrize("source", [CHANGES, REMEMBERS], ids=["changes", "remembers"])
def test_a_kata_can_take_the_guards_off(run: Run, solve: Solve, project: Path, source: str, isolation: str) -> None:
    kata = project / "katas" / "scaling"
    write(kata / "hidden" / "test_correctness.py", LENIENT)
    solve(source)
    guarded = run(f"--kata-isolation={isolation}")
    assert guarded.statuses["test_double_by_hand"] == guarded.statuses["test_mean_of_any_numbers"] == "failed"
    write(kata / "kata.toml", KATA + FREE)
    free = run(f"--kata-isolation={isolation}")
    assert set(free.statuses.values()) == {"passed"}
    assert free.result.ret == 0


def test_a_guard_that_is_taken_off_a_function_that_is_not_there_is_refused(run: Run, project: Path) -> None:
    write(project / "katas" / "scaling" / "kata.toml", KATA + '    [guards]\n    may_vary = ["doubel"]\n')
    outcome = run()
    assert "`guards.may_vary` names `doubel`, which the stub does not declare; did you mean `double`?" in " ".join(
        (outcome.result.stdout.str() + outcome.result.stderr.str()).split()
    )
    assert outcome.result.ret not in (0, 5)


@pytest.mark.parametrize("answer", [CHANGES, REMEMBERS], ids=["changes", "remembers"])
def test_a_reference_that_breaks_a_guard_costs_nobody_points(
    run: Run, solve: Solve, project: Path, answer: str
) -> None:
    hidden = project / "katas" / "scaling" / "hidden"
    write(hidden / "reference.py", answer)
    write(hidden / "test_correctness.py", LENIENT)
    solve(answer)
    outcome = run()
    assert outcome.statuses["test_double_by_hand"] == outcome.statuses["test_mean_of_any_numbers"] == "broken"
    for name, function in (("test_double_by_hand", "double"), ("test_mean_of_any_numbers", "mean")):
        message = outcome.messages[name]
        assert re.search(rf"{name}: the kata's own reference fails it in line \d+: CheckFailed: {function} ", message)
    assert outcome.result.ret == 1
    # Who answers properly is not concerned.
    solve(REFERENCE)
    assert set(run().statuses.values()) == {"passed"}


@EVERYWHERE
def test_a_refusal_does_not_hide_a_change(run: Run, solve: Solve, project: Path, isolation: str) -> None:
    hidden = project / "katas" / "scaling" / "hidden"
    write(hidden / "test_edge_cases.py", EDGE_CASES.replace("np.array([])", "np.array([np.nan, 1.0])"))
    write(hidden / "reference.py", REFERENCE.replace("len(x) == 0", "not np.isfinite(x).all()"))
    solve(REFERENCE.replace("if len(x) == 0:", "if not np.isfinite(x).all():\n            x[0] = 0.0"))
    outcome = run(f"--kata-isolation={isolation}")
    assert outcome.statuses["test_mean_of_nothing"] == "failed"
    assert outcome.messages["test_mean_of_nothing"].startswith("mean changes x in place")


@EVERYWHERE
def test_a_name_that_numpy_has_given_up_is_told_on_the_scorecard(run: Run, solve: Solve, isolation: str) -> None:
    assert not hasattr(np, "float")
    solve(REFERENCE.replace("return np.mean(x)", "return np.mean(np.asarray(x, dtype=np.float))"))
    outcome = run(f"--kata-isolation={isolation}")
    assert outcome.statuses["test_mean_of_any_numbers"] == "error"
    assert outcome.messages["test_mean_of_any_numbers"].startswith(
        "AttributeError: np.float is gone since NumPy 1.24; use Python's own float (line "
    )
    assert "np.float is gone since NumPy 1.24" in " ".join(outcome.result.stdout.str().split())
