"""What a learner's own tests are worth, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FailedTest:
    """A test of the learner's own that fails.

    Attributes
    ----------
    test
        Its name.
    message
        What it says.
    solution
        What it fails on, where that is a right answer: ``"the reference"``, or the name of a style.
    """

    test: str
    message: str
    solution: str = ""


@dataclass(frozen=True)
class OwnTests:
    """What a learner's own tests are worth; it changes no points.

    Attributes
    ----------
    path
        The file.
    tests
        How many tests are in it.
    fault
        Why it could not be run; empty where it could.
    false_alarms
        Tests that fail on right answers; they catch nothing.
    rights
        How many right answers the tests were run on.
    caught, mistakes
        How many of how many known mistakes that were tried the other tests catch.
    missed
        The names of the mistakes that slip through.
    not_tried
        How many solutions were left out, because it took too long, or because the kata's own file cannot be loaded.
    failures
        Tests that fail on the learner's own solution; None where there is none to run.
    coverage
        The share of lines and branches of that solution which they run, if it is known.
    missing
        The lines of it that they do not run.
    seconds
        How long all of that took.
    """

    path: str
    tests: int = 0
    fault: str = ""
    false_alarms: tuple[FailedTest, ...] = ()
    rights: int = 0
    caught: int = 0
    mistakes: int = 0
    missed: tuple[str, ...] = ()
    not_tried: int = 0
    failures: tuple[FailedTest, ...] | None = None
    coverage: float | None = None
    missing: tuple[int, ...] = ()
    seconds: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether the file runs and raises no false alarm."""
        return not (self.fault or self.false_alarms)
