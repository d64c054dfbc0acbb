"""Fixtures: a project with the small kata `scaling`, and a way to grade it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scaling import REFERENCE, Outcome, Run, Solve, write, write_kata

# What a run in this process would import is there already: pytester takes it away again afterwards.
import pytest_mlkata.session.inner
import pytest_mlkata.session.launch  # noqa: F401


@pytest.fixture
def project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A project with the kata `scaling` in its katas folder."""
    for variable in ("PYTEST_ADDOPTS", "CI", "COVERAGE_PROCESS_START"):
        monkeypatch.delenv(variable, raising=False)
    # Messages that hold a path are then not wrapped somewhere in it.
    monkeypatch.setenv("COLUMNS", "300")
    # The home is the project here, and the shipped katas of an installed wheel are unpacked into the cache of a home.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    write(pytester.path / "pytest.ini", "[pytest]\n")
    write_kata(pytester.path / "katas" / "scaling")
    return pytester.path


@pytest.fixture
def solve(project: Path) -> Solve:
    """Hands in a solution of `scaling`."""
    return lambda text: write(project / "solutions" / "scaling.py", text)


@pytest.fixture
def run(pytester: pytest.Pytester, project: Path) -> Run:
    """Grades, and reads the JSON; in a process of its own if another plugin or the test demands it."""

    def run_with(*arguments: str, kata: str = "scaling", plugins: tuple[str, ...] = (), apart: bool = False) -> Outcome:
        path = project / "out.json"
        path.unlink(missing_ok=True)
        chosen = [each for name in ("randomly", "xdist", "cov") if name not in plugins for each in _without(name)]
        start = pytester.runpytest_subprocess if apart or plugins else pytester.runpytest_inprocess
        result = start("--kata", kata, "--kata-json", str(path), *chosen, *arguments)
        data = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return Outcome(result, data)

    return run_with


def _without(name: str) -> tuple[str, str]:
    """Leave out an installed plugin that the test is not about."""
    module = {"randomly": "randomly", "xdist": "xdist", "cov": "pytest_cov"}[name]
    return "-p", f"no:{module}"


@pytest.fixture
def right() -> str:
    return REFERENCE
