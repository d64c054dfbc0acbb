from __future__ import annotations

from textwrap import dedent

import pytest

from pytest_mlkata.solution.fingerprint import fingerprints

MODULE = dedent(
    """
    import numpy as np

    EPS = 1e-9
    TABLE = make_table()


    def make_table():
        return [1, 2]


    def clip(x):
        return np.clip(x, EPS, 1)


    def loss(x):
        return -np.log(clip(x)).mean()


    def fit(x):
        for _ in range(3):
            x = x - loss(x)
        return x


    def other(x):
        return abs(x)
    """
)
ALL = {"make_table", "clip", "loss", "fit", "other"}


def changed(before: str, after: str) -> set[str]:
    """Return whose digest a change of the module has changed, or who is new or gone."""
    assert before in MODULE
    one, two = fingerprints(MODULE), fingerprints(MODULE.replace(before, after, 1))
    return {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("return abs(x)\n", "return abs(x)  # the same\n", set()),
        ("def other", "\n\n# moved down\ndef other", set()),
        ("return abs(x)\n", "return +abs(x)\n", {"other"}),
        ("x - loss(x)", "x - 2 * loss(x)", {"fit"}),
        (").mean()", ").sum()", {"loss", "fit"}),
        ("EPS, 1", "EPS, 2", {"clip", "loss", "fit"}),
        ("1e-9", "1e-8", ALL),
        ("[1, 2]", "[1, 3]", ALL),  # is called while the module is loaded
        ("import numpy as np", "import numpy as np\nimport math", ALL),
        ("return abs(x)\n", "return abs(x)\n\n\ndef range(n):\n    return [0] * n\n", {"fit", "range"}),
        ("return abs(x)\n", "return abs(x)\n\n\ndef clip(x):\n    return x\n", {"clip", "loss", "fit"}),
        ("return abs(x)\n", "return abs(x)\n\n\nloss = other\n", ALL),
        ("def other", "@np.vectorize\ndef other", ALL),
        ("return abs(x)\n", "return globals()\n", ALL),
        ("return abs(x)\n", "return getattr(np, 'abs')(x)\n", ALL),
        ("return abs(x)\n", "return fit.__globals__\n", ALL),
        ("return abs(x)\n", "from sys import modules\n", ALL),
    ],
)
def test_what_a_change_can_reach(before: str, after: str, expected: set[str]) -> None:
    assert changed(before, after) == expected


def test_an_empty_module_has_no_functions() -> None:
    assert fingerprints("") == {}


def test_what_is_too_deep_is_not_looked_through() -> None:
    assert fingerprints("def f():\n    return " + "-" * 3000 + "1\n") == {}
