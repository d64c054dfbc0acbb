"""Which lines follow each other: as coverage.py counts them."""

from __future__ import annotations

from textwrap import dedent

from pytest_mlkata.branches import Branches, analyse
from pytest_mlkata.solution.arcs import Arcs
from pytest_mlkata.solution.counting import SOLUTION

SOURCE = dedent("""
    def sign(x):
        if x > 0:
            return 1
        for _ in range(3):
            if x == 0:
                break
        else:
            return -1
        return 0

    def count(n):
        for i in range(n):
            yield i

    def refuse(x):
        try:
            raise ValueError(x)
        finally:
            x = 1
""")


def ran(*calls: str) -> Branches:
    arcs = Arcs()
    names: dict[str, object] = {}
    with arcs.taking():
        exec(compile(SOURCE, SOLUTION, "exec"), names)
        for call in calls:
            eval(call, names)
    return analyse(SOURCE, arcs.seen)


def test_what_is_never_called_is_missing() -> None:
    assert ran().missing_lines == (3, 4, 5, 6, 7, 9, 10, 13, 14, 17, 18, 20)


def test_each_way_to_go_on_counts() -> None:
    branches = ran("sign(1)", "sign(0)")
    assert branches.missing_lines == (9, 13, 14, 17, 18, 20)
    assert (6, 5) in branches.missing_branches
    assert (5, 9) in branches.missing_branches
    assert (6, 7) not in branches.missing_branches


def test_a_generator_goes_on_where_it_was() -> None:
    branches = ran("sign(1)", "sign(0)", "sign(-1)", "list(count(2))")
    assert branches.missing_lines == (17, 18, 20)
    assert branches.missing_branches == ()


def test_other_code_is_left_out() -> None:
    arcs = Arcs()
    with arcs.taking():
        dedent("x")
    assert arcs.seen == set()
