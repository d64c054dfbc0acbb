"""Runs one check: plain or with Hypothesis, always with the same examples for the same seed."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import hypothesis
import hypothesis.configuration
import hypothesis.errors
import pytest
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from pytest_mlkata.solution.inprocess import left_debugger

MAX_EXAMPLES = 60
PATIENCE = 25
"""What a person has with a counterexample: see `run`."""

_PROFILE = "mlkata"
_FAILURES = (Exception, pytest.fail.Exception)
"""What Hypothesis takes for a failure and shrinks."""


class Failure:
    """How a check failed: what was raised, and the arguments it was called with."""

    def __init__(self, raised: BaseException, arguments: Mapping[str, Any]) -> None:
        self.raised = raised
        self.arguments = dict(arguments)


class Recorder(Protocol):
    """Takes down with what a check is called."""

    def take(self, arguments: Mapping[str, Any]) -> None:
        """Take down one example, before the check gets it."""

    def drop(self) -> None:
        """Forget the example that was taken down last: the check has no use for it."""


def run(
    check: Callable[..., object],
    fixtures: Mapping[str, Any],
    seed: int,
    *,
    patience: int = PATIENCE,
    recorder: Recorder | None = None,
) -> Failure | None:
    """Run `check` and tell how it failed, or None.

    Parameters
    ----------
    check
        The test function, with or without ``@given``.
    fixtures
        The arguments that are not generated.
    seed
        What the examples are drawn from.
    patience
        After so many calls without a smaller failing example the counterexample is small enough; with 0 it is the
        first one.
    recorder
        What takes down the examples.
    """
    with warnings.catch_warnings():
        # Warnings never decide, whatever filters the run was started with.
        warnings.simplefilter("ignore")
        if hypothesis.is_hypothesis_test(check):
            return _run_property(check, fixtures, seed, _Watch(patience, recorder))
        raised = _raised_by(check, fixtures)
    return None if raised is None else Failure(raised, fixtures)


def replay(check: Callable[..., object], arguments: Mapping[str, Any]) -> BaseException | None:
    """Run `check` once more on `arguments` and give back what it raised."""
    body = check.hypothesis.inner_test if hypothesis.is_hypothesis_test(check) else check  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _raised_by(body, arguments)


def rerun(
    check: Callable[..., object], fixtures: Mapping[str, Any], examples: Iterable[Mapping[str, Any]]
) -> Failure | None:
    """Run a check with ``@given`` on examples that are known, and tell how it failed first, or None.

    Raises
    ------
    hypothesis.errors.HypothesisException
        The check needs Hypothesis around it: it takes notes, sets a target, or assumes what does not hold here.
    """
    body = check.hypothesis.inner_test  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for example in examples:
            arguments = {**fixtures, **example}
            raised = _raised_by(body, arguments)
            if isinstance(raised, hypothesis.errors.HypothesisException):
                raise raised
            if raised is not None:
                return Failure(raised, arguments)
    return None


def _raised_by(body: Callable[..., object], arguments: Mapping[str, Any]) -> BaseException | None:
    try:
        _require_nothing(body(**arguments))
    except BaseException as raised:  # noqa: BLE001  # whatever ends a check is its result
        return _unless_interrupted(raised)
    return None


def _unless_interrupted(raised: BaseException) -> BaseException:
    """Let the person at the keyboard or in the debugger end the run; a submission's own comes as SubmissionRaised."""
    if isinstance(raised, KeyboardInterrupt) or left_debugger(raised):
        raise raised
    return raised


def _require_nothing(returned: object) -> None:
    """A comparison that is returned instead of asserted would hold for every submission."""
    if returned is not None:
        raise TypeError(f"the check returns {type(returned).__name__}; it has to assert instead")


def _run_property(
    check: Callable[..., object], fixtures: Mapping[str, Any], seed: int, watch: _Watch
) -> Failure | None:
    with _watched(check, watch), _settled(_given(check), seed):
        try:
            check(**fixtures)
        except _SmallEnough:
            pass
        except BaseException as raised:  # noqa: BLE001  # same
            _unless_interrupted(raised)
            return watch.failure or Failure(raised, watch.arguments)
    return watch.failure


def _given(check: Callable[..., object]) -> Callable[..., object]:
    """What ``@given`` made, which reads its own attributes: ``--trace`` wraps it once more."""
    inside: Callable[..., object] = getattr(check, "__wrapped__", check)
    return _given(inside) if inside is not check and hypothesis.is_hypothesis_test(inside) else check


class _SmallEnough(BaseException):
    """Ends shrinking. Not an `Exception`, so Hypothesis lets it through."""


class _Watch:
    """Sees every call of a property: the last failing one is the counterexample.

    Hypothesis only tries simpler examples once one has failed. A hang or a crash while it does so must not replace
    the counterexample that is there already.
    """

    def __init__(self, patience: int, recorder: Recorder | None) -> None:
        self._patience = patience
        self._recorder = recorder
        self.failure: Failure | None = None
        self.arguments: dict[str, Any] = {}
        self._quiet = 0

    def call(self, body: Callable[..., object], arguments: dict[str, Any]) -> None:
        if self.failure is not None and self._quiet >= self._patience:
            raise _SmallEnough
        self.arguments = arguments
        self._quiet += 1
        if self._recorder is not None:
            self._recorder.take(arguments)
        try:
            _require_nothing(body(**arguments))
        except hypothesis.errors.UnsatisfiedAssumption:
            if self._recorder is not None:
                self._recorder.drop()
            raise
        except hypothesis.errors.HypothesisException:
            raise
        except _FAILURES as raised:
            self.failure = Failure(raised, arguments)
            self._quiet = 0
            raise


@contextmanager
def _watched(check: Callable[..., object], watch: _Watch) -> Iterator[None]:
    handle = check.hypothesis  # type: ignore[attr-defined]
    body = handle.inner_test

    @functools.wraps(body)
    def inner(**arguments: Any) -> None:
        watch.call(body, arguments)

    handle.inner_test = inner
    try:
        yield
    finally:
        handle.inner_test = body


@contextmanager
def _settled(check: Callable[..., object], seed: int) -> Iterator[None]:
    """Fix everything that would let a second run draw other examples."""
    declared = check._hypothesis_internal_use_settings  # type: ignore[attr-defined]  # noqa: SLF001  # where @settings puts them
    check._hypothesis_internal_use_settings = hypothesis.settings(  # type: ignore[attr-defined]  # noqa: SLF001
        declared, max_examples=declared.max_examples, **_fixed()
    )
    try:
        hypothesis.seed(seed)(check)
        yield
    finally:
        check._hypothesis_internal_use_settings = declared  # type: ignore[attr-defined]  # noqa: SLF001


def _fixed() -> dict[str, Any]:
    return {
        # derandomize takes the seed from the source of the check and ignores ours.
        "derandomize": False,
        "database": None,
        "deadline": None,
        "print_blob": False,
        "report_multiple_bugs": False,
        "phases": (hypothesis.Phase.explicit, hypothesis.Phase.generate, hypothesis.Phase.shrink),
        "suppress_health_check": tuple(hypothesis.HealthCheck),
        "verbosity": hypothesis.Verbosity.quiet,
    }


def seed_of(seed: int, kata: str, check_id: str) -> int:
    """The seed of one check: it depends on nothing but the kata, the check and the seed of the run."""
    text = f"{seed}:{kata}/{check_id}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


@contextmanager
def deterministic_generation(storage: Path) -> Iterator[None]:
    """Keep Hypothesis' choice of examples from depending on the machine.

    Without this it mixes in constants that it finds in the source of local modules, so that importing one unrelated
    module changes the examples; and a profile chosen by environment or command line changes their number.

    Parameters
    ----------
    storage
        Where Hypothesis may keep its tables, instead of a folder ``.hypothesis`` where the person is.
    """
    current = hypothesis.settings.get_current_profile_name()
    hypothesis.settings.register_profile(_PROFILE, max_examples=MAX_EXAMPLES, **_fixed())
    hypothesis.settings.load_profile(_PROFILE)
    hypothesis.configuration.set_hypothesis_home_dir(storage)
    harvest = providers._get_local_constants  # noqa: SLF001  # there is no public switch; tests/unit guards it
    nothing = Constants()
    providers._get_local_constants = lambda: nothing  # noqa: SLF001
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = harvest  # noqa: SLF001
        providers.CONSTANTS_CACHE.cache.clear()
        hypothesis.configuration.set_hypothesis_home_dir(None)
        hypothesis.settings.load_profile(current)
