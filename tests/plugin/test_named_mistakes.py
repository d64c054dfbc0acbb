"""What is named when a solution behaves like a mistake that its kata knows."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from scaling import REFERENCE, Outcome, Run, Solve, write

from pytest_mlkata.session import replays

ANY_NUMBERS = "test_mean_of_any_numbers"
SUM = "np.sum(x)"
MEDIAN = "np.median(x)"
FIRST = "x[0]"


@pytest.fixture
def wrong(project: Path) -> Path:
    """Where the kata keeps what it knows: `mean` as a sum, as a median, and nan of nothing."""
    folder = project / "katas" / "scaling" / "hidden" / "wrong"
    add(folder, "sums", SUM, "mean is a sum.\n\nDivide by how many there are.")
    add(folder, "median", MEDIAN, "mean is the median.\n\nIt is another number where the data are skewed.")
    write(
        folder / "nan_of_nothing.py",
        '"""mean of nothing is nan."""\ncaught_by = "test_mean_of_nothing"\n'
        + source("float('nan') if len(x) == 0 else 1"),
    )
    return folder


def source(mean: str, *, check: str = "") -> str:
    empty = 'if len(x) == 0:\n        raise ValueError("no numbers")'
    return f"""
import numpy as np


def double(x):
    return 2 * np.asarray(x)


def mean(x):
    {check or empty}
    return {mean}
"""


def add(folder: Path, name: str, mean: str, docstring: str, group: str = "") -> None:
    declared = f'"""{docstring}\n"""\ncaught_by = "{ANY_NUMBERS}"\n' + (f"group = {group!r}\n" if group else "")
    write(folder / f"{name}.py", declared + source(mean))


def named(outcome: Outcome) -> dict[str, str]:
    """Name of the test to the mistake."""
    checks = outcome.card["checks"]
    return {check["id"].partition("::")[2]: check["mistake"]["id"] for check in checks if check["mistake"]}


@pytest.mark.usefixtures("wrong")
def test_a_known_mistake_is_named_with_its_explanation_in_every_format(run: Run, solve: Solve, project: Path) -> None:
    solve(source("sum(float(each) for each in x)"))
    outcome = run("--kata-markdown", str(project / "card.md"))
    assert named(outcome) == {ANY_NUMBERS: "sums"}
    (mistake,) = (check["mistake"] for check in outcome.card["checks"] if check["mistake"])
    assert mistake == {"id": "sums", "name": "mean is a sum", "explanation": "Divide by how many there are."}
    outcome.result.stdout.fnmatch_lines(["*behaves like *mean is a sum.", "*Divide by how many there are."])
    markdown = (project / "card.md").read_text(encoding="utf-8")
    assert "behaves like: mean is a sum. Divide by how many there are." in markdown


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize("isolation", ["none", "process"])
def test_the_same_is_named_wherever_solutions_run(run: Run, solve: Solve, isolation: str) -> None:
    solve(source("np.sort(x)[len(x) // 2] / 2 + np.sort(x)[(len(x) - 1) // 2] / 2"))
    assert named(run("--kata-isolation", isolation)) == {ANY_NUMBERS: "median"}


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(source("np.max(x)"), id="a mistake that is not known"),
        pytest.param(source("np.sum(x) if len(x) < 4 else np.max(x)"), id="at times like one"),
        pytest.param(source("np.sum(x)", check="pass"), id="wrong where the mistake is right"),
        pytest.param(REFERENCE, id="right"),
        pytest.param("def double(x):\n    return x\n", id="nothing there"),
        pytest.param("def double(x:\n", id="no Python"),
        pytest.param("import os\n\n\ndef double(x):\n    os._exit(1)\n\n\nmean = double\n", id="crashes"),
    ],
)
def test_nothing_is_named(run: Run, solve: Solve, text: str) -> None:
    solve(text)
    assert named(run()) == {}


@pytest.mark.usefixtures("wrong")
@pytest.mark.parametrize("options", [("-n", "2"), ("-k", "any_numbers"), ("-x",)], ids=" ".join)
def test_nothing_is_named_that_other_checks_would_refute(run: Run, solve: Solve, options: tuple[str, ...]) -> None:
    solve(source("np.sum(x)", check="pass"))
    assert named(run(*options, plugins=("xdist",))) == {}


@pytest.mark.usefixtures("wrong")
def test_a_function_is_looked_at_once_all_its_checks_have_run(run: Run, solve: Solve) -> None:
    solve(source(SUM))
    assert named(run("-k", "mean")) == {ANY_NUMBERS: "sums"}


@pytest.mark.usefixtures("wrong")
def test_the_same_is_named_where_checks_of_several_katas_are_mixed(run: Run, solve: Solve, project: Path) -> None:
    shutil.copytree(project / "katas" / "scaling", project / "katas" / "scaling_again")
    shutil.copy(solve(source(SUM)), project / "solutions" / "scaling_again.py")
    for seed in range(4):
        outcome = run(f"--randomly-seed={seed}", "-v", kata="scaling,scaling_again", plugins=("randomly",))
        for card in outcome.data["scorecards"]:
            assert named(Outcome(outcome.result, {"scorecards": [card]})) == {ANY_NUMBERS: "sums"}
        ran = [line.partition("/")[0] for line in outcome.result.outlines if "::" in line and "%]" in line]
        assert len(list(itertools.groupby(ran))) == 2, "the checks of a kata run together"


def test_of_two_mistakes_that_behave_the_same_none_is_named(run: Run, solve: Solve, wrong: Path) -> None:
    add(wrong, "adds", "sum(x)", "mean adds.")
    solve(source(SUM))
    assert named(run()) == {}


def test_what_they_have_in_common_is_named(run: Run, solve: Solve, wrong: Path) -> None:
    for name in ("adds", "sums"):
        add(wrong, name, "sum(x)", f"mean {name}.", group="mean forgets to divide")
    solve(source(SUM))
    outcome = run()
    assert named(outcome) == {ANY_NUMBERS: "mean_forgets_to_divide"}
    outcome.result.stdout.fnmatch_lines(["*behaves like *mean forgets to divide."])


def test_too_few_inputs_say_nothing(run: Run, solve: Solve, wrong: Path) -> None:
    """One check calls double, once."""
    write(
        wrong / "triples.py",
        '"""double triples."""\ncaught_by = "test_double_by_hand"\n' + source("np.mean(x)").replace("2 *", "3 *"),
    )
    solve(source("np.mean(x)").replace("2 *", "3 *"))
    assert named(run()) == {}


@pytest.mark.usefixtures("wrong")
def test_mistakes_in_two_functions_are_told_apart(run: Run, solve: Solve) -> None:
    solve(source(SUM).replace("2 *", "3 *"))
    assert named(run()) == {ANY_NUMBERS: "sums"}


@pytest.mark.parametrize("isolation", ["none", "process"])
@pytest.mark.parametrize(
    "fault",
    ["def hang():\n    while True:\n        pass\n", "import os\n\n\ndef hang():\n    os._exit(1)\n", "def hang(:\n"],
    ids=["hangs", "crashes", "is no Python"],
)
def test_a_known_mistake_that_cannot_go_on_is_no_candidate(
    run: Run, solve: Solve, wrong: Path, fault: str, isolation: str
) -> None:
    add(wrong, "hangs", "hang()", "mean hangs.")
    (wrong / "hangs.py").write_text((wrong / "hangs.py").read_text() + f"\n\n{fault}")
    solve(source(SUM))
    assert named(run("--kata-isolation", isolation)) == {ANY_NUMBERS: "sums"}


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param("hang() if len(x) > 1 else x[0]", id="hangs in a check"),
        pytest.param("slow(np.sum(x))", id="takes its time"),
    ],
)
@pytest.mark.usefixtures("wrong")
def test_of_a_function_that_does_not_come_to_an_end_nothing_is_said(
    run: Run, solve: Solve, monkeypatch: pytest.MonkeyPatch, instead: str
) -> None:
    monkeypatch.setattr(replays, "SECONDS", 0.05)
    helpers = "\n\ndef hang():\n    while True:\n        pass\n\n\ndef slow(y):\n    time.sleep(0.1)\n    return y\n"
    solve("import time\n" + source(instead) + helpers)
    assert named(run()) == {}


@pytest.mark.usefixtures("wrong")
def test_what_other_processes_find_comes_together(run: Run, solve: Solve) -> None:
    solve(source(SUM))
    assert named(run("-n", "2", plugins=("xdist",))) == {ANY_NUMBERS: "sums"}


@pytest.mark.usefixtures("wrong")
def test_examples_that_are_drawn_anew_give_the_same_name(run: Run, solve: Solve) -> None:
    solve(source(SUM))
    assert named(run("--kata-seed", "5")) == {ANY_NUMBERS: "sums"}


@pytest.mark.usefixtures("wrong")
def test_a_solution_that_remembers_calls_is_compared_with_its_memory(run: Run, solve: Solve) -> None:
    remembers = source("np.sum(x) if calls else np.mean(x)", check="calls.append(1)").replace(
        "def mean", "calls = []\n\n\ndef mean"
    )
    solve(remembers)
    assert "sums" not in named(run()).values()
