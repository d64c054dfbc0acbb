"""The ``conftest.py`` of a plain pytest project that checks a solution in its own process, without the plugin.

`bare_project` copies it beside the checks of a kata. The solution and the reference are simply modules; what a check
asks of a solution beside its functions is done here in the shortest way.
"""

from __future__ import annotations

import functools
import importlib
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest

from pytest_mlkata.errors import SubmissionRaised
from pytest_mlkata.solution.counting import counted

# The settings of a grading run (`pytest_mlkata.session.trial`), without the explain phase, which the grader leaves out.
hypothesis.settings.register_profile(
    "bare",
    max_examples=60,
    database=None,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    print_blob=False,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate, hypothesis.Phase.shrink),
    suppress_health_check=tuple(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("bare")


class Plain:
    """A module with what efficiency checks ask of a solution."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        """Return a function of the module; what it raises is known to come from there, as `raises` asks."""
        function = getattr(self._module, name)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                kind = type(type(error).__name__, (SubmissionRaised, type(error)), {})
                raise kind(str(error)) from error

        return call

    def count_events(self, name: str, /, *args: Any, **kwargs: Any) -> dict[str, int]:
        """Call a function and return how many Python-level events happened at each place."""
        return counted(getattr(self._module, name), args, kwargs)

    def measure_cpu(self, name: str, /, *args: Any, **kwargs: Any) -> float:
        """Call a function and return the CPU seconds it took."""
        started = time.process_time()
        getattr(self._module, name)(*args, **kwargs)
        return time.process_time() - started


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that says what a check is worth."""
    config.addinivalue_line("markers", "mlkata: what a check is worth")


@pytest.fixture(scope="session")
def solution() -> Plain:
    """The submission."""
    return Plain(importlib.import_module(f"{Path(__file__).parent.name}.solution"))


@pytest.fixture(scope="session")
def reference() -> Plain:
    """The kata's reference."""
    return Plain(importlib.import_module(f"{Path(__file__).parent.name}.reference"))
