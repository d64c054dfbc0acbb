"""Which lines and branches of a source were run."""

from __future__ import annotations

import textwrap

import pytest

from pytest_mlkata.branches import Branches, analyse

SOURCE = textwrap.dedent(
    """\
    def clip(x):
        if x < 0:
            x = 0
        return x
    """
)
MODULE = {(-1, 1), (1, -1)}
BELOW = {(-1, 2), (2, 3), (3, 4), (4, -1)}
ABOVE = {(-1, 2), (2, 4), (4, -1)}


def test_everything_was_run() -> None:
    found = analyse(SOURCE, MODULE | BELOW | ABOVE)
    assert found == Branches(statements=(1, 2, 3, 4), missing_lines=(), missing_branches=(), total_branches=2)
    assert found.is_whole
    assert found.share == 1


def test_a_line_and_the_way_to_it_are_missing() -> None:
    found = analyse(SOURCE, MODULE | ABOVE)
    assert found.missing_lines == (3,)
    assert found.missing_branches == ((2, 3),)
    assert not found.is_whole
    assert found.share == pytest.approx(4 / 6)


def test_a_branch_is_missing_where_every_line_was_run() -> None:
    found = analyse(SOURCE, MODULE | BELOW)
    assert found.missing_lines == ()
    assert found.missing_branches == ((2, 4),)
    assert not found.is_whole


def test_leaving_a_function_is_a_branch_too() -> None:
    source = "def f(xs):\n    for x in xs:\n        print(x)\n"
    found = analyse(source, {(-1, 1), (1, -1), (-1, 2), (2, 3), (3, 2)})
    assert found.missing_branches == ((2, -1),)


def test_nothing_was_run() -> None:
    found = analyse(SOURCE, ())
    assert found.missing_lines == (1, 2, 3, 4)
    assert found.share == 0


def test_a_source_without_statements_is_whole() -> None:
    assert analyse("", ()) == Branches((), (), (), 0)
    assert analyse("", ()).share == 1
    assert analyse('"""Nothing."""\n', ()).is_whole


def test_a_line_that_is_marked_as_not_to_be_run_does_not_count() -> None:
    found = analyse(SOURCE.replace("x < 0:", "x < 0:  # pragma: no cover"), MODULE | ABOVE)
    assert found.is_whole


def test_a_statement_over_several_lines_counts_once() -> None:
    source = "def f(a,\n      b):\n    return (a +\n            b)\n"
    found = analyse(source, {(-1, 1), (1, -1), (-1, 3), (3, 4), (4, 3), (3, -1)})
    assert found.statements == (1, 3)
    assert found.is_whole


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        analyse("def f(:\n", ())
