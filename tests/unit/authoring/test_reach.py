"""What of a reference its checks run."""

from __future__ import annotations

from pathlib import Path

from specimen_files import put

from pytest_mlkata.authoring.reach import reach
from pytest_mlkata.kata.manifest import load_kata

REFERENCE = '''
"""The answer."""


def rank(x):
    return [sum(b < a for b in x) for a in x]


def span(x):
    if len(x) > 2:
        x = sorted(x)
    if not x:
        return 0
    return max(x) - min(x)
'''


def test_a_reference_that_the_checks_run_is_whole(ranks: Path) -> None:
    found = reach(load_kata(ranks))
    assert found.findings == ()
    assert found.branches is not None
    assert found.branches.share == 1


def test_each_line_and_each_branch_that_never_runs_is_found(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", REFERENCE)
    found = reach(load_kata(ranks))
    assert {finding.path for finding in found.findings} == {ranks / "hidden" / "reference.py"}
    assert [finding.message for finding in found.findings] == [
        "line 13 is never run by the checks; add a check that needs it, or remove it",
        "line 10 never goes on to line 12; add a check that needs it, or remove the branch",
    ]


def test_a_call_of_the_reference_itself_does_not_count(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", REFERENCE)
    put(
        ranks,
        "hidden/test_edge_cases.py",
        '''
        from pytest_mlkata.checks import points, require

        from . import reference as answer


        @points(1)
        def test_span_of_two(solution, reference):
            """span of two is their difference"""
            require(reference.span([]) == answer.span([]) == 0, "span([]) is wrong")
            require(solution.span([1, 2]) == 1, "span([1, 2]) is wrong")
        ''',
    )
    found = reach(load_kata(ranks))
    assert [finding.message.partition(";")[0] for finding in found.findings] == ["line 13 is never run by the checks"]


def test_what_only_a_check_on_efficiency_runs_counts(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", REFERENCE)
    put(
        ranks,
        "hidden/test_vectorization.py",
        '''
        from pytest_mlkata.checks import assert_vectorized, points


        @points(1)
        def test_span_does_not_loop(solution):
            """span does not loop"""
            assert_vectorized(solution, "span", lambda n: ([1] * (n % 2),), sizes=(1, 2, 4))
        ''',
    )
    assert reach(load_kata(ranks)).findings == ()


def test_a_reference_that_is_no_python_is_said_to_be(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", "def rank(:\n")
    found = reach(load_kata(ranks))
    assert found.branches is None
    (finding,) = found.findings
    assert finding.message.startswith("cannot be read: invalid syntax")


def test_a_broken_kata_is_said_to_be(ranks: Path) -> None:
    put(ranks, "hidden/test_edge_cases.py", "import nothing_of_that_name\n")
    found = reach(load_kata(ranks))
    assert found.branches is None
    (finding,) = found.findings
    assert finding.message.startswith("what the checks run cannot be seen: ")
    assert "nothing_of_that_name" in finding.message
