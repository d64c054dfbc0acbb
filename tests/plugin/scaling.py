"""A small kata, `scaling`, and what is needed to grade it from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

KATA = """
    format = 1
    title = "Scaling numbers"
    question = 12
    round = "coding-algorithms"
    minutes = 5
    tags = ["small"]
    [limits]
    call_seconds = 1.0
"""
STUB = '''
    """Scale numbers."""

    def double(x):
        """Twice every element of x (n,)."""
        raise NotImplementedError


    def mean(x):
        """Return the mean of x (n,); ValueError where there is none."""
        raise NotImplementedError
'''
REFERENCE = '''
    """The answer."""

    import numpy as np


    def double(x):
        return 2 * np.asarray(x)


    def mean(x):
        if len(x) == 0:
            raise ValueError("no numbers")
        return np.mean(x)
'''
CORRECTNESS = '''
    import numpy as np
    from hypothesis import given
    from hypothesis import strategies as st

    from pytest_mlkata.checks import close, points

    from . import reference as answer


    @points(2)
    def test_double_by_hand(solution):
        """double gives [2, 4] for [1, 2]

        Multiply by two.
        """
        close(solution.double(np.array([1.0, 2.0])), [2.0, 4.0], "double([1, 2])")


    @points(3)
    @given(x=st.lists(st.integers(-9, 9), min_size=1, max_size=9))
    def test_mean_of_any_numbers(solution, x):
        """mean agrees with the definition

        Add up, then divide by how many there are.
        """
        x = np.array(x)
        close(solution.mean(x), answer.mean(x), "mean(x)")
'''
EDGE_CASES = '''
    import numpy as np

    from pytest_mlkata.checks import points, raises


    @points(1)
    def test_mean_of_nothing(solution):
        """mean raises ValueError where there are no numbers

        What would you divide by?
        """
        raises(ValueError, solution.mean, np.array([]), because="no numbers")
'''
VECTORIZATION = '''
    import numpy as np

    from pytest_mlkata.checks import assert_vectorized, points


    @points(2)
    def test_double_at_once(solution):
        """double is computed at once

        Let NumPy do the loop.
        """
        assert_vectorized(solution, "double", lambda n: (np.arange(float(n)),))
'''


@dataclass(frozen=True)
class Outcome:
    """What a run printed and wrote."""

    result: pytest.RunResult
    data: dict[str, Any]

    @property
    def card(self) -> dict[str, Any]:
        (card,) = self.data["scorecards"]
        assert isinstance(card, dict)
        return card

    @property
    def statuses(self) -> dict[str, str]:
        """Name of the test to the status of the check."""
        return {check["id"].partition("::")[2]: check["status"] for check in self.card["checks"]}

    @property
    def messages(self) -> dict[str, str]:
        return {check["id"].partition("::")[2]: check["message"] for check in self.card["checks"]}

    @property
    def points(self) -> tuple[int, int]:
        return self.card["earned"], self.card["possible"]


Run = Callable[..., Outcome]
Solve = Callable[[str], Path]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path


def write_kata(folder: Path) -> Path:
    for name, text in {
        "kata.toml": KATA,
        "spec.md": "# Scaling numbers\n",
        "stub.py": STUB,
        "hidden/reference.py": REFERENCE,
        "hidden/test_correctness.py": CORRECTNESS,
        "hidden/test_edge_cases.py": EDGE_CASES,
        "hidden/test_vectorization.py": VECTORIZATION,
    }.items():
        write(folder / name, text)
    return folder
