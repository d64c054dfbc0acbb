"""What the outer pytest asks of the run inside it, as plain values that travel in one argument."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_mlkata.model import HintCount, Submission

OWN_TESTS = "own_tests"
"""What stands for the learner's own tests in a node id."""


@dataclass(frozen=True)
class Grading:
    """One submission to one kata."""

    folder: Path
    """The kata's folder."""
    submission: Submission
    hints: HintCount | None = None
    """For the scorecard, as far as it is known."""
    first: tuple[str, ...] = ()
    """Functions whose checks run before the others, in this order; checks of efficiency still come last."""
    only: tuple[str, ...] = ()
    """The checks that are run, as `caught_by` names them; all where there are none."""
    tests: Path | None = None
    """The learner's own tests, if they are to be graded, too."""

    @property
    def name(self) -> str:
        """The head of its node ids: the kata, and the label where there are several submissions to it."""
        label = self.submission.label
        return f"{self.submission.kata}@{label}" if label else self.submission.kata


@dataclass(frozen=True)
class RunRequest:
    """Everything the inner run needs to know.

    An argument, since pytest-xdist builds its workers from arguments.
    """

    gradings: tuple[Grading, ...]
    isolation: str = "process"
    weaker: str = ""
    """Why the isolation is a weaker one than usual, if it is."""
    seed: int = 0
    fresh: int | None = None
    """A seed from which further examples are drawn."""
    reveal: bool = False
    shrink: bool = True
    """Whether counterexamples are made small, for a person to read."""
    diagnose: bool = True
    """Whether known mistakes are looked for."""
    first_failure: bool = False
    """Whether a grading ends with the first check that does not pass; nothing is then diagnosed."""
    call_seconds: float | None = None
    """CPU time of one call where that is less than the kata allows."""
    keep: bool = True
    """Whether examples are taken that an earlier run has kept, and kept for a later one."""
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As text for the command line."""
        return json.dumps(
            {
                "gradings": [
                    {
                        "folder": str(grading.folder),
                        "kata": grading.submission.kata,
                        "path": str(grading.submission.path),
                        "is_stub": grading.submission.is_stub,
                        "label": grading.submission.label,
                        "hints": None if grading.hints is None else asdict(grading.hints),
                        "first": grading.first,
                        "only": grading.only,
                        "tests": None if grading.tests is None else str(grading.tests),
                    }
                    for grading in self.gradings
                ],
                "isolation": self.isolation,
                "weaker": self.weaker,
                "seed": self.seed,
                "fresh": self.fresh,
                "reveal": self.reveal,
                "shrink": self.shrink,
                "diagnose": self.diagnose,
                "first_failure": self.first_failure,
                "call_seconds": self.call_seconds,
                "keep": self.keep,
                "notes": self.notes,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> RunRequest:
        """The request that `to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        return cls(
            gradings=tuple(
                Grading(
                    folder=Path(each["folder"]),
                    submission=Submission(
                        kata=each["kata"], path=Path(each["path"]), is_stub=each["is_stub"], label=each["label"]
                    ),
                    hints=each["hints"] and _hints_from(each["hints"]),
                    first=tuple(each["first"]),
                    only=tuple(each["only"]),
                    tests=each["tests"] and Path(each["tests"]),
                )
                for each in data["gradings"]
            ),
            isolation=data["isolation"],
            weaker=data["weaker"],
            seed=data["seed"],
            fresh=data["fresh"],
            reveal=data["reveal"],
            shrink=data["shrink"],
            diagnose=data["diagnose"],
            first_failure=data["first_failure"],
            call_seconds=data["call_seconds"],
            keep=data["keep"],
            notes=tuple(data["notes"]),
        )


def _hints_from(plain: dict[str, Any]) -> HintCount:
    return HintCount(plain["taken"], plain["of"], tuple(plain["left"]))
