"""The fixtures that a check can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.session.engine import Bench
from pytest_mlkata.session.nodes import kata_node
from pytest_mlkata.solution.proxy import Solution

BENCH = pytest.StashKey[Bench]()
"""Where the node of a grading keeps its bench."""


@pytest.fixture(scope="module")
def solution(request: pytest.FixtureRequest) -> Solution | None:
    """The submission: an object with the functions of the kata's stub."""
    return kata_node(request.node).stash[BENCH].solution


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> Solution:
    """The kata's reference, in a process of its own, called like the submission."""
    return kata_node(request.node).stash[BENCH].reference


@pytest.fixture
def scratch(request: pytest.FixtureRequest) -> Path:
    """An empty folder that the solution and the reference may write to; what is in it is untrusted."""
    return kata_node(request.node).stash[BENCH].scratch
