"""One check is run: what it was called with, how it ended, and always the same."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.configuration
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from pytest_mlkata.errors import Inconclusive, SubmissionStopped
from pytest_mlkata.session import trial

Solution = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def settled(tmp_path: Path) -> Iterator[None]:
    with trial.deterministic_generation(tmp_path / "tables"):
        yield


class Recording:
    """A solution that keeps what it was called with."""

    def __init__(self, answer: Solution = lambda _: None) -> None:
        self.calls: list[Any] = []
        self._answer = answer

    def __call__(self, value: Any) -> Any:
        self.calls.append(value)
        return self._answer(value)


def make_property(strategy: st.SearchStrategy[Any] | None = None) -> Callable[..., None]:
    """A property anew: what an earlier run left on it would be seen."""

    @given(x=strategy if strategy is not None else st.integers() | st.text() | st.floats())
    def check(solution: Solution, x: Any) -> None:
        solution(x)

    return check


def examples(seed: int, strategy: st.SearchStrategy[Any] | None = None) -> list[Any]:
    solution = Recording()
    assert trial.run(make_property(strategy), {"solution": solution}, seed) is None
    return list(map(repr, solution.calls))


# A check without @given


def test_a_check_that_holds_is_no_failure() -> None:
    assert trial.run(lambda: None, {}, 0) is None


@pytest.mark.parametrize(
    "error", [AssertionError("no"), SystemExit(0), Inconclusive("?"), SubmissionStopped("hung"), GeneratorExit()]
)
def test_whatever_ends_a_check_is_how_it_failed(error: BaseException) -> None:
    def check(solution: object) -> None:
        assert solution == 1
        raise error

    failure = trial.run(check, {"solution": 1}, 0)
    assert failure is not None
    assert (failure.raised, failure.arguments) == (error, {"solution": 1})


def test_a_check_that_returns_its_comparison_fails() -> None:
    failure = trial.run(lambda: True, {}, 0)
    assert failure is not None
    assert str(failure.raised) == "the check returns bool; it has to assert instead"

    def compare(x: int) -> bool:
        return isinstance(x, int)

    failure = trial.run(given(x=st.integers())(compare), {}, 0)  # type: ignore[arg-type]  # what is wrong with it
    assert failure is not None
    assert "returns bool" in str(failure.raised)


def test_the_person_at_the_keyboard_is_not_a_failure() -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trial.run(interrupt, {"_": 0}, 0)
    with pytest.raises(KeyboardInterrupt):
        trial.run(make_property(), {"solution": interrupt}, 0)
    with pytest.raises(KeyboardInterrupt):
        trial.replay(interrupt, {"_": 0})


def test_warnings_do_not_decide(recwarn: pytest.WarningsRecorder) -> None:
    import warnings  # noqa: PLC0415

    assert trial.run(lambda: warnings.warn("deprecated", DeprecationWarning, stacklevel=1), {}, 0) is None
    assert trial.replay(lambda: warnings.warn("deprecated", DeprecationWarning, stacklevel=1), {}) is None
    assert not recwarn.list


# Properties


def needs_small(value: Any) -> None:
    assert not (isinstance(value, int) and value > 1000)


def test_the_counterexample_is_small() -> None:
    failure = trial.run(make_property(), {"solution": needs_small}, 0)
    assert failure is not None
    assert isinstance(failure.raised, AssertionError)
    assert failure.arguments == {"solution": needs_small, "x": 1001}


def test_shrinking_ends_soon_after_the_last_success() -> None:
    solution = Recording(lambda x: needs_small(len(x) * 400))
    failure = trial.run(make_property(st.lists(st.integers())), {"solution": solution}, 0)
    assert failure is not None
    last = max(index for index, call in enumerate(solution.calls) if call == failure.arguments["x"])
    assert len(solution.calls) - 1 - last <= trial.PATIENCE
    assert failure.arguments["x"] == [0, 0, 0]


def test_without_patience_the_first_failing_example_is_the_counterexample() -> None:
    solution = Recording(lambda x: needs_small(len(x) * 400))
    failure = trial.run(make_property(st.lists(st.integers())), {"solution": solution}, 0, patience=0)
    assert failure is not None
    assert failure.arguments["x"] == solution.calls[-1]
    assert [len(call) * 400 for call in solution.calls[:-1] if len(call) > 2] == []


def test_a_hang_while_shrinking_keeps_the_counterexample() -> None:
    failed: list[Any] = []

    def solution(x: Any) -> None:
        if len(failed) == 2:
            raise SubmissionStopped("took more than 2 s")
        if isinstance(x, int) and x > 1000:
            failed.append(x)
            raise ValueError(x)

    failure = trial.run(make_property(), {"solution": solution}, 0)
    assert failure is not None
    assert isinstance(failure.raised, ValueError)
    assert failure.arguments["x"] == failed[-1]


@pytest.mark.parametrize("error", [SubmissionStopped("hung"), Inconclusive("between")])
def test_what_must_not_be_repeated_is_not(error: BaseException) -> None:
    def answer(x: Any) -> None:
        if isinstance(x, str):
            raise error

    solution = Recording(answer)
    failure = trial.run(make_property(), {"solution": solution}, 0)
    assert failure is not None
    assert failure.raised is error
    assert failure.arguments["x"] == solution.calls[-1]
    assert sum(isinstance(call, str) for call in solution.calls) == 1


def test_a_failure_is_final_even_if_it_does_not_come_again() -> None:
    def answer(_: Any) -> None:
        assert len(solution.calls) != 7

    solution = Recording(answer)
    failure = trial.run(make_property(), {"solution": solution}, 0)
    assert failure is not None
    assert isinstance(failure.raised, AssertionError)
    assert repr(failure.arguments["x"]) == repr(solution.calls[6])


def test_pytest_fail_in_a_property_is_shrunk_like_any_failure() -> None:
    def solution(x: Any) -> None:
        if isinstance(x, int) and x > 1000:
            pytest.fail("too large")

    failure = trial.run(make_property(), {"solution": solution}, 0)
    assert failure is not None
    assert isinstance(failure.raised, pytest.fail.Exception)
    assert failure.arguments["x"] == 1001


def test_assume_is_not_a_failure() -> None:
    assert trial.run(make_property(), {"solution": lambda x: hypothesis.assume(isinstance(x, int))}, 0) is None


def test_a_property_is_left_as_it_was() -> None:
    check = make_property()
    handle = check.hypothesis  # type: ignore[attr-defined]
    body, settings = handle.inner_test, check._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    trial.run(check, {"solution": needs_small}, 0)
    assert handle.inner_test is body
    assert check._hypothesis_internal_use_settings is settings  # type: ignore[attr-defined]


def test_replay_calls_once_with_the_same_arguments() -> None:
    solution = Recording(needs_small)
    assert trial.replay(make_property(), {"solution": solution, "x": 5}) is None
    raised = trial.replay(make_property(), {"solution": solution, "x": 5000})
    assert isinstance(raised, AssertionError)
    assert solution.calls == [5, 5000]


# The same examples, whatever surrounds the run


def test_the_seed_decides_and_nothing_else() -> None:
    first = examples(1)
    assert len(first) == trial.MAX_EXAMPLES
    assert examples(1) == first
    assert examples(2) != first


def test_settings_of_a_check_keep_their_number_of_examples() -> None:
    check = hypothesis.settings(max_examples=7, derandomize=True, phases=[hypothesis.Phase.reuse])(make_property())
    solution = Recording()
    trial.run(check, {"solution": solution}, 0)
    assert len(solution.calls) == 7


def test_seeds_of_checks_differ_and_stay() -> None:
    seeds = {
        trial.seed_of(0, "ranks", "test_a.py::test_a"),
        trial.seed_of(1, "ranks", "test_a.py::test_a"),
        trial.seed_of(0, "spans", "test_a.py::test_a"),
        trial.seed_of(0, "ranks", "test_a.py::test_b"),
    }
    assert len(seeds) == 4
    assert trial.seed_of(0, "ranks", "test_a.py::test_a") == 8232835938101459129, "another would change every grade"


CONSTANTS = st.lists(st.integers(), min_size=5, max_size=5)


@pytest.fixture
def noise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Imports a module full of constants, from a folder that Hypothesis takes for the user's own."""
    numbers = [7919 * i + 10**6 for i in range(400)]
    (tmp_path / "noise_for_trial.py").write_text(f"NUMBERS = {numbers}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def load() -> None:
        importlib.import_module("noise_for_trial")

    yield load
    sys.modules.pop("noise_for_trial", None)


def test_an_unrelated_module_does_not_change_the_examples(noise: Callable[[], None]) -> None:
    before = examples(3, CONSTANTS)
    noise()
    assert examples(3, CONSTANTS) == before


def test_without_the_patch_it_would(noise: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis still does what the patch is against, where the patch reaches; else the patch can go."""
    before = examples(3, CONSTANTS)
    noise()
    calm = providers._get_local_constants
    with monkeypatch.context() as patch:
        patch.setattr(providers, "_get_local_constants", HARVEST)
        providers.CONSTANTS_CACHE.cache.clear()
        disturbed = examples(3, CONSTANTS)
    providers.CONSTANTS_CACHE.cache.clear()
    assert providers._get_local_constants is calm
    assert disturbed != before
    assert examples(3, CONSTANTS) == before


HARVEST = providers._get_local_constants


def test_everything_is_as_before_afterwards(tmp_path: Path) -> None:
    profile = hypothesis.settings.get_current_profile_name()
    harvest = providers._get_local_constants
    with trial.deterministic_generation(tmp_path / "more"):
        assert providers._get_local_constants is not harvest
        folder = hypothesis.configuration.storage_directory("x")
        assert getattr(folder, "path", folder) == tmp_path / "more" / "x", "an older Hypothesis gives the path itself"
        assert hypothesis.settings.default is not None
        assert hypothesis.settings.default.max_examples == trial.MAX_EXAMPLES
    assert providers._get_local_constants is harvest
    assert hypothesis.settings.get_current_profile_name() == profile
