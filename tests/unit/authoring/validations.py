"""Grades made by hand, for the tests of what is said of them and shown."""

from __future__ import annotations

from pathlib import Path

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.judging import Judgement, Run
from pytest_mlkata.authoring.mutants import Mutant
from pytest_mlkata.authoring.mutation import Fate, Mutation
from pytest_mlkata.authoring.specimens import Specimen
from pytest_mlkata.authoring.validation import Proof, Validation
from pytest_mlkata.branches import Branches
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Check, CheckResult, Mistake, Scorecard, Status

RANK, SPAN, SPEED = (
    Check("test_correctness.py::test_rank", "correctness", "rank", "rank counts", "Count.", 2),
    Check("test_correctness.py::test_span", "correctness", "span", "span is the range", "Ends.", 1),
    Check("test_timing.py::test_speed[n<9]", "timing", "rank", 'rank is "fast"', "Sort.", 1),
)
"""The checks of every scorecard that is made here, in this order."""


def card(*statuses: Status, mistake: Mistake | None = None, message: str = "", broken: str = "") -> Scorecard:
    """A scorecard with these results; a mistake is told with the first."""
    results = tuple(
        CheckResult(check, status, message, mistake=None if number else mistake)
        for number, (check, status) in enumerate(zip((RANK, SPAN, SPEED), statuses, strict=False))
    )
    return Scorecard("ranks", "Ranks", 3, "ml-coding", "x.py", is_stub=False, seed=0, results=results, broken=broken)


def judged(specimen: Specimen, *cards: Scorecard) -> Judgement:
    """A judgement whose first card is what was graded, and whose others are repetitions."""
    return Judgement(specimen, (Run("process", 0, cards[0]),), cards[1:])


def everything(folder: Path) -> Validation:
    """A validation of the kata in `folder` in which there is something of everything, with names that are hostile."""
    kata = load_kata(folder)
    wrong = kata.hidden / "wrong"
    script = "<script>alert('&')</script>"
    ties = Specimen(wrong / "ties.py", "wrong", script, ("test_rank",))
    late = Specimen(wrong / "late.py", "wrong", "late", ("test_speed", "test_span"))
    mutants = [Mutant(f"m{line}", "rank", line, f"x < {line} -> <b>", "") for line in (7, 6, 5)]
    fates = (Fate(mutants[0], RANK.id), Fate(mutants[1], ""), Fate(mutants[2], "", 'the "same" & so'))
    missed = Finding(late.path, f"misses {script}")
    return Validation(
        kata,
        "process",
        7,
        (Proof("form", "in order", 0.25, ()), Proof("wrong", "1 of 2 <holds>", 1.5, (missed,))),
        (
            judged(Specimen(kata.reference, "reference"), card(Status.PASSED, Status.PASSED, Status.INCONCLUSIVE)),
            judged(ties, card(Status.FAILED, Status.ERROR, Status.BLOCKED, mistake=Mistake("ties", script)), card()),
            Judgement(late, (Run("none", 8, card(Status.PASSED, Status.PASSED, Status.FAILED)),), (), (missed,)),
        ),
        Branches((5, 6, 9, 10), (10,), ((6, 9), (9, -9)), 2),
        Mutation(fates, (missed,)),
        (Finding(kata.hidden / "test_timing.py", "\x1b[31m no wrong solution fails it"),),
    )
