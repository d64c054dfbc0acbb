"""What solutions that a kata ships declare of themselves."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from pytest_mlkata.kata.mistakes import is_called, is_named, name_of, read_declared, read_mistakes
from pytest_mlkata.model import Kata

WHOLE = '''
    """Ties are not grouped.

    Equal scores have an order here
    that nobody gave them.

    Look at equal scores.
    """

    caught_by = ("test_a", "test_b")
    group = "ties"

    def f(x):
        return x
'''


def declared(text: str) -> tuple[str, str, tuple[str, ...], str]:
    found = read_declared(dedent(text).lstrip().encode())
    return found.name, found.explanation, found.caught_by, found.group


def test_a_file_says_what_it_is_why_that_is_wrong_and_what_sees_it() -> None:
    explanation = "Equal scores have an order here that nobody gave them.\nLook at equal scores."
    assert declared(WHOLE) == ("Ties are not grouped.", explanation, ("test_a", "test_b"), "ties")


@pytest.mark.parametrize(
    ("line", "caught_by"),
    [
        ('caught_by = "test_a"', ("test_a",)),
        ('caught_by = ["test_a"]', ("test_a",)),
        ('caught_by: tuple[str, ...] = ("test_a",)', ("test_a",)),
        ("caught_by = 7", ()),
        ('caught_by = ("test_a", 7)', ()),
        ('caught_by = ("test_a", *others)', ()),
        ('caught = ("test_a",)', ()),
    ],
)
def test_checks_are_named_plainly(line: str, caught_by: tuple[str, ...]) -> None:
    assert declared(f'"""A mistake."""\n{line}') == ("A mistake.", "", caught_by, "")


def test_what_stands_below_a_definition_declares_nothing() -> None:
    assert declared('"""A mistake."""\n\ndef f(x):\n    return x\n\ncaught_by = ("test_a",)\n')[2] == ()


def test_a_text_may_have_lines_that_look_like_code() -> None:
    found = declared('"""A mistake.\n\nIt is in\ndef f(x): and nowhere else.\n"""\n\ncaught_by = "test_a"\n')
    assert found == ("A mistake.", "It is in def f(x): and nowhere else.", ("test_a",), "")


def test_what_is_no_python_where_it_declares_is_refused() -> None:
    with pytest.raises(SyntaxError):
        read_declared(b"caught_by = (\n")


def test_the_mistakes_of_a_kata_come_by_file_name_and_need_a_name(tmp_path: Path) -> None:
    wrong = tmp_path / "hidden" / "wrong"
    wrong.mkdir(parents=True)
    (wrong / "ties.py").write_text(dedent(WHOLE).lstrip(), encoding="utf-8")
    (wrong / "a.py").write_text('"""First"""\n', encoding="utf-8")
    (wrong / "nameless.py").write_text("x = 1\n", encoding="utf-8")
    (wrong / "no_python.py").write_text("def f(:\n", encoding="utf-8")
    first, ties = read_mistakes(Kata("k", tmp_path, "K", None, "coding", 5))
    assert (first.path, first.mistake.id, first.mistake.name, first.group) == (wrong / "a.py", "a", "First", "")
    assert (ties.mistake.id, ties.mistake.name) == ("ties", "Ties are not grouped")
    assert (ties.caught_by, ties.group) == (("test_a", "test_b"), "ties")


@pytest.mark.parametrize(
    ("wanted", "means_it"),
    [
        ("test_speed", True),
        ("test_speed[n<9]", True),
        ("test_timing.py::test_speed", True),
        ("test_timing.py::test_speed[n<9]", True),
        ("test_speed[n<8]", False),
        ("test_timing.py::test_spee", False),
        ("test_memory.py::test_speed", False),
        ("test_timing.py", False),
        ("", False),
    ],
)
def test_a_check_is_named_by_its_id_or_its_test_with_or_without_parameters(wanted: str, *, means_it: bool) -> None:
    assert is_called("test_timing.py::test_speed[n<9]", wanted) is means_it
    assert is_named("test_timing.py::test_speed[n<9]", ("test_rank", wanted)) is means_it


@pytest.mark.parametrize(
    "check", ["test_a", "test_a[x::y]", "test_timing.py::test_a", "test_timing.py::test_a[x::y[0]]"]
)
def test_the_name_of_a_check_is_that_of_its_test(check: str) -> None:
    assert name_of(check) == "test_a"
