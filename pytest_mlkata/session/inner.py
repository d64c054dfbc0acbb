"""Puts an inner run together: what collects, what runs checks, what reports; and the fixtures of its checks."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from pytest_mlkata.model import Changes
from pytest_mlkata.session.collection import Collection
from pytest_mlkata.session.execution import Execution
from pytest_mlkata.session.nodes import BENCH, kata_node
from pytest_mlkata.session.own_tests_run import OwnTestsRun
from pytest_mlkata.session.recorder import Recorder, is_worker
from pytest_mlkata.session.reporting import Reporting
from pytest_mlkata.session.request import RunRequest
from pytest_mlkata.solution.proxy import Solution


def register(config: pytest.Config) -> None:
    """Make the run of `config` a grading run."""
    request = RunRequest.from_json(config.option.kata_run)
    recorder = Recorder(request)
    execution = Execution(config, request)
    own_tests = OwnTestsRun(config, lambda: execution.engine)
    collection = Collection(config, request, recorder, execution.open_bench, own_tests.grade)
    for name, plugin in {
        "fixtures": sys.modules[__name__],
        "collection": collection,
        "execution": execution,
        "own-tests": own_tests,
        "reporting": Reporting(config, request, recorder, collection),
    }.items():
        config.pluginmanager.register(plugin, f"mlkata-{name}")
    if getattr(config.option, "dist", "no") == "load" and not is_worker(config):
        # What `-n` stands for; another `--dist` is what the person wants.
        config.pluginmanager.register(import_module("pytest_mlkata.session.spreading"), "mlkata-spreading")


@pytest.fixture(scope="module")
def solution(request: pytest.FixtureRequest) -> Solution | None:
    """The submission: an object with the functions of the kata's stub."""
    return kata_node(request.node).stash[BENCH].solution


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> Solution:
    """The kata's reference, in a process of its own, called like the submission."""
    return kata_node(request.node).stash[BENCH].reference


@pytest.fixture(scope="module")
def changes(request: pytest.FixtureRequest) -> Changes:
    """What was changed of the stub, where that is a program with faults."""
    return kata_node(request.node).stash[BENCH].changes


@pytest.fixture
def scratch(request: pytest.FixtureRequest) -> Path:
    """An empty folder that the solution and the reference may write to; what is in it is untrusted."""
    return kata_node(request.node).stash[BENCH].scratch
