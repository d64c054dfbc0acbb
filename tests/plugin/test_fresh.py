"""Further examples on top of those that every run has."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from scaling import REFERENCE, Run, Solve

from pytest_mlkata.model import Submission
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

TELLS = REFERENCE.replace("return np.mean(x)", "import sys; sys.seen.append(x.tolist()); return np.mean(x)")


def test_further_examples_are_those_of_the_seed_that_is_shown(
    project: Path, solve: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradings = (Grading(project / "katas" / "scaling", Submission("scaling", solve(TELLS))),)

    def seen(request: RunRequest) -> list[object]:
        monkeypatch.setattr(sys, "seen", [], raising=False)
        report = grade(request, root=project)
        assert report.scorecards[0].earned == report.scorecards[0].possible
        return vars(sys)["seen"]  # type: ignore[no-any-return]

    usual = seen(RunRequest(gradings, isolation="none"))
    others = seen(RunRequest(gradings, isolation="none", seed=7))
    both = seen(RunRequest(gradings, isolation="none", fresh=7))
    assert both == usual + others
    assert usual != others


def test_the_seed_is_shown_and_another_one_each_time(run: Run, solve: Solve) -> None:
    solve(REFERENCE)
    seeds = set()
    for _ in range(2):
        outcome = run("--kata-fresh", "-q")
        assert outcome.result.ret == 0
        seeds.add(re.search(r"to draw them again: --kata-seed=(\d+)$", outcome.result.stdout.str(), re.MULTILINE)[1])  # type: ignore[index]
    assert len(seeds) == 2
