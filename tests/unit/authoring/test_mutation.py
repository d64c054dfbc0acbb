"""Mutants are graded, and the checks have to see nearly all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_mlkata.authoring import mutation
from pytest_mlkata.authoring.mutation import Mutation, mutate
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Check, CheckResult, Scorecard, Status
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import RunRequest

REFERENCE = '''
"""The answer."""


def rank(x):
    return sorted(x)


def span(x):
    if x < 0:
        x = -x
    return abs(x)
'''
IDS = [
    "rank: sorted(x) -> x",
    "rank: return sorted(x) -> return None",
    "span: x < 0 -> x <= 0",
    "span: x < 0 -> x >= 0",
    "span: x < 0 -> x < 1",
    "span: if x < 0 -> if True",
    "span: if x < 0 -> if False",
    "span: -x -> x",
    "span: x = -x -> pass",
    "span: abs(x) -> x",
    "span: return abs(x) -> return None",
]
"""In the order of lines."""
CHECK = Check("test_correctness.py::test_it", "correctness", "span", "it holds", "", 1)


@pytest.fixture
def ranks(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Path:
    folder = write_ranks(tmp_path)
    (folder / "hidden" / "reference.py").write_text(REFERENCE, encoding="utf-8")
    return folder


def record(ranks: Path, text: str) -> Path:
    path = ranks / "hidden" / "equivalent.toml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


class Fake:
    """Grades without running anything: all mutants are seen but those with these ids."""

    def __init__(self, *surviving: str, status: Status = Status.FAILED, broken: str = "") -> None:
        self.request = RunRequest(())
        self.sources: list[str] = []
        self._surviving = surviving
        self._status = status
        self._broken = broken

    def __call__(self, request: RunRequest) -> tuple[Scorecard, ...]:
        self.request = request
        self.sources = [grading.submission.path.read_text("utf-8") for grading in request.gradings]
        return tuple(self._card(name) for name in IDS[: len(self.sources)])

    def _card(self, name: str) -> Scorecard:
        status = Status.PASSED if name in self._surviving else self._status
        results = (CheckResult(CHECK, status),)
        return Scorecard(
            kata="ranks",
            title="Ranks",
            question=3,
            round="ml-coding",
            solution=f"{name}.py",
            is_stub=False,
            seed=0,
            results=results,
            broken=self._broken,
        )


def run(ranks: Path, *surviving: str) -> Mutation:
    found = mutate(load_kata(ranks), Fake(*surviving), seed=0)
    assert sorted(fate.mutant.id for fate in found.fates) == sorted(IDS)
    return found


def messages(found: Mutation, path: Path) -> list[str]:
    """What is said of one file; nothing may be said of others."""
    assert {finding.path for finding in found.findings} <= {path}
    return [finding.message for finding in found.findings]


def test_where_every_mutant_is_seen_nothing_is_said(ranks: Path) -> None:
    found = run(ranks)
    assert found.findings == ()
    assert (found.killed, found.counted, found.share) == (11, 11, 1)
    assert {fate.killed_by for fate in found.fates} == {CHECK.id}


def test_mutants_are_graded_at_once_and_end_early(ranks: Path) -> None:
    fake = Fake()
    mutate(load_kata(ranks), fake, seed=7)
    request = fake.request
    assert (request.seed, request.isolation, request.shrink, request.diagnose) == (7, "process", False, False)
    assert request.first_failure
    assert request.call_seconds == mutation.CALL_SECONDS
    assert {grading.first for grading in request.gradings} == {("rank",), ("span",)}
    assert len({grading.name for grading in request.gradings}) == 11
    assert len(set(fake.sources)) == 11
    assert not any(grading.submission.path.exists() for grading in request.gradings)


def test_too_many_survivors_are_each_a_finding(ranks: Path) -> None:
    found = run(ranks, "span: -x -> x", "span: x < 0 -> x <= 0")
    assert found.share == pytest.approx(9 / 11)
    seen = "(9 of 11 mutants are seen, 95% is needed)"
    remedy = "add a check that sees it, or record"
    place = "in hidden/equivalent.toml with a reason"
    assert messages(found, ranks / "hidden" / "reference.py") == [
        f"line 10: no check sees the change x < 0 -> x <= 0 {seen}; {remedy} 'span: x < 0 -> x <= 0' {place}",
        f"line 11: no check sees the change -x -> x {seen}; {remedy} 'span: -x -> x' {place}",
    ]


def test_few_survivors_are_listed_but_no_finding(ranks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation, "REQUIRED", 10 / 11)
    found = run(ranks, "span: -x -> x")
    assert found.findings == ()
    assert [fate.mutant.id for fate in found.fates if not fate.killed_by] == ["span: -x -> x"]


@pytest.mark.parametrize("status", [Status.INCONCLUSIVE, Status.NOT_RUN, Status.BLOCKED])
def test_only_a_check_that_fails_sees_a_mutant(ranks: Path, status: Status) -> None:
    found = mutate(load_kata(ranks), Fake(status=status), seed=0)
    assert found.killed == 0


def test_equivalent_mutants_do_not_count(ranks: Path) -> None:
    record(
        ranks,
        """
        [[mutant]]
        id = "span: x < 0 -> x <= 0"
        reason = "-0 is 0"

        [[mutant]]
        id = "span: x = -x -> pass"
        reason = '''
        abs does it too
        '''
        """,
    )
    found = run(ranks, "span: x < 0 -> x <= 0", "span: x = -x -> pass")
    assert found.findings == ()
    assert (found.killed, found.counted) == (9, 9)
    reasons = {fate.mutant.id: fate.equivalent for fate in found.fates if fate.equivalent}
    assert reasons == {"span: x < 0 -> x <= 0": "-0 is 0", "span: x = -x -> pass": "abs does it too"}


def test_an_equivalent_mutant_that_is_seen_is_not_equivalent(ranks: Path) -> None:
    path = record(ranks, '[[mutant]]\nid = "span: -x -> x"\nreason = "so it seemed"\n')
    assert messages(run(ranks), path) == [
        "'span: -x -> x' is not equivalent: test_correctness.py::test_it fails for it; remove the entry"
    ]


def test_an_entry_that_names_no_mutant_is_stale(ranks: Path) -> None:
    path = record(ranks, '[[mutant]]\nid = "span: x > 0 -> x >= 0"\nreason = "once"\n')
    assert messages(run(ranks), path) == [
        "'span: x > 0 -> x >= 0' is no mutant of the reference (any more); remove the entry"
    ]


def test_a_mutant_that_is_not_among_the_chosen_ones_is_not_stale(ranks: Path) -> None:
    record(ranks, '[[mutant]]\nid = "span: x < 0 -> x <= 0"\nreason = "-0 is 0"\n')
    found = mutate(load_kata(ranks), Fake(), seed=0, most=0)
    assert (found.fates, found.findings, found.share) == ((), (), 1)


def test_no_more_are_graded_than_are_asked_for(ranks: Path) -> None:
    found = mutate(load_kata(ranks), Fake(), seed=0, most=3)
    assert len(found.fates) == 3
    assert len({fate.mutant.id for fate in found.fates}) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[mutant]\n", "is not valid TOML: Expected ']]'"),
        ("[[mutant]]\nid = 1\n", "line 1: an entry has no id; add id = "),
        ('[[mutant]]\nreason = "x"\n', "line 1: an entry has no id; add id = "),
        ('\n[[mutant]]\nid = "span: -x -> x"\n', "line 2: 'span: -x -> x' has no reason; say why"),
        ('[[mutant]]\nid = "span: -x -> x"\nreason = " "\n', "line 1: 'span: -x -> x' has no reason"),
        (
            '[[mutant]]\nid = "span: -x -> x"\nreason = "x"\nreviewed = true\n',
            "line 1: 'span: -x -> x' has the unknown field reviewed",
        ),
        ('[[mutants]]\nid = "span: -x -> x"\n', "holds something other than [[mutant]] tables"),
        ("mutant = 3\n", "holds something other than [[mutant]] tables"),
        ("mutant = [3]\n", "line 1: an entry has no id"),
    ],
)
def test_a_malformed_record_is_a_finding(ranks: Path, text: str, said: str) -> None:
    path = record(ranks, text)
    (message,) = messages(run(ranks), path)
    assert message.startswith(said)


def test_a_mutant_is_recorded_once(ranks: Path) -> None:
    entry = '[[mutant]]\nid = "span: x < 0 -> x <= 0"\nreason = "-0 is 0"\n'
    path = record(ranks, f"{entry}\n{entry}")
    (message,) = messages(run(ranks, "span: x < 0 -> x <= 0"), path)
    assert message == "line 5: 'span: x < 0 -> x <= 0' is recorded twice; remove one"


def test_a_record_that_is_no_text_is_a_finding(ranks: Path) -> None:
    path = ranks / "hidden" / "equivalent.toml"
    path.write_bytes(b"\xff")
    (message,) = messages(run(ranks), path)
    assert message.startswith("cannot be read: ")


def test_a_broken_kata_is_said_to_be_once(ranks: Path) -> None:
    found = mutate(load_kata(ranks), Fake(broken="test_edge_cases.py cannot be imported"), seed=0)
    assert found.fates == ()
    assert messages(found, ranks / "hidden") == [
        "mutants cannot be graded: test_edge_cases.py cannot be imported; mend the kata"
    ]


def test_a_reference_that_is_no_python_is_said_to_be(ranks: Path) -> None:
    path = ranks / "hidden" / "reference.py"
    path.write_text("def rank(:\n", encoding="utf-8")
    (message,) = messages(mutate(load_kata(ranks), Fake(), seed=0), path)
    assert message.startswith("cannot be mutated: invalid syntax")


def test_real_mutants_of_a_small_kata_die(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> None:
    ranks = write_ranks(tmp_path)
    path = ranks / "hidden" / "reference.py"
    path.write_text(path.read_text("utf-8") + "\n\ndef unused(x):\n    return x < 0\n", encoding="utf-8")
    found = mutate(load_kata(ranks), lambda request: grade(request, root=ranks).scorecards, seed=0)
    survivors = [fate.mutant.id for fate in found.fates if not fate.killed_by]
    assert survivors[-4:] == [
        "unused: x < 0 -> x <= 0",
        "unused: x < 0 -> x >= 0",
        "unused: x < 0 -> x < 1",
        "unused: return x < 0 -> return None",
    ]
    assert {fate.killed_by for fate in found.fates if fate.mutant.function == "span"} == {
        "test_correctness.py::test_span_is_the_range"
    }
    assert len(found.findings) == len(survivors)
