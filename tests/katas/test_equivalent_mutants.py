"""The equivalent mutants that shipped katas record are mutants of their references, each with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.authoring.mutation import mutate
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Scorecard
from pytest_mlkata.session.request import RunRequest

KATAS = sorted(path.parent for path in (Path(__file__).parents[2] / "katas").glob("*/kata.toml"))


def unseen(request: RunRequest) -> tuple[Scorecard, ...]:
    """Grade as if no check saw any mutant."""
    return tuple(
        Scorecard(
            kata=grading.submission.kata,
            title="",
            question=1,
            round="",
            solution=str(grading.submission.path),
            is_stub=False,
            seed=request.seed,
            results=(),
        )
        for grading in request.gradings
    )


@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_what_is_recorded_is_in_order(folder: Path) -> None:
    kata = load_kata(folder)
    mutation = mutate(kata, unseen, seed=0)
    assert 60 <= len(mutation.fates) <= 150
    assert [finding for finding in mutation.findings if finding.path != kata.reference] == []
    assert mutation.counted > 0.8 * len(mutation.fates)
