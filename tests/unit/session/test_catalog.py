"""A check declares its property, hint, points and function; one that says too little is named with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_mlkata.errors import KataError
from pytest_mlkata.model import Check
from pytest_mlkata.session.catalog import declare

PATH = Path("/katas/ranks/hidden/test_correctness.py")
FUNCTIONS = ("fit", "fit_all", "predict")

Declare = Callable[[str], list[Check]]


@pytest.fixture
def declared(pytester: pytest.Pytester) -> Declare:
    """Declares every check of a file."""
    pytester.makeini("[pytest]\naddopts = -p no:randomly\nmarkers =\n    mlkata: points\n")

    def of(source: str) -> list[Check]:
        head = (
            "import pytest\nfrom pytest_mlkata.checks import points\nfrom hypothesis import given, strategies as st\n"
        )
        items = pytester.getitems(head + dedent(source))
        assert all(isinstance(item, pytest.Function) for item in items)
        return [declare(item, PATH, "correctness", FUNCTIONS) for item in items if isinstance(item, pytest.Function)]

    return of


def test_everything_a_check_says(declared: Declare) -> None:
    (check,) = declared('''
        @points(2)
        def test_fit_converges(solution):
            """fit converges

            Look at the last step,
              and at the first.
            """
    ''')
    assert check == Check(
        id="test_correctness.py::test_fit_converges",
        category="correctness",
        function="fit",
        property="fit converges",
        hint="Look at the last step, and at the first.",
        points=2,
    )


def test_the_longest_function_in_the_name_is_meant(declared: Declare) -> None:
    checks = declared("""
        @points(1)
        def test_fit_all_converges(): "a"

        @points(1)
        def test_fit_allows_nothing(): "b"

        @points(1)
        def test_predict(): "c"

        @points(1, function="predict")
        def test_fit_by_its_predictions(): "d"
    """)
    assert [(check.property, check.function) for check in checks] == [
        ("a", "fit_all"),
        ("b", "fit"),
        ("c", "predict"),
        ("d", "predict"),
    ]


def test_parameters_tell_checks_apart(declared: Declare) -> None:
    checks = declared('''
        @points(1)
        @pytest.mark.parametrize("n", [1, 20])
        @given(x=st.integers())
        def test_fit_of_many(n, x):
            """fit takes many"""
    ''')
    assert [(check.id, check.property) for check in checks] == [
        ("test_correctness.py::test_fit_of_many[1]", "fit takes many [1]"),
        ("test_correctness.py::test_fit_of_many[20]", "fit takes many [20]"),
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("@points(1)\ndef test_fit(): pass", r"has no docstring; its first line is the property on the scorecard"),
        ('@points(1)\ndef test_fit():\n    """ """', r"has no docstring; .*"),
        ('def test_fit(): "fit"', r"has no points; put @points\(1\) above it .*"),
        ('@pytest.mark.mlkata(points=0)\ndef test_fit(): "fit"', r"is worth 0 points; write a whole number from 1 on"),
        ('@pytest.mark.mlkata(points="2")\ndef test_fit(): "fit"', r"is worth '2' points; .*"),
        ('@pytest.mark.mlkata(points=True)\ndef test_fit(): "fit"', r"is worth True points; .*"),
        ('@points(1)\ndef test_it(): "it"', r"does not say which function .* with one of fit, fit_all, predict"),
        ('@points(1, function="fits")\ndef test_fit(): "fit"', r"does not say which function .*"),
        ('@points(1)\nasync def test_fit(): "fit"', r"is async, so nobody would run it; write a plain function"),
        ('@points(1)\n@pytest.mark.skipif(True, reason="x")\ndef test_fit(): "fit"', r"is marked skipif; .*"),
        (
            "@points(1)\n@given(x=st.integers())\ndef test_fit(x): pass",
            r"has no docstring; .*",
        ),
    ],
)
def test_a_check_that_says_too_little_is_named(declared: Declare, source: str, said: str) -> None:
    with pytest.raises(KataError) as caught:
        declared(source)
    name = re.findall(r"def (\w+)", source)[0]
    assert re.fullmatch(rf"{re.escape(str(PATH))}, line \d+: {name} {said}", str(caught.value)), str(caught.value)


def test_the_line_is_that_of_the_function(declared: Declare) -> None:
    with pytest.raises(KataError, match="line 5: test_fit has no docstring"):
        declared("\n@points(1)\n@given(x=st.integers())\ndef test_fit(x): pass")
