"""Finds out how many hints were taken, before a run: its scorecards show it, and no grade depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.kata.hint_log import HintLog
from pytest_mlkata.kata.hints import read_hints
from pytest_mlkata.model import HintCount
from pytest_mlkata.session.request import Grading


def with_hint_counts(gradings: Sequence[Grading], solutions: Path) -> tuple[tuple[Grading, ...], tuple[str, ...]]:
    """Add the count of hints to the gradings of a project's own solutions.

    Of a file from elsewhere nobody knows how it came about, and nobody is told.

    Parameters
    ----------
    gradings
        What is to be graded.
    solutions
        The project's folder of solutions.

    Returns
    -------
    tuple
        The gradings, and sentences on what could not be counted: that is no reason not to grade.
    """
    counted = []
    faults: dict[str, None] = {}
    for grading in gradings:
        hints = None
        if grading.submission.path == (solutions / f"{grading.submission.kata}.py").resolve():
            try:
                hints = _count(grading, solutions)
            except MlkataError as error:
                faults[f"hints are not counted: {error}"] = None
        counted.append(replace(grading, hints=hints))
    return tuple(counted), tuple(faults)


def _count(grading: Grading, solutions: Path) -> HintCount:
    return read_hints(grading.folder).count(HintLog(solutions).given(grading.submission.kata))
