"""Every pytest run on the machine loads the plugin: where it is not used it must cost nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scaling import write, write_kata

LIGHT = {
    "pytest_mlkata",
    "pytest_mlkata.plugin",
    "pytest_mlkata.options",
}
HEAVY = ("numpy", "scipy", "hypothesis", "rich", "click")
TEST = """
    import json
    import sys

    def test_modules():
        print("modules:", json.dumps(sorted(sys.modules)))
"""
QUIET = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:pytest_cov", "-s")


@pytest.fixture(autouse=True)
def _plain(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that has nothing to do with katas."""
    for variable in ("PYTEST_ADDOPTS", "COVERAGE_PROCESS_START"):
        monkeypatch.delenv(variable, raising=False)
    write(pytester.path / "test_modules.py", TEST)


def modules(pytester: pytest.Pytester, *arguments: str) -> set[str]:
    """What is loaded at the end of a plain run."""
    result = pytester.runpytest_subprocess(*QUIET, *arguments)
    assert result.ret == 0
    (line,) = [line for line in result.stdout.lines if "modules: [" in line]
    return set(json.loads(line.partition("modules: ")[2].partition("]")[0] + "]"))


def test_a_plain_run_loads_nothing_heavy_and_little_of_ours(pytester: pytest.Pytester) -> None:
    loaded = modules(pytester)
    assert {name for name in loaded if name.partition(".")[0] == "pytest_mlkata"} == LIGHT
    assert not [name for name in loaded if name.partition(".")[0] in HEAVY]
    # Whatever we load besides is pytest's or the standard library's, and loaded anyway.
    assert loaded - modules(pytester, "-p", "no:mlkata") == LIGHT


def test_a_plain_run_looks_the_same(pytester: pytest.Pytester) -> None:
    with_it = pytester.runpytest_subprocess(*QUIET, "-q").stdout.lines
    without = pytester.runpytest_subprocess(*QUIET, "-q", "-p", "no:mlkata").stdout.lines
    hidden = ("modules:", "1 passed in")
    assert [each for each in with_it if not each.startswith(hidden)] == [
        each for each in without if not each.startswith(hidden)
    ]


def test_a_plain_run_leaves_nothing_behind(pytester: pytest.Pytester) -> None:
    def found() -> set[Path]:
        caches = {"__pycache__", ".pytest_cache"}
        return {path for path in pytester.path.rglob("*") if not caches.intersection(path.parts)}

    before = found()
    pytester.runpytest_subprocess(*QUIET, f"--basetemp={pytester.path.parent / 'base'}")
    left = {path.name for path in found() - before}
    # pytester keeps what the run printed.
    assert [name for name in left if name not in {"stdout", "stderr"} and not name.startswith("runpytest-")] == []


def test_a_plugin_that_waits_for_the_result_of_a_grading_is_no_mistake(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("def pytest_mlkata_report(report):\n    print(report.scorecards)\n")
    assert pytester.runpytest_subprocess(*QUIET, "--strict-config", "-W", "error").ret == 0


def test_a_kata_has_no_tests_in_a_plain_run(pytester: pytest.Pytester) -> None:
    write_kata(pytester.path / "katas" / "scaling")
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=1)


def test_help_shows_the_options_and_the_settings(pytester: pytest.Pytester) -> None:
    said = pytester.runpytest_subprocess(*QUIET, "--help").stdout.str()
    for option in ("--kata=NAMES", "--kata-solution=PATH", "--kata-path=DIR", "--kata-json=FILE", "--kata-seed=N"):
        assert option in said
    assert "--kata-markdown=FILE" in said
    assert "kata_paths (paths):" in said
    assert "kata_solutions (string):" in said
