"""The same kata, solution and seed give the same grade, to the last word, whatever surrounds the run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scaling import CORRECTNESS, REFERENCE, Outcome, Run, Solve, write

# The solution tells what it was called with: a digest of its first forty lists ends up on the scorecard.
EXAMPLES = '''

    @points(1)
    @given(x=st.lists(st.integers() | st.floats(allow_nan=False) | st.text(max_size=3), min_size=1, max_size=4))
    def test_mean_of_all_sorts(solution, x):
        """mean is called with all sorts of values"""
        solution.mean(x)


    @points(1)
    @given(x=st.lists(st.integers(), min_size=1))
    def test_mean_of_large_numbers(solution, x):
        """mean agrees with the definition for large numbers"""
        close(solution.mean(np.array(x, dtype=float)), answer.mean(np.array(x, dtype=float)), "mean(x)")
'''
WRONG = """
    import hashlib

    CALLS = []

    def double(x):
        return [2 * each for each in x]

    def mean(x):
        if isinstance(x, list):
            CALLS.append(repr(x))
            if len(CALLS) == 40:
                raise RuntimeError(hashlib.sha256("".join(CALLS).encode()).hexdigest())
            return 0.0
        if len(x) == 0:
            return 0.0
        if len(x) > 1 and max(x) > 4:
            return max(x)
        return sum(x) / len(x)
"""
NOISE = "\n".join(f"NUMBER_{i} = {i * 7919 + 10**6}\nTEXT_{i} = 'k{i}'\nFRACTION_{i} = {i}.0625" for i in range(200))
LOGISTIC = Path(__file__).parents[2] / "examples" / "solutions" / "logistic_regression.py"


@contextmanager
def both_cores_busy() -> Iterator[None]:
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def repeatable(outcome: Outcome) -> Any:
    """All that a run wrote, without the only values that two runs may differ in."""
    assert outcome.data, outcome.result.stdout.str() + outcome.result.stderr.str()
    return without_seconds(outcome.data)


def without_seconds(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_seconds(value) for key, value in data.items() if key != "seconds"}
    return [without_seconds(each) for each in data] if isinstance(data, list) else data


@pytest.fixture
def noisy(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on a module full of constants can be loaded as a plugin."""

    def make() -> None:
        write(project / "noise" / "noise_module.py", NOISE)
        monkeypatch.setenv("PYTHONPATH", str(project / "noise"))

    return make


def add_examples(project: Path) -> None:
    hidden = project / "katas" / "scaling" / "hidden"
    write(hidden / "test_correctness.py", CORRECTNESS + EXAMPLES)
    write(hidden / "reference.py", REFERENCE.replace("np.mean(x)", "0 if isinstance(x, list) else np.mean(x)"))


def test_ten_runs_give_one_grade_and_another_seed_draws_other_examples(
    run: Run, solve: Solve, project: Path, monkeypatch: pytest.MonkeyPatch, noisy: Callable[[], None]
) -> None:
    grade = partial(run, apart=True)
    add_examples(project)
    solve(WRONG)
    first = grade()
    expected = repeatable(first)
    assert first.statuses == {
        "test_double_by_hand": "passed",
        "test_mean_of_any_numbers": "failed",
        "test_mean_of_all_sorts": "error",
        "test_mean_of_large_numbers": "failed",
        "test_mean_of_nothing": "failed",
        "test_double_at_once": "failed",
    }
    again: dict[str, Outcome] = {}
    with both_cores_busy():
        again["busy"] = grade()
    again["not isolated"] = grade("--kata-isolation=none")
    again["first order"] = grade("--randomly-seed=1", plugins=("randomly",))
    again["second order"] = grade("--randomly-seed=2", plugins=("randomly",))
    again["two workers"] = grade("-n", "2", plugins=("xdist",))
    again["options"] = grade("-vv", "--hypothesis-seed=5", "-p", "no:cacheprovider", "-s")
    monkeypatch.chdir(project / "solutions")
    again["a subfolder"] = grade()
    for name in ("CI", "GITHUB_ACTIONS", "HYPOTHESIS_PROFILE"):
        monkeypatch.setenv(name, "ci")
    again["a CI service"] = grade("--hypothesis-profile=ci")
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "empty"))
    again["nothing kept"] = grade()
    noisy()
    again["noise"] = grade("-p", "noise_module")
    for what, outcome in again.items():
        assert repeatable(outcome) == expected, what
    assert not list(project.rglob(".hypothesis"))
    other = grade("--kata-seed=1")
    assert other.card["seed"] == 1
    assert other.messages["test_mean_of_all_sorts"] != first.messages["test_mean_of_all_sorts"]


def test_a_shipped_kata_gives_one_grade(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, noisy: Callable[[], None]
) -> None:
    grade = partial(run, apart=True)
    right = LOGISTIC.read_text("utf-8")
    wrong = right.replace("- y * z", "- y * z * (np.abs(z) < 30)").replace("error.mean()", "error.sum() / (len(y) + 1)")
    write(project / "solutions" / "logistic_regression.py", wrong)
    expected = repeatable(first := grade(kata="logistic_regression"))
    failed = [check for check in first.card["checks"] if check["status"] == "failed"]
    assert {check["function"] for check in failed} == {"loss", "gradient", "fit"}
    assert any(check["counterexample"] for check in failed)
    noisy()
    monkeypatch.setenv("CI", "true")
    options = ("-p", "noise_module", "--randomly-seed=3", "--kata-isolation=none")
    with both_cores_busy():
        again = grade(*options, kata="logistic_regression", plugins=("randomly",))
    assert repeatable(again) == expected
