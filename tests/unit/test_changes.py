from __future__ import annotations

import pytest

from pytest_mlkata.changes import compare

BEFORE = '''"""A program."""


def mean(x):
    total = sum(x)
    return total / (len(x) + 1)
'''


def test_a_line_that_is_mended_is_not_kept() -> None:
    changes = compare(BEFORE, BEFORE.replace(" + 1", "").replace("(len(x))", "len(x)"))
    assert (changes.kept, changes.of, changes.is_none) == (3, 4, False)
    assert changes.diff.splitlines() == [
        "@@ -5,2 +5,2 @@",
        "     total = sum(x)",
        "-    return total / (len(x) + 1)",
        "+    return total / len(x)",
    ]


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        BEFORE.replace("\n\n\n", "\n"),
        BEFORE.replace("\n    total", "  \n    total"),
        BEFORE.replace("\n", "\r\n"),
        BEFORE + "# a comment\n",
        BEFORE + '"""Nothing is wrong with it."""\n',
        BEFORE.replace("(x):\n", '(x):\n    """Return the mean."""\n'),
    ],
)
def test_layout_and_remarks_are_no_change(after: str) -> None:
    changes = compare(BEFORE, after)
    assert (changes.kept, changes.of, changes.is_none) == (4, 4, True)


def test_lines_that_move_are_kept() -> None:
    changes = compare("a = 1\nb = 2\n", "b = 2\na = 1\n")
    assert (changes.kept, changes.of, changes.is_none) == (2, 2, False)


def test_a_line_is_kept_as_often_as_it_is_there() -> None:
    assert compare("x += 1\nx += 1\ny = 2\n", "x += 1\nz = 3\n").kept == 1
    assert compare("x += 1\n", "x += 1\nx += 1\n").kept == 1


def test_a_docstring_that_is_mended_is_no_change() -> None:
    changes = compare(BEFORE, BEFORE.replace("A program", "My program"))
    assert (changes.kept, changes.is_none) == (3, True)


ANEW = "from statistics import fmean as mean\n"
SAID = '''def mean(x):
    """Return the mean.

    It is a number.
    """
    return sum(x) / len(x)
'''


@pytest.mark.parametrize("quoted", ["_OLD = {}", "{}", "_OLD = f{}", "print(\n    {}\n)"])
def test_code_that_is_quoted_is_not_kept(quoted: str) -> None:
    after = ANEW + quoted.format("'''\n" + BEFORE + "'''") + "\n"
    assert compare(BEFORE, after).kept == 0


def test_a_docstring_is_kept_as_a_docstring() -> None:
    assert compare(SAID, SAID.replace("/", "//")).kept == 4
    assert compare(SAID, "def mean(x):\n    # Return the mean.\n    return sum(x) / len(x)\n").kept == 2


def test_what_is_defined_anew_further_down_is_not_kept() -> None:
    assert compare(SAID, SAID + "\n\ndef mean(x):\n    return fmean(x)\n").kept == 1
    assert compare(SAID, SAID + "\n\ndef median(x):\n    return sorted(x)[len(x) // 2]\n").kept == 5


def test_what_no_line_ends_with_for_python_ends_none() -> None:
    source = 'a = 1  # one\x0cpage\nb = """\nc = 2\n"""\n'
    assert compare(source, source).of == 4
    assert compare(source, "c = 2\n").kept == 0


@pytest.mark.parametrize("after", ["def mean(:\n", "", "\0", "(" * 10_000])
def test_what_is_no_python_is_a_change(after: str) -> None:
    changes = compare(BEFORE, after)
    assert (changes.kept, changes.is_none) == (0, False)
