"""Nothing in the user's project changes a grade."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scaling import Run, Solve, write

HOSTILE_INI = """
    [pytest]
    addopts = -k nothing -x --doctest-modules --strict-markers --cov=solutions --cov-fail-under=100 -W error -m slow
    testpaths = solutions
    filterwarnings = error
    markers = slow: of the user's
    python_files = check_*.py
    python_functions = prove_*
    usefixtures = breaks
    xfail_strict = true
"""
HOSTILE_CONFTEST = """
    import numpy as np
    import pytest

    import pytest_mlkata.checks

    pytest_mlkata.checks.close = None
    np.mean = None

    @pytest.fixture(autouse=True)
    def breaks():
        raise RuntimeError("the user's fixture ran")

    @pytest.fixture
    def solution():
        raise RuntimeError("the user's fixture ran")

    def pytest_collection_modifyitems(items):
        items.clear()

    def pytest_runtest_makereport(item, call):
        raise RuntimeError("the user's hook ran")
"""


def test_a_hostile_project_does_not_change_a_grade(project: Path, run: Run, solve: Solve, right: str) -> None:
    solve(right)
    before = run().card
    write(project / "pytest.ini", HOSTILE_INI)
    write(project / "conftest.py", HOSTILE_CONFTEST)
    for folder in ("katas", "katas/scaling", "katas/scaling/hidden", "solutions"):
        write(project / folder / "conftest.py", HOSTILE_CONFTEST)
    write(project / "solutions" / "numpy.py", "raise RuntimeError('the wrong numpy')\n")
    write(project / "sitecustomize.py", "raise RuntimeError('sitecustomize ran')\n")
    after = run(plugins=("cov",))
    assert after.result.ret == 0, after.result.stdout.str()
    assert (before["earned"], before["possible"]) == (8, 8)
    assert _without_seconds(after.card) == _without_seconds(before)
    after.result.stdout.no_fnmatch_line("*coverage*")


def test_addopts_from_the_environment_do_not_change_a_grade(
    run: Run, solve: Solve, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(right)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing --maxfail=1")
    assert run().points == (8, 8)


def test_without_kata_the_folders_of_katas_are_not_collected(pytester: pytest.Pytester, project: Path) -> None:
    write(project / "test_own.py", "def test_own(): pass\n")
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=1)


def _without_seconds(card: dict[str, Any]) -> dict[str, Any]:
    checks = [{key: value for key, value in check.items() if key != "seconds"} for check in card["checks"]]
    return {**card, "seconds": None, "checks": checks}
