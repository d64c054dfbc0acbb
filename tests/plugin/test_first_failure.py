"""A grading that ends with its first failure, begins with some function, or gives a call less time."""

from __future__ import annotations

from pathlib import Path

import pytest
from scaling import write

from pytest_mlkata.model import Report, Scorecard, Status, Submission
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import Grading, RunRequest

WRONG_DOUBLE = "import numpy as np\n\ndef double(x):\n    return 3 * np.asarray(x)\n\n"
MEAN = "def mean(x):\n    if len(x) == 0:\n        raise ValueError\n    return sum(x) / len(x)\n"
ENDLESS = "def double(x):\n    while True:\n        pass\n\n"


def run(project: Path, *sources: str, first: tuple[str, ...] = (), call_seconds: float | None = None) -> Report:
    folder = project / "katas" / "scaling"
    gradings = []
    for number, source in enumerate(sources):
        path = write(project / f"solution_{number}.py", source)
        gradings.append(Grading(folder, Submission("scaling", path, label=str(number)), first=first))
    request = RunRequest(
        tuple(gradings),
        isolation="process",
        shrink=False,
        diagnose=False,
        first_failure=True,
        call_seconds=call_seconds,
    )
    return grade(request, root=project)


def ran(card: Scorecard) -> list[tuple[str, Status]]:
    return [(result.check.function, result.status) for result in card.results if result.status is not Status.NOT_RUN]


def test_what_follows_a_failure_is_not_run(project: Path, right: str) -> None:
    report = run(project, WRONG_DOUBLE + MEAN, right, WRONG_DOUBLE + MEAN)
    for card in (report.scorecards[0], report.scorecards[2]):
        assert not card.broken
        assert [status for _, status in ran(card)].count(Status.FAILED) == 1
        assert len(ran(card)) < len(card.results)
    assert len(ran(report.scorecards[1])) == len(report.scorecards[1].results)
    assert report.scorecards[1].earned == report.scorecards[1].possible


@pytest.mark.parametrize(("first", "expected"), [(("double",), "double"), (("mean", "double"), "mean")])
def test_the_checks_of_a_function_come_first(project: Path, first: tuple[str, ...], expected: str) -> None:
    wrong = WRONG_DOUBLE + "def mean(x):\n    return -1.0\n"
    (card,) = run(project, wrong, first=first).scorecards
    assert ran(card) == [(expected, Status.FAILED)]


def test_a_call_may_get_less_time_than_the_kata_gives(project: Path) -> None:
    (card,) = run(project, ENDLESS + MEAN, first=("double",), call_seconds=0.1).scorecards
    (result,) = [each for each in card.results if each.status is not Status.NOT_RUN]
    assert result.status is Status.ERROR
    assert "0.1" in result.message


def test_a_call_never_gets_more_time_than_the_kata_gives(project: Path) -> None:
    (card,) = run(project, ENDLESS + MEAN, first=("double",), call_seconds=60.0).scorecards
    (result,) = [each for each in card.results if each.status is not Status.NOT_RUN]
    assert result.status is Status.ERROR
    assert "60" not in result.message
