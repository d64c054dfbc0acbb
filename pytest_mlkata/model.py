"""What the parts of the grader hand to each other: frozen dataclasses of plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pytest_mlkata.own_tests import OwnTests

EFFICIENCY_CATEGORIES = frozenset({"vectorization", "timing", "memory"})
"""Categories whose checks earn points only where the same function is correct."""

MINIMAL_CHANGE = "minimal_change"
"""The category of a kata whose stub is a program with faults: it earns points only where all else is right."""

CATEGORY_ORDER = ("correctness", "edge_cases", "vectorization", "timing", "memory", MINIMAL_CHANGE)
"""The order of categories in a run and on a scorecard; others follow by name."""


ROUNDS = ("coding-algorithms", "ml-coding", "ml-concepts", "ml-system-design", "applied-ml", "behavioural")
"""The rounds of an interview."""


class Status(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    INCONCLUSIVE = "inconclusive"
    FAILED = "failed"
    ERROR = "error"
    NOT_STARTED = "not_started"
    BLOCKED = "blocked"
    NOT_RUN = "not_run"
    BROKEN = "broken"

    @property
    def earns(self) -> bool:
        """Whether a check of this status earns its points."""
        return self in (Status.PASSED, Status.INCONCLUSIVE)


@dataclass(frozen=True)
class Limits:
    """What a submission may use up.

    Attributes
    ----------
    call_seconds
        CPU time of one call.
    total_seconds
        Wall time of all calls of one grading together, without waiting for a processor.
    memory_mb
        Address space of its process, of which Python and NumPy take about 150 MB.
    scratch_mb
        Size of a folder that it may write to; 0 for none.
    threads
        Whether it may start threads.
    """

    call_seconds: float = 2.0
    total_seconds: float = 40.0
    memory_mb: int = 2048
    scratch_mb: int = 0
    threads: bool = False


@dataclass(frozen=True)
class Guards:
    """What holds for every function unless a kata says otherwise.

    Attributes
    ----------
    may_change_arguments
        Functions, and methods such as ``Model.fit``, that may change their arguments in place.
    may_vary
        Functions that may give another answer when they are called again with the same arguments.
    """

    may_change_arguments: tuple[str, ...] = ()
    may_vary: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """One name of a kata's API, as its stub declares it."""

    name: str
    kind: str
    """``"function"`` or ``"class"``."""
    signature: str
    summary: str
    line: int
    parameters: tuple[str, ...] = ()
    """The names of the parameters that can be given by position; of a class, those of its constructor."""


@dataclass(frozen=True)
class Kata:
    """A kata as its folder declares it."""

    name: str
    folder: Path
    title: str
    question: int | None
    round: str
    minutes: int
    tags: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    banned_imports: tuple[str, ...] = ()
    limits: Limits = Limits()
    guards: Guards = Guards()
    checks_of: str = ""
    """The kata in the same folder whose checks are this one's; empty where it has its own."""
    faults: int = 0
    """How many faults the stub has, if it is a program to be repaired."""

    @property
    def checks(self) -> Path:
        """The folder of the checks, and of what they import."""
        return self.folder.parent / self.checks_of / "hidden" if self.checks_of else self.hidden

    @property
    def hidden(self) -> Path:
        """The folder that a learner is not shown."""
        return self.folder / "hidden"

    @property
    def stub(self) -> Path:
        """The file a learner starts from."""
        return self.folder / "stub.py"

    @property
    def spec(self) -> Path:
        """The question and its contract."""
        return self.folder / "spec.md"

    @property
    def hints(self) -> Path:
        """The staged hints, if there are any."""
        return self.folder / "hints.md"

    @property
    def reference(self) -> Path:
        """The answer."""
        return self.hidden / "reference.py"


@dataclass(frozen=True)
class Check:
    """One property that a solution is checked for: one line of the scorecard."""

    id: str
    """``test_edge_cases.py::test_name[parameters]``, unique within the kata."""
    category: str
    function: str
    property: str
    hint: str
    points: int


@dataclass(frozen=True)
class Mistake:
    """A mistake that is known to be made with a kata."""

    id: str
    """Short, and unique within the kata."""
    name: str
    """What is done wrong, in a sentence."""
    explanation: str = ""
    """Why it is wrong, and what to look at."""


@dataclass(frozen=True)
class CheckResult:
    """What one check found."""

    check: Check
    status: Status
    message: str = ""
    counterexample: str = ""
    output: str = ""
    """What the solution printed during the check."""
    seconds: float = 0.0
    mistake: Mistake | None = None
    """What the solution behaves like, if that is known."""

    @property
    def earned(self) -> int:
        """Points earned: all of them or none."""
        return self.check.points if self.status.earns else 0


@dataclass(frozen=True)
class HintCount:
    """How many of a kata's hints were taken; it changes no grade."""

    taken: int
    of: int
    left: tuple[str, ...] = ()
    """The functions that there is a further hint on."""


@dataclass(frozen=True)
class Changes:
    """What became of a program that came with faults."""

    kept: int
    """Lines of it that are still there."""
    of: int
    """Lines that it had."""
    diff: str
    """The difference, as ``diff -u`` shows it, without its head."""
    is_none: bool
    """Nothing was changed, or layout, comments and docstrings alone."""


@dataclass(frozen=True)
class Scorecard:
    """The grade of one submission to one kata: a result for every check of the kata."""

    kata: str
    title: str
    question: int | None
    round: str
    solution: str
    """The resolved path of the graded file."""
    is_stub: bool
    """Nothing was handed in: the kata's own stub was graded."""
    seed: int
    results: tuple[CheckResult, ...]
    label: str = ""
    """Tells two submissions to the same kata apart; empty where there is one."""
    broken: str = ""
    """Why the kata itself cannot be trusted; empty where it can."""
    needs: str = ""
    """What has to be installed before a check can run, in words; empty where nothing has."""
    hints: HintCount | None = None
    """What is known of hints; nothing of a solution that is not the project's own."""
    tests: OwnTests | None = None
    """What the learner's own tests are worth, where they were given."""
    changes: Changes | None = None
    """What was changed of a stub that is a program with faults."""

    @property
    def earned(self) -> int:
        """Points earned; none while the kata is broken."""
        return 0 if self.broken else sum(result.earned for result in self.results)

    @property
    def possible(self) -> int:
        """Points of every check of the kata, whether it ran or not."""
        return sum(result.check.points for result in self.results)

    @property
    def seconds(self) -> float:
        """Time spent in the checks."""
        return sum(result.seconds for result in self.results)


@dataclass(frozen=True)
class Submission:
    """A file handed in for one kata; `path` is the kata's stub where nothing was."""

    kata: str
    path: Path
    is_stub: bool = False
    label: str = ""


@dataclass(frozen=True)
class Versions:
    """What a grade depends on beside kata, submission and seed."""

    pytest_mlkata: str
    python: str
    numpy: str
    hypothesis: str


@dataclass(frozen=True)
class Report:
    """Everything one run has to say: the input of every report format."""

    scorecards: tuple[Scorecard, ...]
    versions: Versions
    notes: tuple[str, ...] = field(default=())
    """Sentences about the run as a whole, such as a kata found twice."""
