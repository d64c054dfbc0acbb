"""What the run inside is asked survives the journey through one argument."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.model import HintCount, Submission
from pytest_mlkata.session.request import Grading, RunRequest

FOLDER = Path("/katas/ranks")


@pytest.mark.parametrize(
    "request_",
    [
        RunRequest(()),
        RunRequest((Grading(FOLDER, Submission("ranks", FOLDER / "stub.py", is_stub=True)),)),
        RunRequest(
            (
                Grading(Path("/kätas/rang folge"), Submission("ranks", Path('/a "b"/c\n.py'), label="ann")),
                Grading(FOLDER, Submission("ranks", Path("/b.py"), label="bob"), HintCount(0, 0)),
                Grading(FOLDER, Submission("ranks", Path("/c.py")), HintCount(2, 9, ("rank", "span"))),
                Grading(FOLDER, Submission("ranks", Path("/d.py")), first=("span", "rank")),
            ),
            isolation="process",
            weaker="not confined: the kernel's Landlock is switched off (boot with `lsm=landlock,…`)",
            seed=-3,
            reveal=True,
            shrink=False,
            first_failure=True,
            call_seconds=0.5,
            notes=("kata ranks was found twice", "…"),
        ),
    ],
    ids=["nothing", "a stub", "everything"],
)
def test_a_request_survives(request_: RunRequest) -> None:
    text = request_.to_json()
    assert RunRequest.from_json(text) == request_
    assert text.isascii()
    assert "\n" not in text


def test_a_grading_is_called_after_its_kata_and_label() -> None:
    assert Grading(FOLDER, Submission("ranks", Path("/a.py"))).name == "ranks"
    assert Grading(FOLDER, Submission("ranks", Path("/a.py"), label="ann")).name == "ranks@ann"
