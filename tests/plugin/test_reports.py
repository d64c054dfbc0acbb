"""What a run prints, and what it writes."""

from __future__ import annotations

import ast
import json
import re
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pytest
from scaling import CORRECTNESS, EDGE_CASES, REFERENCE, VECTORIZATION, Run, Solve, write

from pytest_mlkata import __version__
from pytest_mlkata.report import markdown

ESCAPE = "\x1b["
FAULTY = """
    import numpy as np

    def double(x):
        return np.array([2 * each for each in x])

    def mean(x):
        print("called")
        return sum(x)
"""
"""Right but slow in `double`, wrong in `mean`."""
CARD: dict[str, type | None] = {
    "kata": str,
    "title": str,
    "question": int,
    "round": str,
    "solution": str,
    "seed": int,
    "earned": int,
    "possible": int,
    "seconds": float,
    "hints": dict,
    "broken": None,
    "needs": None,
    "changes": None,
    "tests": None,
    "checks": list,
}
CHECK: dict[str, type | None] = {
    "id": str,
    "category": str,
    "function": str,
    "property": str,
    "status": str,
    "points": int,
    "earned": int,
    "message": str,
    "counterexample": str,
    "mistake": None,
    "seconds": float,
}
"""Keys in their order, and their types; None is null."""


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that asks for colours or their absence in the environment of these tests."""
    for variable in ("FORCE_COLOR", "NO_COLOR", "PY_COLORS", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)


def scorecard(result: pytest.RunResult) -> list[str]:
    """The lines from the scorecard's first to pytest's last."""
    lines = result.stdout.lines
    (first,) = [number for number, line in enumerate(lines) if "Scaling numbers" in line]
    return lines[first:-1]


# JSON


def test_the_json_has_the_keys_types_and_versions_that_others_rely_on(run: Run, project: Path, solve: Solve) -> None:
    path = solve(FAULTY)
    outcome = run("--kata-seed", "7")
    assert list(outcome.data) == ["format", "versions", "scorecards"]
    assert outcome.data["format"] == 1
    assert outcome.data["versions"] == {
        "pytest_mlkata": __version__,
        "python": python_version(),
        "numpy": version("numpy"),
        "hypothesis": version("hypothesis"),
    }
    card = outcome.card
    for keys, values in [(CARD, card), *((CHECK, check) for check in card["checks"])]:
        assert list(values) == list(keys)
        for key, kind in keys.items():
            assert values[key] is None if kind is None else type(values[key]) is kind, key
    assert (card["kata"], card["title"]) == ("scaling", "Scaling numbers")
    assert (card["question"], card["round"], card["seed"]) == (12, "coding-algorithms", 7)
    assert card["solution"] == str(path)
    assert str(project) in card["solution"]
    assert (card["earned"], card["possible"]) == (2, 8)
    assert card["earned"] == sum(check["earned"] for check in card["checks"])
    assert card["possible"] == sum(check["points"] for check in card["checks"])


def test_the_json_tells_what_each_check_found(run: Run, solve: Solve) -> None:
    solve(FAULTY)
    checks = {check["id"]: check for check in run().card["checks"]}
    assert list(checks) == [
        "test_correctness.py::test_double_by_hand",
        "test_correctness.py::test_mean_of_any_numbers",
        "test_edge_cases.py::test_mean_of_nothing",
        "test_vectorization.py::test_double_at_once",
    ]
    passed, failed, _, slow = checks.values()
    assert (passed["status"], passed["earned"], passed["message"]) == ("passed", 2, "")
    assert passed["property"] == "double gives [2, 4] for [1, 2]"
    assert (failed["status"], failed["earned"], failed["function"]) == ("failed", 0, "mean")
    assert failed["category"] == "correctness"
    assert "mean(x)" in failed["message"]
    assert failed["counterexample"] == "x = [0, 1]"
    assert (slow["status"], slow["category"], slow["function"]) == ("failed", "vectorization", "double")


def test_the_same_run_writes_the_same_json_but_for_seconds(run: Run, project: Path, solve: Solve) -> None:
    solve(FAULTY)
    written = []
    for _ in range(2):
        run()
        written.append(re.sub(r'"seconds": [0-9.]+', "", (project / "out.json").read_text("ascii")))
    assert written[0] == written[1]
    json.loads((project / "out.json").read_text())


def test_an_older_report_is_replaced(run: Run, project: Path, solve: Solve, right: str) -> None:
    solve(right)
    write(project / "other.json", "older, and longer than the new one" * 1000)
    run("--kata-json", "other.json")
    assert json.loads((project / "other.json").read_text())["scorecards"][0]["earned"] == 8


# Markdown


def test_the_markdown_tells_what_the_scorecard_tells(run: Run, project: Path, solve: Solve) -> None:
    solve(FAULTY)
    write(project / "out.md", "older, and longer than the new one" * 1000)
    outcome = run("--kata-markdown", "out.md")
    text = (project / "out.md").read_text("utf-8")
    assert text.startswith("## Scaling numbers: 2 / 8 points\n\n`solutions/scaling.py` · question 12\n")
    assert "\n| correctness | 2 / 5 | ✓ 1 holds, ✗ 1 fails |\n" in text
    assert "<summary>✗ mean agrees with the definition (3 points)</summary>\n\n`mean`, correctness\n" in text
    assert "\nhint: Add up, then divide by how many there are.\n" in text
    assert outcome.points == (2, 8)
    assert ESCAPE not in text


def test_the_markdown_is_written_once_where_checks_run_in_other_processes(
    run: Run, project: Path, solve: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(FAULTY)
    run("--kata-markdown", "one.md")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "two.md"))
    run("--kata-markdown", "two.md", "-n2", plugins=("xdist",))
    one, two = ((project / name).read_text("utf-8") for name in ("one.md", "two.md"))
    assert one == two


def test_the_summary_of_a_step_is_added_to_as_far_as_it_goes(
    run: Run, project: Path, solve: Solve, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(right)
    summary = write(project / "summary.md", "# Mine\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("--kata-markdown", "other.md")
    graded = (project / "other.md").read_text("utf-8")
    for _ in range(2):
        run("--kata-markdown", str(summary))
    assert summary.read_text("utf-8") == f"# Mine\n\n{graded}\n{graded}"
    for room, kept in ((120, "## Scaling numbers: ✓ 8 / 8 points\n\n*The rest does not fit"), (20, ""), (-5, "")):
        write(summary, "x" * (markdown.LIMIT - room))
        assert run("--kata-markdown", str(summary)).result.ret == 0
        added = summary.read_text("utf-8").lstrip("x")
        assert len(summary.read_bytes()) <= max(markdown.LIMIT, markdown.LIMIT - room)
        assert added.startswith(f"\n{kept}") if kept else added == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is only at hand on Linux")
def test_one_report_that_cannot_be_written_does_not_cost_the_other(run: Run, project: Path, solve: Solve) -> None:
    solve(FAULTY)
    outcome = run("--kata-json", "/dev/full", "--kata-markdown", "out.md")
    assert outcome.result.ret == pytest.ExitCode.USAGE_ERROR
    outcome.result.stdout.fnmatch_lines(["ERROR: --kata-json: /dev/full cannot be written: *"])
    assert "2 / 8 points" in (project / "out.md").read_text("utf-8")


# The terminal


def test_where_the_output_is_read_by_a_program_it_is_plain(run: Run, solve: Solve) -> None:
    solve(FAULTY)
    text = run().result.stdout.str()
    assert ESCAPE not in text
    assert "\r" not in text
    assert "2 / 8 points" in text
    assert "✗ mean agrees with the definition" in text
    assert "Add up, then divide by how many there are." in text
    assert "called" in text


def test_colours_can_be_asked_for(run: Run, solve: Solve) -> None:
    solve(FAULTY)
    lines = scorecard(run("--color=yes").result)
    assert any(ESCAPE in line for line in lines)
    assert all(line.count(f"{ESCAPE}0m") >= 1 for line in lines if ESCAPE in line)


@pytest.mark.parametrize("columns", [40, 100])
def test_the_scorecard_fits_the_width(run: Run, solve: Solve, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    solve(FAULTY)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = scorecard(run().result)
    # A command stays whole, so that it can be copied.
    assert max(len(line) for line in lines if not line.startswith("next: ")) <= columns
    assert "2 / 8" in "\n".join(lines)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_the_signs_gets_others(
    run: Run, project: Path, solve: Solve, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    solve(FAULTY.replace('"called"', '"≤ ✓ é"'))
    toml = project / "katas" / "scaling" / "kata.toml"
    write(toml, toml.read_text().replace("Scaling numbers", "Scaling numbers ≤ 3"))
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    outcome = run("--kata-isolation=none", apart=True) if encoding == "ascii" else run(apart=True)
    assert outcome.points == (2, 8)
    assert outcome.result.stdout.str().isascii()
    assert "2 / 8 points" in outcome.result.stdout.str()
    assert "Scaling numbers <= 3" in outcome.result.stdout.str()
    assert outcome.result.stderr.str() == ""


# Hidden checks


def code_lines(text: str) -> set[str]:
    """The lines of `text` that are code, and long enough not to be met by chance."""
    tree = ast.parse(text)
    told: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.update(range(node.lineno, (node.end_lineno or 0) + 1))
    lines = enumerate(text.splitlines(), 1)
    return {line.strip() for number, line in lines if number not in told and len(line.strip()) > 12}


@pytest.fixture
def hidden() -> set[str]:
    return set.union(*(code_lines(_dedent(text)) for text in (CORRECTNESS, EDGE_CASES, VECTORIZATION, REFERENCE)))


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-vv", "--tb=long", "-rA", "--showlocals"),
        ("-s", "--full-trace", "--durations=0", "--setup-show"),
        ("--kata-isolation=none", "--tb=long", "-rA"),
    ],
)
def test_no_line_of_a_hidden_file_is_shown(
    run: Run, project: Path, solve: Solve, hidden: set[str], arguments: tuple[str, ...]
) -> None:
    assert 'close(solution.mean(x), answer.mean(x), "mean(x)")' in hidden
    solve(FAULTY)
    outcome = run(*arguments, "--junitxml=out.xml", "--log-file=out.log", "--kata-markdown=out.md")
    assert outcome.points == (2, 8)
    written = [outcome.result.stdout.str(), outcome.result.stderr.str()]
    written += [(project / name).read_text() for name in ("out.xml", "out.log", "out.json", "out.md")]
    for text in written:
        assert not [line for line in hidden if line in text]


def test_a_broken_check_file_shows_no_line_of_it_either(
    run: Run, project: Path, solve: Solve, right: str, hidden: set[str]
) -> None:
    solve(right)
    path = project / "katas" / "scaling" / "hidden" / "test_edge_cases.py"
    write(path, f"{_dedent(EDGE_CASES)}\n\nsecret_answer = 1 / 0\n")
    outcome = run("-vv", "--tb=long", "-rA")
    assert outcome.result.ret == pytest.ExitCode.TESTS_FAILED
    text = outcome.result.stdout.str()
    assert "ZeroDivisionError" in text
    assert "secret_answer" not in text
    assert not [line for line in hidden if line in text]


def test_the_source_can_be_revealed(run: Run, solve: Solve) -> None:
    solve(FAULTY)
    for arguments in (("--kata-reveal",), ("--kata-reveal", "--tb=short")):
        outcome = run(*arguments)
        assert outcome.points == (2, 8)
        text = outcome.result.stdout.str()
        assert 'close(solution.mean(x), answer.mean(x), "mean(x)")' in text
        assert "✗ mean agrees with the definition" in text


def test_the_header_holds_nothing_that_is_ours_alone(run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    text = run("-v").result.stdout.str()
    assert "\nmlkata: scaling; " in text
    assert "\nrootdir: " in text
    assert "hypothesis profile" not in text
    assert "kata.ini" not in text
