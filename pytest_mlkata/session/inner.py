"""Puts an inner run together: what collects, what runs checks, what reports."""

from __future__ import annotations

import pytest

from pytest_mlkata.session import fixtures
from pytest_mlkata.session.collection import Collection
from pytest_mlkata.session.execution import Execution
from pytest_mlkata.session.recorder import Recorder
from pytest_mlkata.session.reporting import Reporting
from pytest_mlkata.session.request import RunRequest


def register(config: pytest.Config) -> None:
    """Make the run of `config` a grading run."""
    request = RunRequest.from_json(config.option.kata_run)
    recorder = Recorder(request)
    execution = Execution(config, request)
    collection = Collection(config, request, recorder, execution.open_bench)
    for name, plugin in {
        "fixtures": fixtures,
        "collection": collection,
        "execution": execution,
        "reporting": Reporting(config, request, recorder, collection),
    }.items():
        config.pluginmanager.register(plugin, f"mlkata-{name}")
